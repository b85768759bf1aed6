"""The README: its examples run, its settings hold, and it names no command that isn't there."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from rushes.config import SETTINGS, load
from rushes.domain.filter_language import parse
from rushes.domain.filters import Words
from rushes.library import Library
from tests.cli.conftest import Clip, Rushes

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_python_examples_run(own_home: Path) -> None:
    for code in blocks("python"):
        told = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert (told.returncode, told.stderr) == (0, "")
    with Library.open(own_home / "takes") as library:
        states = [take.status.value for take in library.generations.list().items]
    assert states == ["failed", "completed"]


@pytest.mark.parametrize("code", blocks("sh"))
@pytest.mark.parametrize("ends_with", [0, 3])
def test_the_shell_examples_run(
    own_home: Path, tmp_path: Path, clip: Clip, code: str, ends_with: int
) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    programs = {
        "rushes": f'exec "{sys.executable}" -m rushes "$@"',
        "my-tts": f'cp "{clip()}" "$2"; exit {ends_with}',
    }
    for name, line in programs.items():
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(stat.S_IRWXU)
    told = subprocess.run(
        [str(shutil.which("sh")), "-ec", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
    )
    assert told.returncode == (1 if ends_with and "rushes record" in code else 0), told.stderr
    with Library.open(own_home / "takes") as library:
        (take,) = library.generations.list().items
    assert take.status.value == ("failed" if ends_with else "completed")
    assert (take.seed, take.params) == (42, {"temperature": 0.7})
    assert take.error == (f"my-tts ended with {ends_with}" if ends_with else None)


def test_the_settings_example_holds(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    assert load(file)[1] == ()
    assert all(re.search(rf"^\[?{setting.name}\b", text, re.MULTILINE) for setting in SETTINGS)


def test_the_filters_of_the_table_are_read_as_filters() -> None:
    table = README.partition("| you write |")[2].partition("\n\n")[0]
    for cell in re.findall(r"^\| (.*?) \|", table, re.MULTILINE):
        for line in re.findall(r"`([^`]+)`", cell):
            filters = parse(line).terms
            assert filters
            assert ":" not in line or not any(isinstance(term, Words) for term in filters)


def test_every_command_that_is_named_is_there(rushes: Rushes) -> None:
    named = set(re.findall(r"^    rushes ([a-z]+)", README, re.MULTILINE))
    named |= set(re.findall(r"`rushes ([a-z]+)", README))
    assert {"add", "list", "demo", "config"} <= named
    for name in named:
        assert rushes(name, "--help").code == 0


def test_the_table_of_keys_has_its_place() -> None:
    table = README.partition("<!-- keys:begin -->")[2].partition("<!-- keys:end -->")[0]
    assert table.startswith("\n| where | keys |")
