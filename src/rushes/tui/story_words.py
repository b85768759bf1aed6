"""What there is to say of stories and of their items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.story import Presence
from rushes.domain.story_values import in_db, seconds
from rushes.domain.text import one_line
from rushes.domain.wordless import in_place_of_text
from rushes.tui.piece import Piece
from rushes.words import when

if TYPE_CHECKING:
    from rushes.domain.envelope import Envelope
    from rushes.domain.story import Scene, SceneItem
    from rushes.domain.story_sound import ExportedStory

GAPS = {
    Presence.GONE: "gone",
    Presence.TRASHED: "in the trash",
    Presence.NO_AUDIO: "no audio",
}
"""Why an item isn't heard, in a word or two."""

_WHY = {
    Presence.GONE: "The take was deleted for good: silence stays in its place.",
    Presence.TRASHED: "The take lies in the trash: silence until it is restored.",
    Presence.NO_AUDIO: "The take has no audio: it is still running, or it failed.",
}


_SOFTER = 0.05
"""Decibels from which on it is said that all of an export got softer."""


def items(count: int) -> str:
    """Give ``1 item`` or ``3 items``."""
    return f"{count:,} item" if count == 1 else f"{count:,} items"


def piece_of(shown: SceneItem, fine: Envelope | None = None) -> Piece:
    """Give an item as the timeline draws it; ``fine`` is its clip's envelope, where known."""
    item, clip = shown.item, shown.clip_ms
    generation = shown.generation
    gap = GAPS.get(shown.presence, "")
    return Piece(
        id=item.id,
        start_ms=item.start_ms,
        length_ms=shown.length_ms if clip or not gap else None,
        track=item.track,
        profile_id="" if generation is None else generation.profile_id,
        name=shown.profile_name,
        text="" if generation is None else shown.text.strip() or in_place_of_text(generation),
        waveform=shown.waveform if fine is None else fine,
        begins=item.trim_start_ms / clip if clip else 0.0,
        ends=1 - item.trim_end_ms / clip if clip else 1.0,
        volume=item.volume,
        gap=gap,
        pinned=shown.pinned is not None,
    )


def why_silent(shown: SceneItem) -> str:
    """Say why an item isn't heard; nothing where it is."""
    return _WHY.get(shown.presence, "")


def length_words(shown: SceneItem) -> str:
    """Say how long it is heard, and of how much."""
    if not shown.clip_ms:
        return "nobody knows"
    if shown.length_ms == shown.clip_ms:
        return seconds(shown.length_ms)
    return f"{seconds(shown.length_ms)} of {seconds(shown.clip_ms)}"


def trim_words(shown: SceneItem) -> str:
    """Say what is left out at both ends."""
    item = shown.item
    parts = [
        f"{seconds(ms)} {where}"
        for ms, where in ((item.trim_start_ms, "in front"), (item.trim_end_ms, "behind"))
        if ms
    ]
    return ", ".join(parts) or "nothing"


def volume_words(volume: float) -> str:
    """Say how loud it is beside its clip: ``0.5, −6 dB``, ``as it is``."""
    if volume == 1:
        return "as it is"
    level = in_db(volume)
    return f"{volume:.3g}, {'silence' if level is None else when.in_db(level)}"


def version_words(shown: SceneItem) -> str:
    """Say which version is heard, and whether it stays that one."""
    if shown.pinned is not None:
        return f"{shown.pinned}, pinned"
    if shown.version is None:
        return "–"
    return f"{shown.version.label}, the default"


def scene_words(scene: Scene) -> str:
    """Say how much there is: ``3 items on 2 tracks   0:01.4   1 gap``."""
    tracks = len(scene.tracks)
    on = f" on {tracks:,} tracks" if tracks > 1 else ""
    gaps = len(scene.gaps)
    parts = [
        f"{items(len(scene.items))}{on}",
        when.playhead(scene.length_ms / 1000),
        f"{gaps:,} gap{'s' if gaps > 1 else ''}" if gaps else "",
    ]
    return "   ".join(part for part in parts if part)


def exported_words(made: ExportedStory) -> str:
    """Say what an export came to: ``Exported to ~/river.wav, 3.1 MB; 2 gaps are silent``."""
    beside = len(made.files) - 1
    parts = [f"Exported to {one_line(made.files[0])}, {when.size(made.bytes)}"]
    if beside:
        parts.append(f"{beside} file{'s' if beside > 1 else ''} with what is said beside it")
    if made.gain_db < -_SOFTER:
        parts.append(f"all of it {when.in_db(made.gain_db)}, to stay under full scale")
    if made.silent:
        gaps = len(made.silent)
        parts.append(f"{gaps:,} gap{' is' if gaps == 1 else 's are'} silent")
    return "; ".join(parts) + "."
