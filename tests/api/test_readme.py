"""The README's client contract: its examples run against a server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rushes.api.access import Access
from rushes.cli.commands.serving import PORT
from rushes.domain.query import HistoryQuery
from tests.api.conftest import TOKEN, Clip, Served, serving, strictly

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ADDRESS = f"http://127.0.0.1:{PORT}"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language} over-http\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "takes", Access(TOKEN)) as served:
        yield served


def test_the_python_examples_run(served: Served, clip: Clip, tmp_path: Path) -> None:
    clip("take.wav", frames=40_000)
    said = []
    for code in blocks("python"):
        assert ADDRESS in code
        told = subprocess.run(
            [sys.executable, "-c", code.replace(ADDRESS, served.url)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert (told.returncode, told.stderr) == (0, "")
        said.append(told.stdout.splitlines())
    assert said == [["1 ['Good evening']", "48044"], [], ["2"]]
    takes = served.library.generations.list().items
    assert [(take.status.value, take.error) for take in takes] == [
        ("failed", "CUDA out of memory"),
        ("completed", None),
    ]
    assert all(take.params == {"temperature": 0.7} for take in takes)


def test_the_shell_example_runs(closed: Served, clip: Clip, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl isn't here")
    clip("take.wav")
    (code,) = blocks("sh")
    told = subprocess.run(
        ["/bin/sh", "-ec", code.replace(ADDRESS, closed.url)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "RUSHES_TOKEN": TOKEN},
    )
    assert told.returncode == 0, told.stderr
    (take,) = closed.library.generations.list(HistoryQuery()).items
    assert (take.rating, take.params) == (4, {"temperature": 0.7})
    assert f'"id":"{take.id}"' in told.stdout
    (saved,) = tmp_path.glob("Anna-*.flac")
    assert saved.read_bytes()[:4] == b"fLaC"


def test_every_route_of_the_table_is_there(client_document: dict[str, object]) -> None:
    table = README.partition("| route | what it does |")[2].partition("\n\n")[0]
    named = set(
        re.findall(
            r"(?<!…)(/(?:history|audio|events|tags|storage|profiles|presets|stories|trash)"
            r"[^`…? ]*)",
            table,
        )
    )
    known = {re.sub(r"\{\w+\}", "{id}", path) for path in client_document}
    assert named
    assert {path.rstrip("/") for path in named if not path.endswith("versions")} <= known


@pytest.fixture
def client_document(served: Served) -> dict[str, object]:
    paths: dict[str, object] = strictly(served.client().get("/openapi.json"))["paths"]
    return paths
