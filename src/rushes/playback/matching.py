"""One level for several clips, from their loudness: what is compared isn't to be told by it.

What is a little louder is taken for better; ITU-R BS.1116 has levels aligned before listening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rushes.domain.audio import AudioFacts
from rushes.playback.clip import Loudness, Source

HIGHEST_PEAK = -1.0
"""dBTP to which a softer clip is raised at most (EBU R 128); who is beyond isn't raised at all."""


def loudness_of(facts: AudioFacts | None) -> Loudness | None:
    """How loud a file was measured to be; None where nobody has listened, or nothing is heard."""
    quality = None if facts is None else facts.quality
    if quality is None or quality.lufs is None or quality.true_peak is None:
        return None
    return Loudness(quality.lufs, quality.true_peak)


def common_level(clips: Sequence[Loudness]) -> float:
    """The highest level in LUFS that is no louder than the loudest and that all can be played at.

    A softer one is raised as far as its true peak allows; the louder ones give way for the rest.

    Raises:
        ValueError: there are none.
    """
    reach = min(clip.lufs + max(0.0, HIGHEST_PEAK - clip.true_peak) for clip in clips)
    return min(reach, max(clip.lufs for clip in clips))


def at_one_level(sources: Sequence[Source]) -> tuple[Source, ...]:
    """These, each with the level that all of them are to be heard at.

    Where one was never measured, or is silent, they are as they were given: the player then
    measures what it swaps.
    """
    measured = [source.loudness for source in sources if source.loudness is not None]
    if len(measured) < len(sources) or not sources:
        return tuple(sources)
    level = common_level(measured)
    return tuple(replace(source, aim=level) for source in sources)
