"""What is said when: subtitles as SRT and WebVTT, and labels for audio editors.

A cue is an item of a story, with its words whole: what was split says them in both halves. What
isn't heard or has no words has none. Words are data: whatever a format would take for its own
signs is written so that it shows as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rushes.domain.story import Presence, Scene
from rushes.domain.text import one_line, printable


class CueFormat(StrEnum):
    """How cues are written; each is the suffix of its file.

    ``LABELS`` is a label track of Audacity: lines of start and end in seconds and the label, with
    tabs between them ("Audacity Manual", Importing and Exporting Labels), which most audio editors
    and scripts take in.
    """

    SRT = "srt"
    VTT = "vtt"
    LABELS = "labels.txt"


@dataclass(frozen=True, slots=True)
class Cue:
    """What a voice says from one millisecond to another."""

    start_ms: int
    end_ms: int
    voice: str
    text: str


_JOINER = "\u2060"
_TAGS = re.compile(r"(?<=<)(?=[A-Za-z/!])|(?<=\{)(?=[A-Za-z\\])|(?<=--)(?=>)")
_ENTITIES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


def cues_of(scene: Scene) -> tuple[Cue, ...]:
    """The cues of a story in the order in which they begin."""
    return tuple(
        Cue(one.start_ms, one.end_ms, one.profile_name, one.text)
        for one in scene.items
        if one.presence is Presence.THERE and one.length_ms and one.text.strip()
    )


def written(cues: Iterable[Cue], wanted: CueFormat) -> str:
    """The text of a file of cues."""
    match wanted:
        case CueFormat.SRT:
            return srt(cues)
        case CueFormat.VTT:
            return vtt(cues)
        case CueFormat.LABELS:
            return labels(cues)


def srt(cues: Iterable[Cue]) -> str:
    """SubRip. It knows no escapes: an invisible word joiner keeps ``<b>`` from being a tag."""
    blocks = (
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n"
        f"{_TAGS.sub(_JOINER, _lines(cue.text))}\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(blocks)


def vtt(cues: Iterable[Cue]) -> str:
    """WebVTT (W3C), with the voice of each cue."""
    blocks = (
        f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n"
        f"{_voice(cue.voice)}{_lines(cue.text).translate(_ENTITIES)}\n"
        for cue in cues
    )
    return "\n".join(["WEBVTT\n", *blocks])


def labels(cues: Iterable[Cue]) -> str:
    """A label track of Audacity: ``0.000000``, ``1.250000`` and ``Anna: Hello``, tabs between."""
    return "".join(
        f"{cue.start_ms / 1000:.6f}\t{cue.end_ms / 1000:.6f}\t{_label(cue)}\n" for cue in cues
    )


def _label(cue: Cue) -> str:
    words = " ".join(_kept_lines(cue.text))
    return one_line(f"{cue.voice}: {words}" if cue.voice else words)


def _voice(name: str) -> str:
    return f"<v {one_line(name).translate(_ENTITIES)}>" if name.strip() else ""


def _lines(text: str) -> str:
    """The text without empty lines, each of which would end its cue."""
    return "\n".join(_kept_lines(text))


def _kept_lines(text: str) -> Iterator[str]:
    return (printable(line).strip() for line in text.splitlines() if line.strip())


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{rest:03}"
