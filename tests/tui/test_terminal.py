"""The program in a terminal of its own: what it writes there, and what it leaves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rushes.library import Library
from rushes.tui.driver import TerminalDriver
from tests.terminal import Terminal
from tests.tui.driving import desk, take

RUSHES = [sys.executable, "-m", "rushes"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "takes"
    with Library.open(folder) as library:
        for number in range(30):
            take(library, f"line {number}", number)
    return folder


@pytest.fixture
def no_device(tmp_path: Path) -> dict[str, str]:
    """A machine without a sound device, whose ALSA prints about it."""
    config = tmp_path / "empty.conf"
    config.write_text("")
    return {"ALSA_CONFIG_PATH": str(config), "PULSE_SERVER": "unix:/nowhere"}


@pytest.mark.parametrize("extra", [{}, {"NO_COLOR": "1"}, {"TERM": "screen"}, {"TERM": "linux"}])
def test_without_sound_the_screen_stays_clean_and_says_what_to_do(
    path: Path, no_device: dict[str, str], extra: dict[str, str]
) -> None:
    env = {**no_device, **extra}
    with Terminal([*RUSHES, "--library", str(path)], env=env) as terminal:
        terminal.until("line 29")
        terminal.until("no sound:")
        pressed = len(terminal.output)
        terminal.press(" ")
        terminal.until("no way out", after=pressed)
        terminal.press("q")
        assert terminal.ended() == 0
        assert b"ALSA" not in terminal.output.replace(b"ALSA_", b"")
        assert b"Traceback" not in terminal.output
        assert b"\x1b[?1049l" in terminal.output, "the other screen was left"


def test_nothing_is_written_while_nothing_changes(path: Path, no_device: dict[str, str]) -> None:
    with Terminal([*RUSHES, "--library", str(path)], env=no_device) as terminal:
        terminal.until("no sound:")
        terminal.quiet(1.5)
        assert terminal.watch(3.0) == b""


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 42)])
def test_a_step_of_the_cursor_takes_under_1_kb_and_the_preview_under_4(
    path: Path, no_device: dict[str, str], size: tuple[int, int]
) -> None:
    columns, rows = size
    command = [*RUSHES, "--library", str(path)]
    with Terminal(command, columns=columns, rows=rows, env=no_device) as terminal:
        terminal.until("no sound:")
        terminal.quiet(1.5)
        for _ in range(5):
            before = len(terminal.output)
            terminal.press("j")
            terminal.quiet(0.12)
            stepped = len(terminal.output)
            terminal.quiet(0.5)
            assert 0 < stepped - before < 1_000
            assert len(terminal.output) - stepped < 4_000


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux isn't installed")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_in_tmux_it_opens_plays_and_leaves(
    path: Path, no_device: dict[str, str], tmp_path: Path, size: tuple[int, int]
) -> None:
    columns, rows = size
    tmux = ["tmux", "-S", str(tmp_path / "tmux"), "-f", os.devnull]

    def run(*words: str) -> str:
        done = subprocess.run([*tmux, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def until(text: str) -> str:
        deadline = time.monotonic() + 20
        while text not in (shown := run("capture-pane", "-p")):
            assert time.monotonic() < deadline, shown
        return shown

    variables = [f"{name}={value}" for name, value in no_device.items()]
    command = ["env", *variables, *RUSHES, "--library", str(path)]
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", str(columns), "-y", str(rows), "sh"], check=True
    )
    try:
        run("send-keys", "-l", " ".join(f"'{word}'" for word in command))
        run("send-keys", "Enter")
        shown = until("line 29")
        assert "♪ no sound" in until("no sound:")
        assert all(len(line) <= columns for line in shown.splitlines())
        run("send-keys", "/", '"line 7"', "Enter")
        until("1 of 30")
        run("send-keys", "q")
        until("--library")
        assert "line 7" not in run("capture-pane", "-p"), "the shell's own screen is back"
    finally:
        run("kill-server")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux isn't installed")
@pytest.mark.parametrize("leaving", [False, True], ids=["shown", "being left"])
def test_nothing_stays_behind_when_the_terminal_closes(
    path: Path, no_device: dict[str, str], tmp_path: Path, leaving: bool
) -> None:
    tmux = ["tmux", "-S", str(tmp_path / "tmux"), "-f", os.devnull]
    variables = [f"{name}={value}" for name, value in no_device.items()]
    command = ["env", *variables, *RUSHES, "--library", str(path)]
    subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "24", *command], check=True)

    def run(*words: str) -> str:
        return subprocess.run([*tmux, *words], capture_output=True, text=True, check=True).stdout

    deadline = time.monotonic() + 30
    while "no sound:" not in run("capture-pane", "-p"):
        assert time.monotonic() < deadline
    process = int(run("display-message", "-p", "#{pane_pid}"))
    if leaving:
        run("send-keys", "q", ";", "kill-server")
    else:
        run("kill-server")
    while _lives(process):
        assert time.monotonic() < deadline, "it goes on without a terminal"
        os.sched_yield()


def test_a_terminal_that_no_signal_tells_of_ends_it_as_well(
    path: Path, no_device: dict[str, str]
) -> None:
    ours, theirs = os.openpty()  # nobody's controlling terminal
    command = [*RUSHES, "--library", str(path)]
    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **no_device, "TERM": "xterm"},
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"no sound" not in shown:
        shown += os.read(ours, 65_536)
    os.close(ours)
    assert process.wait(timeout=30) is not None


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""
    except OSError:  # ESRCH too, where it ends while it is looked at
        return False


async def test_a_terminal_that_has_closed_is_not_read_anew(tmp_path: Path) -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
    ours, theirs = os.openpty()
    try:
        driver = TerminalDriver(desk(tmp_path))
        driver.fileno = theirs
        os.close(ours)
        os.kill(os.getpid(), signal.SIGCONT)  # as the kernel says it after SIGHUP
        assert driver._key_thread is None
    finally:
        os.close(theirs)
        for number, handler in handlers.items():
            signal.signal(number, handler)
