"""What to type when there is no way out for sound."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.playback.helper_sink import Refusal
from rushes.playback.sink import Fault

_INSTALL = {
    "simpleaudio": "pip install 'rushes[simpleaudio]' (it is built from source: on Debian first "
    "sudo apt install gcc python3-dev libasound2-dev)",
    "miniaudio": "pip install miniaudio",
    "pw-play": "sudo apt install pipewire-bin",
    "paplay": "sudo apt install pulseaudio-utils",
    "aplay": "sudo apt install alsa-utils",
}
_ALSA_TO_PULSE = "usr/lib*/**/alsa-lib/libasound_module_pcm_pulse.so"
_PULSE_LIBRARY = ("usr/lib*/libpulse.so.0", "usr/lib/*/libpulse.so.0")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the machine looks like to somebody who wants to hear something.

    ``pulse_server`` is that environment variable. ``locked_device``: there is a device for
    playing that this user may not open. ``socket`` is where a sound server reached through SSH
    is to listen; ``socket_taken`` that something is there already. ``pulse_library``: programs
    here can speak to such a server. ``alsa_to_pulse`` that ALSA's programs can as well.
    """

    over_ssh: bool
    pulse_server: str
    locked_device: bool
    socket: str
    socket_taken: bool
    pulse_library: bool
    alsa_to_pulse: bool = True
    in_tmux: bool = False


def look_around(environment: Mapping[str, str]) -> Surroundings:
    """The surroundings of this process."""
    devices = list(Path("/dev/snd").glob("pcm*p"))
    socket = f"/tmp/pulse-{os.getuid()}"  # noqa: S108  # sshd makes it, readable by its owner alone
    return Surroundings(
        over_ssh="SSH_CONNECTION" in environment,
        pulse_server=environment.get("PULSE_SERVER", ""),
        locked_device=bool(devices) and not any(os.access(found, os.W_OK) for found in devices),
        socket=socket,
        socket_taken=os.path.lexists(socket),
        pulse_library=any(any(Path("/").glob(place)) for place in _PULSE_LIBRARY),
        alsa_to_pulse=any(Path("/").glob(_ALSA_TO_PULSE)),
        in_tmux="TMUX" in environment or "STY" in environment,
    )


def how_to_get(name: str) -> str:
    """What to type to have a backend."""
    return _INSTALL[name]


def traps(
    around: Surroundings, chosen: str | None, refusals: Sequence[str], *, far: bool
) -> tuple[str, ...]:
    """What to mind in these surroundings, a line each, with what to type.

    ``refusals`` are the words with which ways out were refused. ``far``: a device took so long to
    open that its sound server must be far away.
    """
    found = []
    server = around.pulse_server
    if server and not around.alsa_to_pulse:
        found.append(
            "simpleaudio and aplay don't heed PULSE_SERVER without ALSA's plug-in. "
            "Type: sudo apt install libasound2-plugins"
        )
    if server and any("denied" in line.lower() for line in refusals):
        found.append(
            "The sound server wants its cookie. From the desktop type: "
            "scp ~/.config/pulse/cookie HOST:.config/pulse/"
        )
    if server and around.in_tmux:
        found.append(
            "tmux and screen keep the PULSE_SERVER of the login that started them; "
            "after another login set it anew"
        )
    if around.over_ssh and not server and around.socket_taken:
        found.append(
            f"{around.socket} is left from an earlier login, and ssh -R doesn't replace it. "
            f"Type: rm {around.socket}"
        )
    if far and chosen == "simpleaudio":
        found.append(
            "The sound server is far away, and simpleaudio's buffer of 0.1 s is short for that. "
            "If it stutters, type: rushes --sound miniaudio"
        )
    if around.over_ssh and not server and chosen is not None:
        found.append("You are here through SSH: it is this machine's loudspeaker that sounds")
    return tuple(found)


def signs_of_sound(environment: Mapping[str, str]) -> object:
    """The devices and the sockets of sound servers there are, to be compared with a later look."""
    places = [Path("/dev/snd"), Path(environment.get("PULSE_SERVER", "").removeprefix("unix:"))]
    runtime = environment.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    places += [Path(runtime, "pulse", "native"), Path(runtime, "pipewire-0")]
    return tuple(_sign(place) for place in places)


def _sign(place: Path) -> tuple[int, int] | None:
    try:
        found = place.stat()
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_mtime_ns


def silence_hint(refusals: Mapping[str, Refusal], around: Surroundings) -> str:
    """One line that says what to type, out of why each way was refused."""
    faults = {refusal.fault for refusal in refusals.values()}
    server = around.pulse_server
    if Fault.UNANSWERED in faults:
        if server:
            return f"PULSE_SERVER={server} doesn't answer: log in anew, or type: unset PULSE_SERVER"
        return (
            "The sound server doesn't answer. Type: systemctl --user restart pipewire-pulse "
            "(with PulseAudio: pulseaudio -k)"
        )
    if faults == {Fault.MISSING}:
        return f"Type: {_INSTALL[next(iter(refusals))]}"
    if Fault.CRASHED in faults and Fault.DEVICE not in faults:
        return "The sound helper ends as soon as it starts; the log says why"
    if around.locked_device:
        return "You may not open the sound device. Type: sudo usermod -aG audio $USER; log in anew"
    if server:
        return f"PULSE_SERVER={server} takes no sound: log in anew, or type: unset PULSE_SERVER"
    if around.over_ssh:
        return _through_ssh(around)
    return "Connect a loudspeaker, or type: systemctl --user start pipewire-pulse; then play again"


def _through_ssh(around: Surroundings) -> str:
    """PulseAudio's protocol forwarded by ssh; pipewire-pulse speaks it as well."""
    first = [] if around.pulse_library else ["sudo apt install libpulse0"]
    first += [f"rm {around.socket}"] if around.socket_taken else []
    here = f"Here {' && '.join(first)}; then from" if first else "From"
    return (
        f"{here} a Linux desktop: ssh -R {around.socket}:$XDG_RUNTIME_DIR/pulse/native HOST, "
        f"then here PULSE_SERVER=unix:{around.socket} rushes"
    )
