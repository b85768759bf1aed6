"""Why sound does or doesn't come out here: every way out is tried, and the traps are named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.playback.clip import Clip, Source, hold
from rushes.playback.helper_sink import FAR, HelperSink, Refusal
from rushes.playback.hints import how_to_get, look_around, silence_hint, traps
from rushes.playback.player import Player
from rushes.playback.routes import (
    BACKENDS,
    LIBRARIES,
    SILENCE,
    HelperWays,
    Ways,
    label_of,
)
from rushes.playback.sink import Fault
from rushes.playback.state import AUTO

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TONE_SECONDS = 0.9
"""How long the test tone is."""

_TONE_RATE = 24_000
_TONE_LEVEL = 0.1  # of full scale: −20 dBFS
_NOTES = (440.0, 554.4, 659.3)  # Hz: a major chord, one note after the other


@dataclass(frozen=True, slots=True)
class Finding:
    """One way out: whether it serves here, why or why not, and what to type if it doesn't.

    ``seconds`` is how long its device took to open; None where that isn't known.
    """

    name: str
    serves: bool
    why: str
    seconds: float | None = None
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All ways out, the one that is ``chosen`` (None: silence), ``notes`` on what to mind here.

    ``hint`` is what to type where none serves.
    """

    wanted: str
    findings: tuple[Finding, ...]
    chosen: str | None
    notes: tuple[str, ...]
    hint: str

    @property
    def takes_any(self) -> bool:
        """Whether no way out is asked for: the first that serves is taken."""
        return self.wanted == AUTO

    @property
    def others(self) -> tuple[str, ...]:
        """Those that would serve as well."""
        return tuple(one.name for one in self.findings if one.serves and one.name != self.chosen)


def examine(wanted: str, told: Callable[[Finding], None], log: Path | None = None) -> Diagnosis:
    """Try every way out; ``wanted`` is the one that is configured, ``told`` hears of each.

    Waits some seconds for a sound server that doesn't answer. ``log`` as the player has it.

    Raises:
        BadInput: there is no such route.
        PlaybackError: no helper process can be started.
    """
    ways = HelperWays(wanted, log)
    findings: list[Finding] = []
    refusals: dict[str, Refusal] = {}
    for name in BACKENDS:
        found = ways.attempt(name, lambda _: None)
        if isinstance(found, HelperSink):
            found.close()
            # A program is timed with its start and end: that says nothing of the device.
            took = found.took if name in LIBRARIES else None
            findings.append(Finding(name, serves=True, why=label_of(name), seconds=took))
        else:
            refusals[name] = found
            fix = how_to_get(name) if found.fault is Fault.MISSING else ""
            findings.append(Finding(name, serves=False, why=found.line, fix=fix))
        told(findings[-1])
    around = look_around(os.environ)
    chosen = _chosen(wanted, findings)
    asked = refusals if wanted == AUTO else {wanted: refusals[wanted]} if wanted in refusals else {}
    far = bool(around.pulse_server) and any((one.seconds or 0) > FAR for one in findings)
    return Diagnosis(
        wanted=wanted,
        findings=tuple(findings),
        chosen=chosen,
        notes=traps(around, chosen, [refusal.line for refusal in refusals.values()], far=far),
        hint=_hint(wanted, chosen, silence_hint(asked, around) if asked else ""),
    )


def play_tone(route: str, ways: Ways | None = None) -> str | None:
    """Play a short tone and wait for its end; give why it can't be heard, or None.

    ``ways`` are those of this machine unless given.
    """
    player = Player(route=route, ways=ways, load=lambda _: tone())
    try:
        player.play(Source("test tone", Path("test tone")))
        return player.wait().error
    finally:
        player.close()


def tone() -> Clip:
    """Three soft notes, 24 kHz mono."""
    import numpy as np

    frames = round(TONE_SECONDS * _TONE_RATE / len(_NOTES))
    time = np.arange(frames) / _TONE_RATE
    # Each note swells and fades, so that none begins with a click.
    swell = np.sin(np.pi * np.arange(frames) / frames)

    def notes() -> Iterator[memoryview]:
        for pitch in _NOTES:
            note: NDArray[np.float64] = np.sin(2 * np.pi * pitch * time) * swell
            yield (note * _TONE_LEVEL * 32767).astype(np.int16).data.cast("B")

    return hold(notes(), _TONE_RATE, 1, frames * len(_NOTES))


def _chosen(wanted: str, findings: list[Finding]) -> str | None:
    serving = [one.name for one in findings if one.serves]
    if wanted == AUTO:
        return serving[0] if serving else None
    return wanted if wanted in serving else None


def _hint(wanted: str, chosen: str | None, hint: str) -> str:
    if chosen is not None:
        return ""
    if wanted == SILENCE:
        return "Sound is switched off. Type: rushes --sound auto"
    return hint
