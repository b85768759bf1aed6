"""Everything there is to say about a generation, in groups of labels and values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rushes.domain.effects import in_words
from rushes.domain.generation import Generation, GenerationVersion, Status
from rushes.domain.health import FAULTS
from rushes.domain.ids import SHORT
from rushes.domain.quality import QualityFlag
from rushes.domain.quality_words import findings, loudness
from rushes.words import about, snapshot, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.audio import AudioFacts

Pair = tuple[str, str]

ERROR, FAULT, GONE, FLAG = "error", "fault", "linked", "flag"
"""The labels of what went wrong."""

STORIES = "stories"
"""The label of the stories that use it."""


def particulars(
    generation: Generation,
    twins: Sequence[str] = (),
    stories: Sequence[str] = (),
    *,
    ascii: bool = False,  # noqa: A002  # the option's name
) -> list[list[Pair]]:
    """Give the groups: what went wrong, its stories, how it was made, its file, its place.

    ``twins`` are the ids of other takes of the same sound, ``stories`` the names of those that
    use it.
    """
    groups = [
        _wrong(generation, twins),
        [(STORIES if not at else "", name) for at, name in enumerate(stories)],
        about.settings(generation),
        snapshot.flat(generation.params_json, ascii=ascii),
        _file(generation),
        _place(generation),
    ]
    return [group for group in groups if group]


def whole(generation: Generation, versions: Sequence[GenerationVersion] = ()) -> str:
    """Give all of it as text: nothing shortened, the snapshot as the JSON that it is.

    Of its ``versions`` those follow that effects made, each with its chain.
    """
    facts = generation.facts
    file = [pair for pair in _file(generation) if pair[0] != "sha256"]
    if facts is not None:
        file.append(("sha256", facts.sha256))
    groups = [_wrong(generation), about.settings(generation), file, _place(generation)]
    texts = ["\n".join(f"{label:<12}{value}" for label, value in group) for group in groups]
    texts.insert(2, snapshot.whole(generation.params_json))
    texts.append("\n".join(made_by(version) for version in versions if version.effects_chain_json))
    return "\n\n".join(text for text in texts if text)


def made_by(version: GenerationVersion) -> str:
    """Give a version's label and the effects that made it: ``radio: highpass 300 Hz``."""
    chain = in_words(version.effects_chain_json)
    return f"{version.label}: {chain}" if chain else version.label


def _wrong(generation: Generation, twins: Sequence[str] = ()) -> list[Pair]:
    pairs = []
    if generation.error:
        pairs.append((ERROR, generation.error))
    elif generation.status is Status.FAILED:
        pairs.append(("status", "failed"))
    if generation.vanished_at is not None:
        pairs.append((GONE, f"gone at its source since {when.full(generation.vanished_at)}"))
    if generation.fault is not None:
        pairs.append((FAULT, FAULTS[generation.fault]))
    pairs += _flags(generation, twins)
    return pairs


def _flags(generation: Generation, twins: Sequence[str]) -> list[Pair]:
    pairs = []
    for finding in findings(generation.flags, generation.facts, generation.text):
        told = finding.told
        if finding.flag is QualityFlag.DUPLICATE and twins:
            told += f": {', '.join(twin[:SHORT] for twin in twins)}"
        elif finding.begins:
            told += f", at {when.playhead(finding.begins)}"
        pairs.append((FLAG, told))
    return pairs


def _file(generation: Generation) -> list[Pair]:
    pairs = []
    if generation.duration is not None:
        pairs.append(("length", f"{generation.duration:.2f} s"))
    facts = generation.facts
    if facts is not None:
        pairs += [
            ("file", about.file_facts(facts)),
            ("format", f"{facts.format} {facts.subtype}"),
            ("frames", f"{facts.frames:,}"),
            ("bytes", f"{facts.bytes:,}"),
            ("peak", peak(facts)),
            *([("loudness", loudness(facts.quality))] if facts.quality is not None else []),
            ("sha256", facts.sha256[:16]),
        ]
    if generation.audio_path:
        pairs.append(("path", generation.audio_path))
    return pairs


def _place(generation: Generation) -> list[Pair]:
    pairs = [
        ("tags", ", ".join(generation.tags)),
        ("note", generation.note or ""),
        ("profile", generation.profile_name),
        ("status", str(generation.status).replace("_", " ")),
        ("made", when.full(generation.created_at)),
        ("source", generation.source_key or generation.source_id or ""),
        ("id", generation.id),
    ]
    return [(label, value) for label, value in pairs if value]


def peak(facts: AudioFacts) -> str:
    """Give the largest sample in dBFS: ``−0.1 dBFS``."""
    if not facts.peak > 0:
        return "silence"
    return f"{20 * math.log10(facts.peak):.1f} dBFS".replace("-", "−").replace("−0.0 ", "0.0 ")
