"""What was heard of a file as the columns of its version, the flags that it gets among them."""

from __future__ import annotations

from dataclasses import replace

from rushes.domain.audio import AudioFacts
from rushes.domain.quality import QualityFlag
from rushes.domain.quality_rules import judged
from rushes.store.database import Parameter

COLUMNS = "lufs, true_peak, sound_hash, measures, flags"
"""What ``heard`` gives."""

WIDTH = 5


def heard(
    facts: AudioFacts | None, text: str, recorded: float | None = None
) -> tuple[Parameter, ...]:
    """The values of ``COLUMNS``; ``recorded`` is the length in seconds by the record, if any."""
    quality = None if facts is None else facts.quality
    if facts is None or quality is None:
        return (None,) * WIDTH
    flags = judged(quality, facts.duration, text, recorded)
    measures = quality.measures_json
    if QualityFlag.LENGTH in flags:
        measures = replace(quality.measures, recorded=recorded).to_json()
    return quality.lufs, quality.true_peak, quality.sound_hash, measures, int(flags)
