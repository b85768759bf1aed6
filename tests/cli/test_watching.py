"""add --watch: a process that takes what arrives, until it is told to end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rushes.library import Library
from tests.cli.conftest import Clip, Rushes


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@contextmanager
def watching(folder: Path, out: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, from when it says that it watches."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rushes", "--library", folder, "add", "--watch", out, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        assert process.stderr.readline().startswith("rushes: watching ")
        yield process
    finally:
        process.kill()
        process.communicate()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def texts(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        return sorted(take.text for take in library.generations.list().items)


def test_it_prints_an_id_for_each_file_as_it_comes_and_ends_well(
    folder: Path, out: Path, clip: Clip
) -> None:
    clip().rename(out / "one.wav")
    with watching(folder, out, "--profile", "Anna") as process:
        first = line_of(process)
        clip().rename(out / "two.wav")
        second = line_of(process)
        assert len({first, second, ""}) == 3
        process.send_signal(signal.SIGINT)
        left, said = process.communicate(timeout=30)
        assert (process.returncode, left, said) == (0, "", "rushes: 2 takes added\n")
    assert texts(folder) == ["one", "two"]


def test_killed_it_goes_on_where_it_was(folder: Path, out: Path, clip: Clip) -> None:
    clip().rename(out / "one.wav")
    with watching(folder, out, "--move") as process:
        assert line_of(process)
        process.kill()
    clip().rename(out / "two.wav")
    with watching(folder, out, "--json") as process:
        while texts(folder) != ["one", "two"]:
            pass
        process.send_signal(signal.SIGTERM)
        left, _ = process.communicate(timeout=30)
        told = json.loads(left)
        assert process.returncode == 0
        assert (len(told["done"]), told["failed"]) == (1, [])
    assert [path.name for path in out.iterdir()] == ["two.wav"]


@pytest.mark.parametrize(
    "options",
    [
        ["a.wav", "--watch", "."],
        ["--watch", "nowhere"],
        ["--only-new", "a.wav", "--profile", "Anna"],
        ["--watch", ".", "--profile", ""],
        ["--watch", ".", "--param", "novalue"],
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(rushes: Rushes, options: list[str]) -> None:
    told = rushes("add", *options)
    assert told.code in (1, 2)
    assert (told.out, len(told.err.splitlines())) == ("", 1)
