"""How well a take came out, as a plain record for JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.domain.generation import Generation
from rushes.domain.quality_words import findings, words


def quality_record(generation: Generation, twins: Sequence[str]) -> dict[str, object]:
    """What is wrong with a take: flags, each explained with its place in seconds, and its twins.

    ``twins`` are the ids of other takes of the same samples.
    """
    facts = generation.facts
    quality = None if facts is None else facts.quality
    return {
        "id": generation.id,
        "profile_name": generation.profile_name,
        "text": generation.text,
        "duration": generation.duration,
        "flags": words(generation.flags),
        "findings": [
            {
                "flag": finding.flag.word,
                "told": finding.told,
                "begins": finding.begins,
                "ends": finding.ends,
            }
            for finding in findings(generation.flags, facts, generation.text)
        ],
        "lufs": None if quality is None else quality.lufs,
        "true_peak": None if quality is None else quality.true_peak,
        "twins": list(twins),
    }
