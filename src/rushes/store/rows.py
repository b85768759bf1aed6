"""Rows of an answer as values of the domain, built by position: a page must be quick."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, cast

from rushes.domain.audio import AudioFacts, Fault
from rushes.domain.generation import Generation, GenerationVersion, Status
from rushes.domain.profile import Profile
from rushes.domain.quality import Quality, QualityFlag
from rushes.domain.times import from_stored
from rushes.store.database import Row

FACTS_COLUMNS = (
    "v.sample_rate, v.channels, v.frames, v.bytes, v.sha256, v.format, v.subtype, v.peak,"
    " v.waveform, v.lufs, v.true_peak, v.sound_hash, v.measures, v.fault"
)

TAGS = "(SELECT json_group_array(t.tag) FROM tags t WHERE t.generation_id = g.id)"
"""The tags of a generation ``g`` as JSON."""

GENERATION_COLUMNS = (
    "g.seq, g.id, g.profile_id, p.name, p.missing, g.text, g.language, g.audio_path, g.duration,"
    " g.seed, g.instruct, g.engine, g.model_size, g.status, g.error, g.is_favorited, g.rating,"
    f" g.note, {TAGS}, g.params, g.source_id, g.source_key, g.created_at, g.deleted_at,"
    f" {FACTS_COLUMNS}, g.vanished_at, g.flags, g.has_twin"
)
"""What ``generation`` builds from; g, p and v are the tables of ``GENERATION_JOINS``."""

GENERATION_WIDTH = 41

GENERATION_JOINS = (
    "JOIN profiles p ON p.id = g.profile_id"
    " LEFT JOIN generation_versions v ON v.generation_id = g.id AND v.is_default = 1"
)

VERSION_COLUMNS = (
    "v.id, v.generation_id, v.label, v.audio_path, v.effects_chain, v.source_version_id,"
    f" v.is_default, v.created_at, {FACTS_COLUMNS}, v.flags"
)

PROFILE_COLUMNS = "p.id, p.name, p.description, p.language, p.missing, p.created_at, p.updated_at"

_STATUSES = {status.value: status for status in Status}


def generation(row: Row) -> Generation:
    """A generation from ``GENERATION_COLUMNS``; what follows them is left alone."""
    columns = cast(tuple[Any, ...], row)
    deleted_at = columns[23]
    tags = columns[18]
    return Generation(
        columns[0],
        columns[1],
        columns[2],
        columns[3],
        bool(columns[4]),
        columns[5],
        columns[6],
        columns[7],
        columns[8],
        columns[9],
        columns[10],
        columns[11],
        columns[12],
        _STATUSES[columns[13]],
        columns[14],
        bool(columns[15]),
        columns[16],
        columns[17],
        () if tags == "[]" else tuple(json.loads(tags)),
        columns[19],
        columns[20],
        columns[21],
        from_stored(columns[22]),
        None if deleted_at is None else from_stored(deleted_at),
        None if columns[24] is None else _facts(columns[24:37]),
        None if columns[37] is None else Fault(columns[37]),
        None if columns[38] is None else from_stored(columns[38]),
        flags_of(columns[39], bool(columns[40])),
    )


def version(row: Row) -> GenerationVersion:
    """A version from ``VERSION_COLUMNS``."""
    columns = cast(tuple[Any, ...], row)
    identity, generation_id, label, audio_path, effects_chain, source_version_id = columns[:6]
    return GenerationVersion(
        id=identity,
        generation_id=generation_id,
        label=label,
        audio_path=audio_path,
        effects_chain_json=effects_chain,
        source_version_id=source_version_id,
        is_default=bool(columns[6]),
        created_at=from_stored(columns[7]),
        facts=None if columns[8] is None else _facts(columns[8:21]),
        fault=None if columns[21] is None else Fault(columns[21]),
        flags=flags_of(columns[22], has_twin=False),
    )


def _facts(columns: tuple[Any, ...]) -> AudioFacts:
    if columns[12] is None:
        return AudioFacts(*columns[:9])
    return AudioFacts(*(*columns[:9], Quality(*columns[9:])))


@lru_cache(maxsize=1024)
def flags_of(held: int | None, has_twin: bool) -> QualityFlag | None:
    """The flags of a row, those of its default version, and whether it has a twin."""
    if held is None:
        return None
    # An IntFlag takes longer to make than all else of a row; there are few that differ.
    return QualityFlag(held | (QualityFlag.DUPLICATE if has_twin else 0))


def profile(row: Row) -> Profile:
    """A profile from ``PROFILE_COLUMNS``; what follows them is left alone."""
    columns = cast(tuple[Any, ...], row)
    identity, name, description, language = columns[:4]
    return Profile(
        id=identity,
        name=name,
        description=description,
        language=language,
        missing=bool(columns[4]),
        created_at=from_stored(columns[5]),
        updated_at=from_stored(columns[6]),
    )
