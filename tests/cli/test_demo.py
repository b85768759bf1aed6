"""demo: made once, whole or not at all, and never in somebody's own library."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from rushes.cli import demo_library
from rushes.cli.demo_library import MARK
from rushes.paths import demo_library as default_folder
from tests.cli.conftest import Rushes, process
from tests.terminal import Terminal


def quickly(library: object, *, now: object, progress: object) -> int:  # noqa: ARG001
    return 0


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo without its audio, which has tests of its own."""
    monkeypatch.setattr("rushes.demo.make.make_demo", quickly)


def test_the_demo_is_made_interrupted_made_anew_and_then_only_opened(folder: Path) -> None:
    command = [sys.executable, "-m", "rushes", "--library", str(folder), "demo", "--no-open"]
    making = folder.with_name("takes.making")
    with Terminal(command) as terminal:
        terminal.until("making the demo")
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait()
    assert making.exists()
    assert not folder.exists()
    with Terminal(command) as terminal:
        terminal.until("making the demo")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.ended() == 130
        assert b"Traceback" not in terminal.output
    assert not making.exists()
    assert not folder.exists()
    made = process("--library", folder, "demo", "--no-open")
    assert (made.returncode, made.stdout, made.stderr) == (0, f"{folder}\n", "")
    assert not making.exists()
    database = (folder / "rushes.db").stat().st_ino
    again = process("--library", folder, "demo")
    assert (again.returncode, again.stdout) == (0, f"{folder}\n")
    assert (folder / "rushes.db").stat().st_ino == database
    assert len(process("--library", folder, "list").stdout.splitlines()) == 50
    with Terminal(command[:-1]) as terminal:
        terminal.until("\x1b[?1049h")
        terminal.until("Narrator")
        terminal.press("q")
        assert terminal.ended() == 0


@pytest.mark.usefixtures("quick")
def test_without_a_folder_it_lies_beside_the_default_library(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rushes.cli.main import run

    assert run(["demo"]) == 0
    assert capsys.readouterr().out == f"{default_folder()}\n"
    assert (default_folder() / MARK).is_file()


@pytest.mark.usefixtures("quick")
def test_a_library_of_somebodys_own_is_never_touched(rushes: Rushes, folder: Path) -> None:
    rushes("begin", "--profile", "Anna", "--text", "mine")
    before = sorted(folder.iterdir())
    told = rushes("demo")
    assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 1)
    assert sorted(folder.iterdir()) == before


@pytest.mark.usefixtures("quick")
def test_a_strangers_folder_in_the_way_is_left_alone(rushes: Rushes, folder: Path) -> None:
    making = folder.with_name("takes.making")
    making.mkdir()
    (making / "letters.txt").write_text("dear")
    told = rushes("demo")
    assert (told.code, len(told.err.splitlines())) == (1, 1)
    assert [path.name for path in making.iterdir()] == ["letters.txt"]


def test_two_at_once_do_not_get_in_each_others_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rushes: Rushes
) -> None:
    told: list[str] = []

    def meanwhile(library: object, *, now: object, progress: object) -> int:  # noqa: ARG001
        told.append(process("--library", folder, "demo", "--no-open").stderr)
        return 0

    monkeypatch.setattr("rushes.demo.make.make_demo", meanwhile)
    assert rushes("demo").code == 0
    assert "another rushes is making it" in told[0]
    assert demo_library.is_demo(folder)


@pytest.mark.usefixtures("quick")
def test_a_place_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rushes.cli.main import run

    (tmp_path / "file").write_text("in the way")
    assert run(["--library", str(tmp_path / "file" / "demo"), "demo"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
