"""The way in: the screens where a terminal has nothing else to do, else a command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rushes.__main__ import screen_options
from rushes.config import ROUTES
from tests.cli.conftest import Rushes
from tests.terminal import Terminal

RUSHES = (sys.executable, "-m", "rushes")


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], {}),
        (["--ascii"], {"ascii": "yes"}),
        (["--library", "a b", "--theme=light"], {"library": "a b", "theme": "light"}),
        (["--library="], {"library": ""}),
        (["--library"], None),
        (["--ascii=1"], None),
        (["list"], None),
        (["--library", "x", "list"], None),
        (["--help"], None),
        (["-"], None),
    ],
)
def test_what_the_screens_are_told(arguments: list[str], options: dict[str, str] | None) -> None:
    assert screen_options(arguments) == options


def test_the_help_names_every_way_out_for_sound(rushes: Rushes) -> None:
    words = rushes("--help").out.replace(",", " ").split()
    assert set(ROUTES) <= {word.rstrip(".") for word in words}


def test_the_options_of_the_screens_hold(folder: Path) -> None:
    command = [*RUSHES, "--library", str(folder), "--ascii", "--theme", "light"]
    with Terminal(command) as terminal:
        terminal.until("\x1b[?1049h")
        terminal.until("rushes")
        terminal.quiet(0.5)
        assert not any(box in terminal.output.decode() for box in "╭│⣿▁")
        terminal.press("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize(
    "options", [["--theme", "drak"], ["--library"], ["--library="], ["--frob"]]
)
def test_misuse_at_a_terminal_is_one_line(folder: Path, options: list[str]) -> None:
    with Terminal([*RUSHES, "--library", str(folder), *options]) as terminal:
        assert terminal.ended() == 2
        terminal.quiet(0.1)
        assert terminal.output.count(b"\n") == 1
        assert terminal.output.startswith(b"rushes: ")


def test_a_library_that_cannot_be_opened_is_told_once_the_screen_is_left(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with Terminal([*RUSHES, "--library", str(tmp_path)]) as terminal:
        terminal.until("is no library")
        assert terminal.ended() == 1
        assert terminal.output.rindex(b"is no library") > terminal.output.rindex(b"\x1b[?1049l")
        assert b"Traceback" not in terminal.output
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
