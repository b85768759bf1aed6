"""record: a synthesis command is run, and what becomes of it is what the library says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.cli.placeholders import filled
from rushes.cli.running import last_words
from rushes.errors import BadInput
from rushes.library import Library
from tests.cli.conftest import NASTY, Clip, Rushes
from tests.terminal import Terminal

Make = Callable[..., list[str]]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private folders are made, to see that none stays."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


@pytest.fixture
def make(temporary: Path) -> Make:  # noqa: ARG001  # whoever makes leaves nothing there
    """Arguments that record what a line of shell makes; $1 is its file."""

    def arguments(line: str, *more: str) -> list[str]:
        command = ["sh", "-c", line, "tts", "{out}", *more]
        return ["record", "--profile", "Anna", "--text", "Hello", "--", *command]

    return arguments


def error_of(rushes: Rushes) -> str:
    (item,) = rushes("list", "--json").json["items"]
    assert item["status"] == "failed"
    return str(item["error"])


def test_what_the_command_writes_is_the_takes_audio(
    rushes: Rushes, clip: Clip, make: Make, temporary: Path
) -> None:
    told = rushes(*make(f'echo loading; echo "100%" >&2; cp "{clip()}" "$1"'))
    assert told.code == 0
    assert sorted(told.err.splitlines()) == ["100%", "loading"]
    shown = rushes("show", told.out.strip(), "--json").json
    assert (shown["status"], shown["text"], shown["profile_name"]) == ("completed", "Hello", "Anna")
    assert Path(shown["audio_file"]).read_bytes() == clip().read_bytes()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("name", ["$1.wav", "${{1%.wav}}.flac", "$1_0"])
def test_a_command_that_names_its_file_by_itself_is_understood(
    rushes: Rushes, clip: Clip, make: Make, name: str
) -> None:
    told = rushes(*make(f'cp "{clip()}" "{name}"'))
    assert rushes("show", told.out.strip(), "--json").json["status"] == "completed"


@pytest.mark.parametrize("text", [NASTY[0], NASTY[7], NASTY[11], ""])
def test_words_in_braces_are_single_arguments_that_nobody_reads_again(
    rushes: Rushes, clip: Clip, tmp_path: Path, text: str
) -> None:
    said = tmp_path / "said"
    script = f'cp "{clip()}" "$1"; printf "%s|" "$2" "$3" "$4" > "{said}"'
    told = rushes(
        "record", "--profile", "Anna", "--text", text, "--seed", "7", "--",
        "sh", "-c", script, "tts", "{out}", "--text={text}", "{seed} of {profile}", "{{text}}",
    )  # fmt: skip
    assert told.code == 0, told.err
    assert said.read_bytes().decode() == f"--text={text}|7 of Anna|{{text}}|"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_can_be_quoted_with_doubled_braces(text: str) -> None:
    quoted = text.replace("{", "{{").replace("}", "}}")
    assert filled(["{out}", quoted], {"out": "a"}, "out") == ["a", text]


@pytest.mark.parametrize(
    "argument", ["{outt}", "{", "}", '{"a": 1}', "{out.name}", "{seed}", "{}", "{text}"]
)
def test_a_brace_that_stands_for_nothing_is_told(argument: str) -> None:
    values = {"out": "a", "seed": None, "text": "\0"}
    with pytest.raises(BadInput):
        filled(["{out}", argument], values, "out")


@pytest.mark.parametrize(
    "command", [["cp", "{outt}"], ["cp", "a", "b"], ["no-such-tts", "{out}"], ["cp", "{seed}"], []]
)
def test_a_command_that_cannot_be_meant_is_misuse_and_begins_nothing(
    rushes: Rushes, command: list[str], temporary: Path
) -> None:
    told = rushes("record", "--profile", "Anna", "--text", "x", "--", *command)
    assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)
    assert not list(temporary.iterdir())
    assert rushes("list", "--json").json["total"] == 0


def test_a_command_that_fails_leaves_a_failed_take_with_its_last_words(
    rushes: Rushes, make: Make
) -> None:
    script = r'echo out; printf "\033[31m10%%\r50%%\r\nCUDA out of memory [/rip]\n" >&2; exit 3'
    told = rushes(*make(script))
    assert (told.code, told.out) == (1, "")
    (identity,) = (item["id"] for item in rushes("list", "--json").json["items"])
    assert told.err.endswith(
        f"rushes: the take {identity[:8]} failed: sh ended with 3: CUDA out of memory [/rip]\n"
    )
    assert error_of(rushes) == (
        "sh ended with 3: CUDA out of memory [/rip]\n\n50%\nCUDA out of memory [/rip]"
    )


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo sorry; exit 4", "sh ended with 4: sorry"),
        ("kill -SEGV $$", "sh was ended by SIGSEGV"),
        ("true", "sh: no file was written. {out} stands for its name."),
        ('echo no audio > "$1"', "sh: take.wav isn't audio"),
        ('touch "$1.a" "$1.b"', "sh: several files were written: take.wav.a, take.wav.b"),
    ],
)
def test_a_command_that_makes_no_audio_leaves_a_failed_take(
    rushes: Rushes, make: Make, temporary: Path, script: str, said: str
) -> None:
    told = rushes(*make(script))
    assert told.code == 1
    assert error_of(rushes).startswith(said)
    assert not list(temporary.iterdir())


def test_json_tells_the_take_and_what_went_wrong(rushes: Rushes, clip: Clip) -> None:
    options = ["record", "--profile", "Anna", "--text", "x", "--json", "--"]
    done = rushes(*options, "cp", clip(), "{out}").json
    assert (len(done["done"]), done["failed"]) == (1, [])
    failed = rushes(*options, "false", "{out}").json
    assert failed["done"] == []
    assert failed["failed"][0]["error"].endswith("failed: false ended with 1")


def test_last_words_are_few_and_short() -> None:
    said = last_words(b"\n".join(b"%d " % number + b"x" * 1000 for number in range(100)))
    assert len(said) == 20
    assert said[-1].startswith("99 x")
    assert max(map(len, said)) <= 400
    assert last_words(b"\xff\x00\x1b]0;title\x07a\x1b[2Jb\n\n") == ("�␀ab",)


@contextmanager
def under_way(folder: Path, line: str, *wrap: str) -> Iterator[subprocess.Popen[str]]:
    """``rushes record`` in a process of its own, from when the command says that it is ready."""
    command = [*wrap, sys.executable, "-m", "rushes", "--library", str(folder)]
    command += ["record", "--profile", "Anna", "--text", "Hello", "--", "sh", "-c", line, "tts"]
    process = subprocess.Popen(
        [*command, "{out}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        assert process.stderr.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def state_of(folder: Path) -> tuple[str, str | None]:
    with Library.open(folder) as library:
        (take,) = library.generations.list().items
        return take.status.value, take.error


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(number: int) -> bool:
    deadline = time.monotonic() + 10
    while alive(number) and time.monotonic() < deadline:
        os.sched_yield()
    return not alive(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_stopped_ends_the_command_and_all_that_it_started(
    folder: Path, tmp_path: Path, temporary: Path, number: signal.Signals
) -> None:
    pids = tmp_path / "pids"
    line = f'sleep 60 & echo $$ $! > "{pids}"; echo ready >&2; wait'
    with under_way(folder, line) as process:
        assert state_of(folder) == ("pending", None)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 128 + number
        assert (out, len(err.splitlines())) == ("", 1)
    assert state_of(folder) == ("failed", "interrupted")
    assert all(gone(int(pid)) for pid in pids.read_text().split())
    assert not list(temporary.iterdir())


def test_a_command_that_does_not_heed_is_killed_by_the_second_ctrl_c(
    folder: Path, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    line = f"trap 'echo again >&2' INT; echo $$ > \"{pids}\"; echo ready >&2; "
    with under_way(folder, line + "while :; do sleep 0.05; done") as process:
        assert process.stderr is not None
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == "again\n"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 130
    assert gone(int(pids.read_text()))
    assert state_of(folder) == ("failed", "interrupted")


def test_killed_outright_it_leaves_a_take_that_is_interrupted(folder: Path) -> None:
    with under_way(folder, "echo ready >&2; read line") as process:
        process.kill()
        process.wait()
        assert state_of(folder) == ("failed", "interrupted")


def test_what_the_command_leaves_running_is_not_waited_for(
    rushes: Rushes, clip: Clip, make: Make, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    told = rushes(*make(f'sleep 60 & echo $! > "{pid}"; cp "{clip()}" "$1"'))
    assert told.code == 0
    os.kill(int(pid.read_text()), signal.SIGKILL)


def test_the_command_is_fed_what_comes_in(folder: Path, clip: Clip) -> None:
    line = f'read line; test "$line" = "from a pipe" && cp "{clip()}" "$1"'
    told = subprocess.run(
        [sys.executable, "-m", "rushes", "--library", folder, "record", "--profile", "Anna",
         "--text", "x", "--", "sh", "-c", line, "tts", "{out}"],
        input="from a pipe\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr


def test_on_a_terminal_the_command_sees_one_and_ctrl_c_reaches_it(folder: Path) -> None:
    line = "test -t 1 && test -t 2 && stty size <&2; read line || echo nobody; exec sleep 60"
    command = [sys.executable, "-m", "rushes", "--library", str(folder), "record", "--profile"]
    command += ["Anna", "--text", "x", "--", "sh", "-c", line, "tts", "{out}"]
    with Terminal(command, columns=91, rows=33) as terminal:
        terminal.until("nobody")
        assert b"33 91" in terminal.output
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.ended() == 130
    assert state_of(folder) == ("failed", "interrupted")


def test_audio_that_cannot_be_kept_is_left_to_the_person(
    rushes: Rushes, clip: Clip, make: Make, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rushes.errors import DiskFull
    from rushes.library.recording import Recorder

    def refuse(*_: object, **__: object) -> None:
        raise DiskFull("The audio wasn't kept", "no room is left", "Make room there.")

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "complete", refuse)
        told = rushes(*make(f'cp "{clip()}" "$1"'))
    assert (told.code, told.out) == (1, "")
    (kept,) = temporary.glob("*/take.wav")
    assert str(kept.parent) in told.err
    (item,) = rushes("list", "--json").json["items"]
    assert rushes("complete", item["id"], kept).code == 0
