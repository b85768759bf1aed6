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
from rushes.store.heard import COLUMNS, heard
from rushes.store.new_rows import Addition, NewVersion

if TYPE_CHECKING:
    from sqlmodel import Session

_ROWS = (256, 32, 4, 1)
"""Rows of one statement: few statements for many rows, and few different ones to be kept.

The most question marks that come of it, some 6,000, are within what SQLite takes since 3.32.
"""

_ASKED = 900
"""Ids that one question asks for."""

_GENERATION = (
    "id, profile_id, status, created_at, is_favorited, rating, duration, seed, language,"
    " language_fold, engine, engine_fold, model_size, model_fold, audio_path, text_fold, text,"
    " instruct, note, params, flags, lufs, true_peak, sound_hash"
)
_VERSION = (
    "id, generation_id, label, audio_path, effects_chain, source_version_id, is_default,"
    " created_at, sample_rate, channels, frames, bytes, sha256, format, subtype, peak, waveform,"
    f" {COLUMNS}"
)

_Values = tuple[Parameter, ...]


def add_generations(session: Session, additions: Sequence[Addition]) -> None:
    """Add generations, each with its only version if it has audio already."""
    listened = [_heard(added) for added in additions]
    insert_rows(session, "generations", _GENERATION, list(map(_generation, additions, listened)))
    there = [
        (added.version, one)
        for added, one in zip(additions, listened, strict=True)
        if added.version is not None
    ]
    add_versions(session, [version for version, _ in there], [one for _, one in there])


def add_versions(
    session: Session, versions: Sequence[NewVersion], listened: Sequence[_Values] | None = None
) -> None:
    """Add versions; of a generation's only one may be the default, at any moment.

    ``listened`` is what ``heard`` gave of them, where somebody has asked it already.
    """
    if listened is None:
        texts = _texts(session, [version.generation_id for version in versions])
        listened = [heard(one.facts, texts.get(one.generation_id, "")) for one in versions]
    insert_rows(session, "generation_versions", _VERSION, list(map(_version, versions, listened)))


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


def _texts(session: Session, ids: Sequence[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for start in range(0, len(ids), _ASKED):
        chunk = tuple(ids[start : start + _ASKED])
        marks = ", ".join("?" * len(chunk))
        found = session.connection().exec_driver_sql(
            f"SELECT id, text FROM generations WHERE id IN ({marks})", chunk
        )
        texts.update((str(identity), str(text)) for identity, text in found)
    return texts


def _heard(added: Addition) -> _Values:
    facts = None if added.version is None else added.version.facts
    return heard(facts, added.generation.text)


def _generation(added: Addition, listened: _Values) -> _Values:
    lufs, true_peak, sound_hash, _, flags = listened
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
        flags,
        lufs,
        true_peak,
        sound_hash,
    )


def _version(new: NewVersion, listened: _Values) -> _Values:
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
        *listened,
    )
