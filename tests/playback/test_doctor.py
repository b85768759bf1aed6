"""The doctor: every way out with its reason, a tone on the chosen one, and what to type."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rushes.playback import doctor
from rushes.playback.routes import BACKENDS
from tests.playback.test_sound import put_on_path


def rushes(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rushes", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def examined(*arguments: str) -> tuple[int, Any]:
    told = rushes(*arguments, "audio", "doctor", "--json")
    assert told.stderr == ""
    return told.returncode, json.loads(told.stdout)


def test_where_sound_comes_out_a_tone_is_played_on_the_way_that_comes_first(capture: Path) -> None:
    code, said = examined()
    assert (code, said["chosen"], said["tone"], said["type"]) == (
        *(0, "simpleaudio", "played"),
        "Type: rushes",
    )
    ways = {way["name"]: way for way in said["ways"]}
    assert list(ways) == list(BACKENDS)
    assert ways["simpleaudio"]["serves"]
    assert ways["simpleaudio"]["seconds"] >= 0
    recorded = np.fromfile(capture, np.int16)
    assert 3000 < np.abs(recorded).max() < 3400
    assert len(recorded) == doctor.TONE_SECONDS * 24_000


def test_the_way_that_was_asked_for_is_tried_and_the_last_line_is_what_to_type(
    capture: Path,
) -> None:
    told = rushes("--sound", "miniaudio", "audio", "doctor")
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0].startswith("✓ simpleaudio")
    assert "Sound goes through miniaudio: it is set so." in lines
    assert lines[-1] == "Type: rushes --sound miniaudio"
    assert np.fromfile(capture, np.int16).any()


@pytest.mark.usefixtures("no_device")
def test_where_none_does_each_says_why_and_the_end_is_what_to_type() -> None:
    code, said = examined()
    assert (code, said["chosen"], said["tone"]) == (1, None, None)
    assert all(way["why"] for way in said["ways"])
    assert "systemctl --user start pipewire-pulse" in said["type"]
    assert not [way for way in said["ways"] if way["serves"]]


def test_a_way_that_is_set_and_does_not_serve_gives_way_to_one_that_does(
    capture: Path, alsa_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_path("paplay", "echo 'Access denied' >&2; exit 1", alsa_folder, monkeypatch)
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    code, said = examined("--sound", "paplay")
    assert (code, said["chosen"], said["tone"]) == (1, None, None)
    assert any("cookie" in note for note in said["notes"])
    assert said["type"].startswith("Type: rushes --sound ")
    assert not capture.exists() or not np.fromfile(capture, np.int16).any()


def test_silence_that_was_asked_for_is_no_fault_of_the_machine(capture: Path) -> None:
    code, said = examined("--sound", "silence")
    assert (code, said["chosen"]) == (1, None)
    assert said["type"] == "Type: rushes --sound simpleaudio"
    assert capture.parent.exists()


def test_where_a_listener_is_asked_for_and_nobody_listens_that_is_all() -> None:
    told = rushes("--sound", "listener", "audio", "doctor")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("rushes: Nobody listens")
