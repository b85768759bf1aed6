"""What is said when nothing can be heard: each reason has something to type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rushes.playback.helper_sink import Refusal
from rushes.playback.hints import Surroundings, signs_of_sound, silence_hint, traps
from rushes.playback.sink import Fault

DESK = Surroundings(
    over_ssh=False,
    pulse_server="",
    locked_device=False,
    socket="/tmp/pulse-1000",
    socket_taken=False,
    pulse_library=True,
)
RACK = replace(DESK, over_ssh=True)
MISSING = Refusal(Fault.MISSING, "not installed")
NO_DEVICE = Refusal(Fault.DEVICE, "no device")
NO_ANSWER = Refusal(Fault.UNANSWERED, "no answer")
CRASH = Refusal(Fault.CRASHED, "SIGSEGV")


@pytest.mark.parametrize(
    ("refusals", "around", "typed"),
    [
        ({"simpleaudio": MISSING, "aplay": MISSING}, DESK, "pip install 'rushes[simpleaudio]'"),
        ({"aplay": MISSING}, DESK, "sudo apt install alsa-utils"),
        ({"simpleaudio": MISSING, "miniaudio": NO_DEVICE}, DESK, "Connect a loudspeaker"),
        ({"simpleaudio": NO_DEVICE}, RACK, "ssh -R /tmp/pulse-1000:$XDG_RUNTIME_DIR/pulse/native"),
        ({"simpleaudio": NO_DEVICE}, RACK, "PULSE_SERVER=unix:/tmp/pulse-1000 rushes"),
        ({"aplay": NO_DEVICE}, replace(RACK, socket_taken=True), "rm /tmp/pulse-1000"),
        ({"aplay": NO_DEVICE}, replace(RACK, pulse_library=False), "apt install libpulse0; then"),
        ({"aplay": NO_DEVICE}, replace(RACK, pulse_server="tcp:x"), "unset PULSE_SERVER"),
        ({"aplay": NO_ANSWER}, replace(RACK, pulse_server="tcp:x"), "unset PULSE_SERVER"),
        ({"aplay": NO_ANSWER}, DESK, "systemctl --user restart pipewire-pulse"),
        ({"aplay": NO_DEVICE}, replace(DESK, locked_device=True), "usermod -aG audio"),
        ({"simpleaudio": CRASH}, DESK, "the log says why"),
    ],
)
def test_the_hint_says_what_to_type(
    refusals: dict[str, Refusal], around: Surroundings, typed: str
) -> None:
    hint = silence_hint(refusals, around)
    assert typed in hint
    assert "\n" not in hint


FORWARDED = replace(RACK, pulse_server="unix:/tmp/pulse-1000")


@pytest.mark.parametrize(
    ("around", "chosen", "refusal", "far", "said"),
    [
        (replace(FORWARDED, alsa_to_pulse=False), "miniaudio", "", False, "libasound2-plugins"),
        (FORWARDED, None, "Access denied", False, "pulse/cookie HOST:"),
        (replace(FORWARDED, in_tmux=True), "miniaudio", "", False, "tmux"),
        (replace(RACK, socket_taken=True), None, "", False, "rm /tmp/pulse-1000"),
        (FORWARDED, "simpleaudio", "", True, "rushes --sound miniaudio"),
        (RACK, "simpleaudio", "", False, "this machine's loudspeaker"),
    ],
)
def test_each_trap_is_named(
    around: Surroundings, chosen: str | None, refusal: str, far: bool, said: str
) -> None:
    (line,) = traps(around, chosen, [refusal], far=far)
    assert said in line
    assert "\n" not in line


def test_a_desk_has_no_traps() -> None:
    assert traps(DESK, "simpleaudio", [], far=False) == ()


def test_a_server_that_comes_or_goes_changes_the_signs(tmp_path: Path) -> None:
    environment = {"PULSE_SERVER": f"unix:{tmp_path / 'native'}", "XDG_RUNTIME_DIR": str(tmp_path)}
    before = signs_of_sound(environment)
    assert signs_of_sound(environment) == before
    (tmp_path / "native").touch()
    assert signs_of_sound(environment) != before
