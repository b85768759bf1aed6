"""One level for several clips, from their loudness: what is compared isn't to be told by it.

What is a little louder is taken for better; ITU-R BS.1116 has levels aligned before listening.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rushes.domain.audio import AudioFacts
from rushes.playback.clip import Loudness

BOTH_SIDES = 10 * math.log10(2)
"""LU by which a clip of one channel is heard louder than BS.1770 has it: it comes out of both
loudspeakers, and the standard counts one (as ffmpeg's ebur128 does with ``dualmono``)."""

HIGHEST_PEAK = -1.0
"""dBTP to which a softer clip is raised at most (EBU R 128); who is beyond isn't raised at all."""


def loudness_of(facts: AudioFacts | None) -> Loudness | None:
    """How loud a file is heard, by what was measured of it.

    None where nobody has listened to it, or nothing is to be heard.
    """
    quality = None if facts is None else facts.quality
    if facts is None or quality is None or quality.lufs is None or quality.true_peak is None:
        return None
    more = BOTH_SIDES if facts.channels == 1 else 0.0
    return Loudness(quality.lufs + more, quality.true_peak)


def common_level(clips: Sequence[Loudness | None]) -> float | None:
    """The highest level in LUFS that is no louder than the loudest and that all can be played at.

    A softer one is raised as far as its true peak allows; the louder ones give way for the rest.
    None where there are none, or one was never measured, or is silent: the player then measures
    what it swaps.
    """
    measured = [clip for clip in clips if clip is not None]
    if len(measured) < len(clips) or not measured:
        return None
    reach = min(clip.lufs + max(0.0, HIGHEST_PEAK - clip.true_peak) for clip in measured)
    return min(reach, max(clip.lufs for clip in measured))
