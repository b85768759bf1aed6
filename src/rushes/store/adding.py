"""Adding generations and versions, many rows to a statement.

Before every statement of a transaction SQLite 3.40's FTS5 writes out what it holds in memory: one
generation a statement makes a segment of the text index each, and takes twice the time in all.
So rows go in as ``VALUES (…), (…), …``, handed to the driver, as an ORM compiles each such
statement anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from rushes.domain.text import fold
from rushes.domain.times import to_stored
from rushes.store.database import Parameter
from rushes.store.new_rows import Addition, NewVersion

if TYPE_CHECKING:
    from sqlmodel import Session

_ROWS = (256, 32, 4, 1)
"""Rows of one statement: few statements for many rows, and few different ones to be kept.

The most question marks that come of it, some 6,000, are within what SQLite takes since 3.32.
"""

_GENERATION = (
    "id, profile_id, status, created_at, is_favorited, rating, duration, seed, language,"
    " language_fold, engine, engine_fold, model_size, model_fold, audio_path, text_fold, text,"
    " instruct, note, params"
)
_VERSION = (
    "id, generation_id, label, audio_path, effects_chain, source_version_id, is_default,"
    " created_at, sample_rate, channels, frames, bytes, sha256, format, subtype, peak, waveform"
)

_Values = tuple[Parameter, ...]


def add_generations(session: Session, additions: Sequence[Addition]) -> None:
    """Add generations, each with its only version if it has audio already."""
    insert_rows(session, "generations", _GENERATION, [_generation(added) for added in additions])
    add_versions(session, [added.version for added in additions if added.version is not None])


def add_versions(session: Session, versions: Sequence[NewVersion]) -> None:
    """Add versions. Of a generation's only one may be the default, at any moment."""
    insert_rows(
        session, "generation_versions", _VERSION, [_version(version) for version in versions]
    )


def insert_rows(
    session: Session, table: str, columns: str, rows: Sequence[tuple[Parameter, ...]]
) -> None:
    """Add rows to a table; ``columns`` are named as in SQL."""
    connection = session.connection()
    for chunk in _chunks(rows):
        sql = _statement(table, columns, len(chunk))
        connection.exec_driver_sql(sql, tuple(chain.from_iterable(chunk)))


def _chunks(rows: Sequence[_Values]) -> Iterator[Sequence[_Values]]:
    start = 0
    for size in _ROWS:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


@lru_cache(maxsize=16)
def _statement(table: str, columns: str, rows: int) -> str:
    row = f"({', '.join('?' * (columns.count(',') + 1))})"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * rows)}"


def _generation(added: Addition) -> _Values:
    new, version = added.generation, added.version
    return (
        new.id,
        added.profile_id,
        added.status.value,
        to_stored(new.created_at),
        int(new.is_favorited),
        new.rating,
        None if version is None else version.facts.duration,
        new.seed,
        new.language,
        fold(new.language),
        new.engine,
        fold(new.engine),
        new.model_size,
        None if new.model_size is None else fold(new.model_size),
        None if version is None else version.audio_path,
        fold(new.text),
        new.text,
        new.instruct,
        new.note,
        new.params_json,
    )


def _version(new: NewVersion) -> _Values:
    facts = new.facts
    return (
        new.id,
        new.generation_id,
        new.label,
        new.audio_path,
        new.effects_chain_json,
        new.source_version_id,
        int(new.is_default),
        to_stored(new.created_at),
        facts.sample_rate,
        facts.channels,
        facts.frames,
        facts.bytes,
        facts.sha256,
        facts.format,
        facts.subtype,
        facts.peak,
        facts.waveform,
    )
