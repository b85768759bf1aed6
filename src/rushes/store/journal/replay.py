"""Reading a journal back into a database: the last line that speaks of a row wins.

Triggers and unique indexes are taken away meanwhile: lines say how rows are after a commit, not in
which order it changed them. What is derived is made anew in the end. All of it happens within a
transaction of the caller's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from rushes.domain.text import fold
from rushes.domain.watch import Watch
from rushes.store.journal.entries import Entry, Header, Item, Kind, Value, entry_of, from_json
from rushes.store.journal.file import JournalFile
from rushes.store.journal.mending import mend
from rushes.store.journal.truth import BY_NAME, TRUTHS, Truth
from rushes.store.migrations import step_0006
from rushes.store.migrations.step_0002 import REBUILD

_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)
"""What a row raises that nobody can have written so."""


@dataclass(slots=True)
class Replayed:
    """How far it came: the last commit's number, and the bytes up to its end.

    ``damaged`` are lines that couldn't be read, ``refused`` rows that couldn't be taken.
    """

    number: int = 0
    end: int = 0
    commits: int = 0
    damaged: int = 0
    refused: int = 0


@contextmanager
def bare(connection: sqlite3.Connection) -> Iterator[None]:
    """Within it the tables have neither triggers nor unique indexes of their own.

    Nor have generations any index but that of their ids: a million of them are read sooner so.
    Afterwards rows that contradict each other are mended, and what is derived is made anew.
    """
    connection.execute("PRAGMA defer_foreign_keys=ON")
    taken = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE type = 'trigger' OR (type = 'index'"
        " AND (sql LIKE 'CREATE UNIQUE INDEX%' OR sql NOT NULL AND tbl_name = 'generations'))"
    ).fetchall()
    for kind, name, _ in taken:
        connection.execute(f"DROP {kind} main.{name}")
    yield
    mend(connection)
    for statement in step_0006.REBUILD:
        connection.execute(statement)
    for _, _, sql in taken:
        connection.execute(sql)
    for statement in REBUILD:
        connection.execute(statement)


def empty(connection: sqlite3.Connection) -> None:
    """Take every row of truth away; within ``bare``."""
    for truth in reversed(TRUTHS):
        connection.execute(f"DELETE FROM {truth.table}")


def body(file: JournalFile, replayed: Replayed, watch: Watch) -> Iterator[bytes]:
    """The lines of a journal after the first, which counts as damaged where it can't be read.

    There are none where there is no file.
    """
    if not file.path.is_file():
        return
    try:
        total = file.path.stat().st_size
        first = file.first_line()
        replayed.end = done = len(first)
        replayed.damaged += bool(first) and file.header() is None
        for line in file.lines(done):
            watch(done, total, "reading the journal")
            done += len(line)
            yield line
    except FileNotFoundError:
        return


def keep_highest(connection: sqlite3.Connection, header: Header) -> None:
    """Give no row number twice, not even of rows that are gone."""
    for table, highest in header.highest.items():
        connection.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (highest, table)
        )


def replay(
    connection: sqlite3.Connection, lines: Iterable[bytes], replayed: Replayed, *, after: int = -1
) -> None:
    """Apply all lines but the first of a journal, those of commits after ``after``; in ``bare``.

    What stands at the end without being whole is an entry whose commit didn't happen.
    """
    waiting: list[Entry] = []
    at: int | None = None
    for line in lines:
        # Known from the first line on: whoever gives the lines has passed the header by then.
        at = replayed.end if at is None else at
        at += len(line)
        entry = entry_of(line)
        if entry is None:
            replayed.damaged += line.endswith(b"\n")
            continue
        if waiting and waiting[0].number != entry.number:
            # A later commit followed, so that one did happen: its last line was damaged.
            _commit(connection, waiting, replayed, after)
        waiting.append(entry)
        if not entry.more:
            _commit(connection, waiting, replayed, after)
            replayed.end = at


def apply(connection: sqlite3.Connection, items: Iterable[Item], *, instead: bool = True) -> int:
    """Apply what lines say of rows; gives how many couldn't be.

    Unless ``instead``, whole rows that are there already stay as they are.
    """
    refused = 0
    for (kind, table), group in groupby(items, key=lambda item: (item.kind, item.table)):
        truth = BY_NAME.get(table)
        rows = [item.value for item in group]
        if truth is None:
            refused += len(rows)
        elif kind is Kind.CHANGE:
            refused += sum(not _change(connection, truth, row) for row in rows)
        else:
            sql = _taking_away(truth) if kind is Kind.GONE else _putting(truth, instead=instead)
            refused += _all_or_each(connection, sql, truth, kind, rows)
    return refused


def _commit(
    connection: sqlite3.Connection, waiting: list[Entry], replayed: Replayed, after: int
) -> None:
    number = waiting[0].number
    if number > after:
        items = [
            item for kind in Kind for entry in waiting for item in entry.items if item.kind is kind
        ]
        replayed.refused += apply(connection, items)
        replayed.commits += 1
    replayed.number = max(replayed.number, number)
    waiting.clear()


def _all_or_each(
    connection: sqlite3.Connection, sql: str, truth: Truth, kind: Kind, rows: Sequence[Value]
) -> int:
    """Run ``sql`` for all rows at once, or, where one can't be taken, for each that can."""

    def values(row: Value) -> tuple[object, ...]:
        return _key_of(truth, row) if kind is Kind.GONE else _row_of(truth, row)

    connection.execute("SAVEPOINT rows_of_one_kind")
    try:
        connection.executemany(sql, map(values, rows))
    except _UNREADABLE:
        connection.execute("ROLLBACK TO rows_of_one_kind")
    else:
        return 0
    finally:
        connection.execute("RELEASE rows_of_one_kind")
    refused = 0
    for row in rows:
        try:
            connection.execute(sql, values(row))
        except _UNREADABLE:
            refused += 1
    return refused


def _change(connection: sqlite3.Connection, truth: Truth, row: Value) -> bool:
    try:
        changed = {name: from_json(value) for name, value in row.items() if name in truth.columns}
        sets = ", ".join(f"{name} = ?" for name in changed)
        key = [from_json(row[name]) for name in truth.key]
        sql = f"UPDATE {truth.table} SET {sets} WHERE {_is_key(truth)}"
        connection.execute(sql, (*changed.values(), *key))
    except (*_UNREADABLE, sqlite3.OperationalError):
        return False
    return True


def _putting(truth: Truth, *, instead: bool) -> str:
    names = (*truth.whole, *(name for name, _ in truth.folds))
    places = ", ".join("?" * len(names))
    keys = ", ".join(truth.key)
    beside = [name for name in names if name not in truth.key]
    sets = ", ".join(f"{name} = excluded.{name}" for name in beside)
    conflict = f"({keys}) DO UPDATE SET {sets}" if instead else "DO NOTHING"
    return (
        f"INSERT INTO {truth.table} ({', '.join(names)}) VALUES ({places}) ON CONFLICT {conflict}"
    )


def _taking_away(truth: Truth) -> str:
    return f"DELETE FROM {truth.table} WHERE {_is_key(truth)}"


def _is_key(truth: Truth) -> str:
    return " AND ".join(f"{name} = ?" for name in truth.key)


def _key_of(truth: Truth, key: Value) -> tuple[object, ...]:
    values = tuple(map(from_json, key)) if isinstance(key, list) else (from_json(key),)
    if len(values) != len(truth.key):
        raise ValueError("no key of this table")
    return values


def _row_of(truth: Truth, row: Mapping[str, Value]) -> tuple[object, ...]:
    given = (row.get(name, 0 if name in truth.flags else None) for name in truth.whole)
    # Most are what they are: a call for each of a million rows' values would take long.
    stored = [from_json(value) if isinstance(value, dict) else value for value in given]
    return (*stored, *(_folded(row.get(source)) for _, source in truth.folds))


def _folded(value: Value) -> str | None:
    return None if value is None else fold(value)
