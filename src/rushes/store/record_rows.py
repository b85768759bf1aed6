"""Rows of an answer as records at once: a page that is only told needs no generations made of it.

A test holds that ``record`` gives what ``domain.record.generation_record`` does.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, cast

from rushes.domain.quality_words import words
from rushes.domain.record import Record, strict
from rushes.domain.times import from_stored, to_iso
from rushes.store import rows
from rushes.store.database import Row

COLUMNS = (
    "g.seq, g.id, g.profile_id, p.name, g.text, g.language, g.audio_path, g.duration, g.seed,"
    " g.instruct, g.engine, g.model_size, g.status, g.error, g.is_favorited, g.created_at,"
    f" g.rating, g.note, {rows.TAGS}, g.params, v.sample_rate, v.channels, v.frames, v.bytes,"
    " v.sha256, g.deleted_at, v.fault, g.source_id, g.source_key, g.vanished_at, g.flags,"
    " g.has_twin, iif(v.sample_rate IS NULL OR v.measures IS NULL, NULL, v.lufs),"
    " iif(v.sample_rate IS NULL OR v.measures IS NULL, NULL, v.true_peak)"
)
"""What ``record`` builds from; g, p and v are the tables of ``rows.GENERATION_JOINS``."""

WIDTH = 34

_STORED = len("2026-04-01 12:00:00.000000")
_NO_FACTS = (None,) * 5


def record(row: Row) -> Record:
    """The record of a generation from ``COLUMNS``; what follows them is left alone."""
    columns = cast(tuple[Any, ...], row)
    tags, params = columns[18], columns[19]
    facts = columns[20:25]
    sample_rate, channels, frames, size, sha256 = _NO_FACTS if facts[0] is None else facts
    return {
        "id": columns[1],
        "profile_id": columns[2],
        "profile_name": columns[3],
        "text": columns[4],
        "language": columns[5],
        "audio_path": columns[6],
        "duration": columns[7],
        "seed": columns[8],
        "instruct": columns[9],
        "engine": columns[10],
        "model_size": columns[11],
        "status": columns[12],
        "error": columns[13],
        "is_favorited": columns[14] != 0,
        "created_at": _time(columns[15]),
        "rating": columns[16],
        "note": columns[17],
        "tags": [] if tags == "[]" else json.loads(tags),
        "params": strict(json.loads(params) if params else {}) if params is not None else None,
        "sample_rate": sample_rate,
        "channels": channels,
        "frames": frames,
        "bytes": size,
        "sha256": sha256,
        "deleted_at": None if columns[25] is None else _time(columns[25]),
        "fault": columns[26],
        "source_id": columns[27],
        "source_key": columns[28],
        "vanished_at": None if columns[29] is None else _time(columns[29]),
        "flags": _flags(columns[30], columns[31] != 0),
        "lufs": columns[32],
        "true_peak": columns[33],
        "audio_file": None,
    }


def _time(stored: str) -> str:
    """``to_iso`` of a stored time, which for the form that is written here is the same text."""
    if len(stored) == _STORED and stored[19] == "." and stored[20:].isdecimal():
        return f"{stored[:10]}T{stored[11:]}Z"
    return to_iso(from_stored(stored))


def _flags(held: int | None, has_twin: bool) -> list[str] | None:
    return None if held is None else [*_words(held, has_twin)]


@lru_cache(maxsize=1024)
def _words(held: int, has_twin: bool) -> tuple[str, ...]:
    return tuple(words(rows.flags_of(held, has_twin)))
