"""play: heard through a real device, by itself or waited for; told where nothing is heard."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Clip, Rushes, process
from tests.terminal import Terminal

Take = Callable[..., str]

_CAPTURE = """
pcm.!default {{ type plug  slave.pcm "capture" }}
pcm.capture {{ type file  slave.pcm "null"  file "{file}"  format "raw"  perm 0600 }}
pcm.null {{ type null }}
"""


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a device writes what it plays to; no sound server takes part."""
    nowhere = tmp_path / "no-server"
    nowhere.mkdir(mode=0o700)
    config = tmp_path / "asound.conf"
    recorded = tmp_path / "heard.raw"
    config.write_text(_CAPTURE.format(file=recorded))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    for variable in ("XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH"):
        monkeypatch.setenv(variable, str(nowhere))
    for variable in ("PULSE_SERVER", "SSH_CONNECTION", "PIPEWIRE_REMOTE"):
        monkeypatch.delenv(variable, raising=False)
    return recorded


def wait_for(file: Path, size: int) -> None:
    deadline = time.monotonic() + 20
    while not file.exists() or file.stat().st_size < size:
        assert time.monotonic() < deadline, "nothing was heard"
        os.sched_yield()


def test_play_wait_comes_back_when_the_clip_has_been_heard(
    take: Take, folder: Path, heard: Path
) -> None:
    identity = take()
    told = process("--library", folder, "play", identity[:6], "--wait")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    assert b"\x00\x40\x00\xc0" * 100 in heard.read_bytes()


def test_one_take_is_heard_after_the_other(
    take: Take, rushes: Rushes, clip: Clip, folder: Path, heard: Path
) -> None:
    longer = rushes("add", clip("longer.wav", 6_000), "--profile", "Anna").out.strip()
    told = process("--library", folder, "play", take(), longer, "--wait")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    # The device isn't real time and begins its file anew with each opening: the last is in it.
    assert b"\x00\x40\x00\xc0" * 1_500 + bytes(6_000) in heard.read_bytes()


def test_a_version_is_of_one_take(take: Take, rushes: Rushes) -> None:
    told = rushes("play", take(), take(), "--version", "original")
    assert (told.code, told.err.count("\n")) == (2, 1)


def test_play_comes_back_at_once_and_the_sound_goes_on(
    take: Take, folder: Path, heard: Path
) -> None:
    told = process("--library", folder, "play", take(), "--version", "ORIGINAL")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    wait_for(heard, 8_000)


@pytest.mark.usefixtures("heard")
def test_without_a_way_out_play_says_so_in_one_line(
    take: Take, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "asound.conf").write_text("")
    identity = take()
    for options in ([], ["--wait"]):
        told = process("--library", folder, "play", identity, *options)
        assert (told.returncode, told.stdout, len(told.stderr.splitlines())) == (1, "", 1)


def test_the_route_of_the_configuration_is_taken(take: Take, folder: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('sound = "silence"\n')
    env = {"RUSHES_CONFIG": str(config)}
    told = process("--library", folder, "play", take(), "--wait", env=env)
    assert told.returncode == 1
    assert "silence" in told.stderr


@pytest.mark.usefixtures("heard")
def test_on_a_terminal_the_position_is_shown_and_ctrl_c_stops_the_sound(
    rushes: Rushes, clip: Clip, folder: Path, tmp_path: Path
) -> None:
    # A device that takes 64 KiB and then nothing more: the clip would last for ever.
    (tmp_path / "asound.conf").write_text(_CAPTURE.format(file="|sleep 1000"))
    long = clip("long.wav", frames=800_000)
    identity = rushes("add", long, "--profile", "Anna").out.strip()
    command = [sys.executable, "-m", "rushes", "--library", str(folder), "play", identity, "--wait"]
    with Terminal(command) as terminal:
        terminal.until("/ 1:40.0")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.ended() == 130
        assert b"Traceback" not in terminal.output


def test_what_cannot_be_played_is_told(rushes: Rushes, take: Take) -> None:
    identity = take()
    running = rushes("begin", "--profile", "Anna", "--text", "Later").out.strip()
    told = rushes("play", running)
    assert (told.code, len(told.err.splitlines())) == (1, 1)
    assert "running" in told.err
    assert "original" in rushes("play", identity, "--version", "take-7").err
    Path(rushes("show", identity, "--json").json["audio_file"]).unlink()
    assert rushes("play", identity).code == 1
    assert rushes("play", "ffffffff").code == 1
