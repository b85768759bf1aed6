"""rushes as a process: exit codes, streams, signals, terminals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rushes.cli import main
from rushes.cli.session import Session
from rushes.paths import log_file
from tests.cli.conftest import Clip, Rushes, process, refuse
from tests.terminal import Terminal

RUSHES = (sys.executable, "-m", "rushes")


def test_the_version_is_one_line() -> None:
    told = process("--version")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("rushes ")
    assert process("--library", "x", "--version").stdout == told.stdout


def test_without_a_terminal_a_bare_rushes_prints_the_list(folder: Path, clip: Clip) -> None:
    added = process("--library", folder, "add", clip(), "--profile", "Anna", "--text", "Hello")
    assert added.returncode == 0
    bare = process("--library", folder)
    listed = process("--library", folder, "list")
    assert bare.stdout == listed.stdout
    assert "Hello" in bare.stdout
    assert (bare.returncode, bare.stderr, listed.stderr) == (0, "", "")


def test_a_script_can_record_and_read_with_json_alone(folder: Path, clip: Clip) -> None:
    env = {"RUSHES_LIBRARY": str(folder)}
    begun = process("begin", "--profile", "Anna", "--text", "你好 [laughs]", "--json", env=env)
    (identity,) = json.loads(begun.stdout)["done"]
    assert process("complete", identity, clip(), env=env).returncode == 0
    listed = json.loads(process("list", "--json", env=env).stdout, parse_constant=refuse)
    assert [(item["id"], item["text"]) for item in listed["items"]] == [(identity, "你好 [laughs]")]


def test_listing_loads_neither_the_screens_nor_what_writes(folder: Path) -> None:
    process("--library", folder, "list")
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "rushes", "--library", folder, "list"],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.split("\n")}
    assert "rushes" in loaded
    assert not loaded & {"textual", "numpy", "sqlmodel", "sqlalchemy", "soundfile", "miniaudio"}


def test_a_reader_that_stops_reading_is_no_error(folder: Path) -> None:
    for number in range(3):
        process("--library", folder, "begin", "--profile", "Anna", "--text", f"{number} " * 50)
    command = 'set -o pipefail; "$@" list | head -n 1'
    told = subprocess.run(
        ["bash", "-c", command, "-", *RUSHES, "--library", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr, len(told.stdout.splitlines())) == (0, "", 1)


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_keep_it_from_working(folder: Path, redirection: str) -> None:
    command = f'"$@" begin --profile Anna --text Hello {redirection}'
    told = subprocess.run(
        ["bash", "-c", command, "-", *RUSHES, "--library", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert "Hello" in process("--library", folder, "list").stdout


def test_a_full_disk_behind_standard_output_is_told(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [*RUSHES, "--library", folder, "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert told.returncode == 1
    assert told.stderr.startswith("rushes: the output can't be written")
    assert len(told.stderr.splitlines()) == 1


def test_an_output_that_is_not_unicode_loses_no_line_and_no_json(folder: Path) -> None:
    env = {"PYTHONIOENCODING": "ascii", "RUSHES_LIBRARY": str(folder)}
    process("begin", "--profile", "声優", "--text", "你好 🎉", env=env)
    assert len(process("list", env=env).stdout.splitlines()) == 1
    (item,) = json.loads(process("list", "--json", env=env).stdout)["items"]
    assert item["text"] == "你好 🎉"


def test_what_nobody_foresaw_is_one_line_and_its_traceback_lies_in_the_log(
    rushes: Rushes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(session: Session, wish: object) -> None:  # noqa: ARG001
        raise ZeroDivisionError("a bug\x1b[2J")

    monkeypatch.setattr("rushes.cli.commands.listing.print_list", burst)
    told = rushes("list")
    assert told.code == 1
    assert len(told.err.splitlines()) == 1
    assert "\x1b" not in told.err
    assert str(log_file()) in told.err
    assert "Traceback" in log_file().read_text(encoding="utf-8")
    monkeypatch.setenv("RUSHES_DEBUG", "1")
    assert "Traceback" in rushes("list").err


@pytest.mark.parametrize(
    "arguments",
    [["frobnicate"], ["--frobnicate"], ["lst"], ["trash"], ["profiles"], ["config", "x"],
     ["--library", "", "list"], ["list", "\udcff"], ["show", "\udcff\udcff\udcff\udcff"],
     ["show", "abc"]],
)  # fmt: skip
def test_misuse_is_one_line_and_2(rushes: Rushes, arguments: list[str]) -> None:
    told = rushes(*arguments)
    assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    told = process("--library", tmp_path, "list")
    assert (told.returncode, told.stdout, len(told.stderr.splitlines())) == (1, "", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_only_what_exists_is_offered(rushes: Rushes) -> None:
    told = rushes("--help")
    assert told.code == 0
    offered = {line.split()[0] for line in told.lines if line.startswith("  ") and line.strip()}
    assert {"add", "list", "stats", "trash", "profiles", "verify", "compress", "demo"} <= offered
    assert {"import", "export", "source", "record", "stories"} <= offered
    later = {"serve"}
    assert not offered & later


@pytest.mark.parametrize("name", [command.name for command in main.app.registered_commands])
def test_every_command_explains_itself(rushes: Rushes, name: str) -> None:
    told = rushes(name, "--help")
    assert told.code == 0
    assert told.out.startswith(f"Usage: rushes {name}")
    assert "list[" not in told.out


def test_on_a_terminal_a_deletion_asks_and_no_means_no(folder: Path) -> None:
    identity = process("--library", folder, "begin", "--profile", "A", "--text", "x").stdout.strip()
    delete = [*RUSHES, "--library", str(folder), "delete", identity]
    with Terminal(delete) as terminal:
        terminal.until("[y/N]")
        terminal.press("\n")
        assert terminal.ended() == 1
    assert identity in process("--library", folder, "list", "--json").stdout
    with Terminal(delete) as terminal:
        terminal.until("[y/N]")
        terminal.press("y\n")
        assert terminal.ended() == 0
    assert identity not in process("--library", folder, "list", "--json").stdout


def test_ctrl_c_at_a_question_ends_with_130_and_changes_nothing(folder: Path) -> None:
    identity = process("--library", folder, "begin", "--profile", "A", "--text", "x").stdout.strip()
    with Terminal([*RUSHES, "--library", str(folder), "delete", identity]) as terminal:
        terminal.until("[y/N]")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.ended() == 130
        terminal.quiet(0.1)
        assert b"Traceback" not in terminal.output
    assert identity in process("--library", folder, "list", "--json").stdout


def test_on_a_terminal_a_list_says_how_many_there_are_and_is_coloured(folder: Path) -> None:
    process("--library", folder, "begin", "--profile", "Anna", "--text", "Hello")
    with Terminal([*RUSHES, "--library", str(folder), "list"], columns=80) as terminal:
        terminal.until("1 of 1")
        assert b"\x1b[2m" in terminal.output
    with Terminal([*RUSHES, "--library", str(folder), "list"], env={"NO_COLOR": "1"}) as terminal:
        terminal.until("1 of 1")
        assert b"\x1b" not in terminal.output


def test_a_mistake_in_a_filter_is_pointed_at_on_a_terminal(folder: Path) -> None:
    with Terminal([*RUSHES, "--library", str(folder), "list", "你好", "rating:x"]) as terminal:
        terminal.until("character 11")
        assert "  你好 rating:x\r\n" + " " * 14 + "^" in terminal.output.decode()


def test_on_a_terminal_a_bare_rushes_opens_the_screens_without_the_command_lines_toolkit(
    folder: Path,
) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "rushes", "--library", str(folder)]
    with Terminal(command) as terminal:
        terminal.until("\x1b[?1049h")
        terminal.until("rushes")
        terminal.quiet(0.5)
        terminal.press("q")
        assert terminal.ended() == 0
        assert b"typer" not in terminal.output
