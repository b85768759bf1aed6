"""Rows as verify reads them: plainly, some at a time, whatever stands in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rushes.domain.generation import Status
from rushes.store.database import Row
from rushes.store.reader import Reader

ENGINE = sqlite3.sqlite_version
"""The version of the SQLite in use."""

_STATUSES = ", ".join(f"'{status.value}'" for status in Status)

_VERSION = (
    "SELECT v.seq, v.id, v.generation_id, v.audio_path, v.bytes, v.sha256, v.fault, g.source_id,"
    " g.purging FROM generation_versions v JOIN generations g ON g.id = v.generation_id WHERE"
)

TIME = "({0} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] *' AND julianday({0}) NOT NULL)"
"""Whether a column ({0}) holds a time as it is kept."""

UNREADABLE_VERSION = f"""
    (NOT {TIME.format("v.created_at")} OR NOT json_valid(COALESCE(v.effects_chain, 'null'))
    OR NOT json_valid(COALESCE(v.measures, '{{}}')) OR (v.flags NOT NULL AND v.measures IS NULL)
    OR COALESCE(v.fault, 'missing') NOT IN ('missing', 'damaged')
    OR (v.sample_rate NOT NULL AND (v.sample_rate <= 0 OR v.channels IS NULL OR v.frames IS NULL
        OR v.bytes IS NULL OR v.sha256 IS NULL OR v.format IS NULL OR v.subtype IS NULL
        OR v.peak IS NULL OR v.waveform IS NULL)))
"""
"""A version (v) in which something stands that nobody could show."""

_UNREADABLE = f"""
    (NOT {TIME.format("g.created_at")}
    OR NOT {TIME.format("COALESCE(g.deleted_at, g.created_at)")}
    OR NOT json_valid(COALESCE(g.params, 'null')))
"""

STATE = f"""
    SELECT g.seq, g.id, g.audio_path, g.source_id IS NOT NULL, count(v.seq),
        COALESCE(sum(v.is_default = 1), 0),
        CASE WHEN g.status IN ({_STATUSES}) THEN NULL ELSE g.status END,
        g.purging = 1 AND g.deleted_at IS NULL,
        max(CASE WHEN v.is_default = 1 THEN v.audio_path END) IS NOT g.audio_path,
        abs(COALESCE(g.duration, -1.0) - max(CASE WHEN v.is_default = 1
            THEN v.frames * 1.0 / v.sample_rate END)) > 1e-6,
        {_UNREADABLE} OR COALESCE(sum(v.seq NOT NULL AND {UNREADABLE_VERSION}), 0) > 0,
        g.text, g.text_fold, g.language, g.language_fold, g.engine, g.engine_fold,
        g.model_size, g.model_fold
    FROM generations g LEFT JOIN generation_versions v ON v.generation_id = g.id
"""
"""What ``state_of`` builds from, without its WHERE and its GROUP BY."""


@dataclass(frozen=True, slots=True)
class Held:
    """A version and the file that it names; with a ``source_id`` the file isn't ours."""

    seq: int
    id: str
    generation_id: str
    audio_path: str
    bytes: int | None
    sha256: str | None
    fault: str | None
    source_id: str | None
    purging: bool


@dataclass(frozen=True, slots=True)
class State:
    """A generation and how it agrees with its versions and with itself.

    ``unknown_status`` is a status that nobody knows, ``unreadable`` that something in it or its
    versions can't be shown; ``folds`` are texts beside what stands for their folded form.
    """

    seq: int
    id: str
    audio_path: str | None
    linked: bool
    versions: int
    defaults: int
    unknown_status: str | None
    half_purged: bool
    other_path: bool
    other_length: bool
    unreadable: bool
    folds: tuple[tuple[str | None, str | None], ...]


def tables(reader: Reader) -> list[str]:
    """Every table that has pages of its own."""
    found = reader.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
    return [str(name) for (name,) in found]


def integrity(reader: Reader, table: str | None, look: Callable[[], None]) -> list[str]:
    """What SQLite finds wrong with a table and its indexes, a line each; nothing when it is whole.

    Without a table it is the whole file, in one reading. What ``look`` raises ends it.
    """
    argument = "" if table is None else "('{}')".format(table.replace("'", "''"))
    with reader.snapshot() as snapshot:
        found = snapshot.all_watched(look, f"PRAGMA integrity_check{argument}")
    return [str(line) for (line,) in found if line != "ok"]


def dangling(reader: Reader, most: int) -> dict[tuple[str, str], int]:
    """How many rows of a table point to a row of another that isn't there, where any do."""
    found: dict[tuple[str, str], int] = {}
    with reader.snapshot() as snapshot:
        for number, (table, _, parent, _) in enumerate(snapshot.each("PRAGMA foreign_key_check")):
            key = (str(table), str(parent))
            found[key] = found.get(key, 0) + 1
            if number >= most:
                break
    return found


def count(reader: Reader, table: str) -> int:
    """About how many rows a table has: what progress is measured by."""
    with reader.snapshot() as snapshot:
        return snapshot.number(f"SELECT COALESCE(max(seq), 0) FROM {table}")


def versions_after(reader: Reader, seq: int, limit: int) -> list[Held]:
    """Versions by row number, those after ``seq``."""
    return [
        _held(row)
        for row in reader.all(f"{_VERSION} v.seq > ? ORDER BY v.seq LIMIT ?", (seq, limit))
    ]


def version(reader: Reader, seq: int) -> Held | None:
    """The version of that row number; None where it is gone."""
    row = reader.one(f"{_VERSION} v.seq = ?", (seq,))
    return None if row is None else _held(row)


def states_after(reader: Reader, seq: int, limit: int) -> list[State]:
    """Generations by row number, those after ``seq``."""
    found = reader.all(
        f"{STATE} WHERE g.seq IN (SELECT seq FROM generations WHERE seq > ? ORDER BY seq LIMIT ?)"
        " GROUP BY g.seq ORDER BY g.seq",
        (seq, limit),
    )
    return [state_of(row) for row in found]


def state(reader: Reader, seq: int) -> State | None:
    """The generation of that row number; None where it is gone."""
    row = reader.one(f"{STATE} WHERE g.seq = ? GROUP BY g.seq", (seq,))
    return None if row is None else state_of(row)


def own_paths_after(reader: Reader, table: str, seq: int, limit: int) -> list[tuple[int, str]]:
    """Row numbers and own files that rows of a table name, in order: those after ``seq``."""
    if table == "generations":
        sql = "SELECT seq, audio_path FROM generations g WHERE"
    else:
        sql = (
            "SELECT v.seq, v.audio_path FROM generation_versions v"
            " JOIN generations g ON g.id = v.generation_id WHERE"
        )
    column = "g.seq" if table == "generations" else "v.seq"
    found = reader.all(
        f"{sql} g.source_id IS NULL AND {column} > ? ORDER BY {column} LIMIT ?", (seq, limit)
    )
    return [(_integer(number) or 0, "" if path is None else str(path)) for number, path in found]


def purging_after(reader: Reader, identity: str, limit: int) -> Sequence[str]:
    """Generations whose purge was begun and not ended, by id: those after ``identity``."""
    found = reader.all(
        "SELECT id FROM generations WHERE purging = 1 AND id > ? ORDER BY id LIMIT ?",
        (identity, limit),
    )
    return [str(one) for (one,) in found]


def words_of(reader: Reader, generation_id: str) -> str | None:
    """The text of a generation; None without one."""
    row = reader.one("SELECT text FROM generations WHERE id = ?", (generation_id,))
    return None if row is None else str(row[0])


def _held(row: Row) -> Held:
    seq, identity, generation_id, audio_path, size, sha256, fault, source_id, purging = row
    return Held(
        seq=_integer(seq) or 0,
        id=str(identity),
        generation_id=str(generation_id),
        audio_path=_text(audio_path) or "",
        bytes=_integer(size),
        sha256=_text(sha256),
        fault=_text(fault),
        source_id=_text(source_id),
        purging=bool(purging),
    )


def state_of(row: Row) -> State:
    """A generation's state from ``STATE``."""
    seq, identity, audio_path, linked, versions, defaults, status = row[:7]
    half_purged, other_path, other_length, unreadable = row[7:11]
    texts = [_text(column) for column in row[11:]]
    return State(
        seq=_integer(seq) or 0,
        id=str(identity),
        audio_path=_text(audio_path),
        linked=bool(linked),
        versions=_integer(versions) or 0,
        defaults=_integer(defaults) or 0,
        unknown_status=_text(status),
        half_purged=bool(half_purged),
        other_path=bool(other_path),
        other_length=bool(other_length),
        unreadable=bool(unreadable),
        folds=tuple(zip(texts[::2], texts[1::2], strict=True)),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) else None
