"""The small waveform of a whole story, put together from those of its items."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rushes.domain.part_of_wave import part_of_wave
from rushes.domain.story import Presence
from rushes.domain.waveform import BUCKETS, pack

if TYPE_CHECKING:
    from rushes.domain.story import Scene, SceneItem


def wave_of(scene: Scene) -> bytes:
    """Give the 128 bytes of a story as ``waveform.pack`` has them, without reading any file.

    Where several items sound at once their mean squares and their peaks are added, up to full
    scale: items aren't related, so their powers add.
    """
    squares, peaks = [0.0] * BUCKETS, [0.0] * BUCKETS
    each = scene.length_ms / BUCKETS
    for shown in scene.items:
        if shown.presence is Presence.THERE and shown.length_ms and each:
            _add(shown, each, squares, peaks)
    return pack([math.sqrt(square) for square in squares], peaks)


def _add(shown: SceneItem, each: float, squares: list[float], peaks: list[float]) -> None:
    """Add an item to buckets of ``each`` milliseconds."""
    item, clip = shown.item, shown.clip_ms
    first = max(0, int(shown.start_ms / each))  # another program's may begin before the story
    last = min(BUCKETS, math.ceil(shown.end_ms / each))
    for bucket in range(first, last):
        begins = max(bucket * each, shown.start_ms)
        ends = min((bucket + 1) * each, shown.end_ms)
        if ends <= begins:
            continue
        offset = item.trim_start_ms - shown.start_ms
        heard = ((begins + offset) / clip, (ends + offset) / clip)
        part = part_of_wave(shown.waveform, *heard, 1, gain=shown.volume)
        squares[bucket] += part.rms[0][0] ** 2 * (ends - begins) / each
        peaks[bucket] += part.maxima[0][0]
