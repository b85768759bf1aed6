"""Noting which rows of truth a transaction touches, whatever code does it.

TEMP tables and TEMP triggers of the writing connection: nothing of them is in the library's file,
and they are rolled back with the transaction that filled them. A trigger notes a key and what
happened to it; what the row is by then is read when the transaction is about to be committed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from rushes.store.journal.entries import Item, Kind, named
from rushes.store.journal.truth import TRUTHS, Truth

_GONE, _NEW, _WHOLE = 1, 2, 4
_FIRST_PART = 3


@dataclass(frozen=True, slots=True)
class Noted:
    """What a transaction touched. ``freed``: about how many bytes the journal needs less."""

    tables: tuple[Truth, ...]
    freed: int


def install(connection: sqlite3.Connection) -> None:
    """Note from now on what this connection writes."""
    # A full disk has room for no temporary file, and emptying the trash must still work.
    connection.execute("PRAGMA temp_store=memory")
    for truth in TRUTHS:
        for statement in _statements(truth):
            connection.execute(statement)


def noted(connection: sqlite3.Connection) -> Noted | None:
    """What the running transaction has touched so far; None where that is no truth."""
    found = connection.execute(_ANY).fetchone()
    touched = tuple(truth for truth, some in zip(TRUTHS, found, strict=True) if some)
    if not touched:
        return None
    freed = sum(
        connection.execute(f"SELECT sum(freed) FROM temp.{_name(truth)}").fetchone()[0]
        for truth in touched
    )
    return Noted(touched, freed)


def items(connection: sqlite3.Connection, touched: Noted) -> Iterator[Item]:
    """What is to be journaled of it: first all that is gone, then rows as they are now."""
    for truth in touched.tables:
        yield from _gone(connection, truth)
    for truth in touched.tables:
        yield from _there(connection, truth)


def clear(connection: sqlite3.Connection, touched: Noted) -> None:
    """Forget what was noted."""
    for truth in touched.tables:
        connection.execute(f"DELETE FROM temp.{_name(truth)}")


def _gone(connection: sqlite3.Connection, truth: Truth) -> Iterator[Item]:
    keys = ", ".join(f"n.{column}" for column in truth.key)
    # What a row takes along when it goes, goes with it at a rebuilding too.
    asked = (
        f"SELECT {keys} FROM temp.{_name(truth)} n WHERE n.parts & {_GONE} AND NOT EXISTS"
        f" (SELECT 1 FROM main.{truth.table} t WHERE {_same_key(truth)})"
        f" AND NOT ({truth.goes_with})"
    )
    for key in connection.execute(asked):
        yield Item(Kind.GONE, truth.table, key[0] if len(key) == 1 else list(key))


def _there(connection: sqlite3.Connection, truth: Truth) -> Iterator[Item]:
    name = _name(truth)
    kinds = connection.execute(f"SELECT DISTINCT parts FROM temp.{name} WHERE parts > {_GONE}")
    for (parts,) in kinds.fetchall():
        columns = truth.whole if parts & _WHOLE else _columns_of(truth, parts)
        kind = Kind.PUT if parts & _WHOLE else Kind.CHANGE
        listed = ", ".join(f"t.{column}" for column in columns)
        rows = connection.execute(
            f"SELECT {listed} FROM temp.{name} n JOIN main.{truth.table} t ON {_same_key(truth)}"
            " WHERE n.parts = ?",
            (parts,),
        )
        for row in rows:
            value = named(truth, columns, row, whole=kind is Kind.PUT)
            yield Item(kind, truth.table, value, new=bool(parts & _NEW))


def _columns_of(truth: Truth, parts: int) -> tuple[str, ...]:
    changed = [
        column
        for number, part in enumerate(truth.parts, _FIRST_PART)
        if parts & (1 << number)
        for column in part
    ]
    return (*truth.key, *changed)


def _same_key(truth: Truth) -> str:
    return " AND ".join(f"t.{column} = n.{column}" for column in truth.key)


def _name(truth: Truth) -> str:
    return f"noted_{truth.table}"


_ANY = "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM temp.{_name(truth)})" for truth in TRUTHS)


def _statements(truth: Truth) -> Iterator[str]:
    keys = ", ".join(truth.key)
    yield (
        f"CREATE TEMP TABLE {_name(truth)} ({keys}, parts INTEGER NOT NULL,"
        f" freed INTEGER NOT NULL, PRIMARY KEY ({keys})) WITHOUT ROWID"
    )
    beginning = f"CREATE TEMP TRIGGER note_{truth.table}"
    where = f"ON main.{truth.table}"
    yield f"{beginning}_new AFTER INSERT {where} {_note(truth, 'new', _NEW | _WHOLE)}"
    yield f"{beginning}_gone AFTER DELETE {where} {_note(truth, 'old', _GONE, truth.size)}"
    groups = [(_WHOLE, truth.lasting)]
    groups += [(1 << number, part) for number, part in enumerate(truth.parts, _FIRST_PART)]
    for parts, columns in groups:
        differs = " OR ".join(f"new.{column} IS NOT old.{column}" for column in columns)
        yield (
            f"{beginning}_{parts} AFTER UPDATE OF {', '.join(columns)} {where} WHEN {differs}"
            f" {_note(truth, 'new', parts)}"
        )


def _note(truth: Truth, row: str, parts: int, freed: str = "0") -> str:
    keys = ", ".join(truth.key)
    values = ", ".join(f"{row}.{column}" for column in truth.key)
    return (
        f"BEGIN INSERT INTO {_name(truth)} ({keys}, parts, freed)"
        f" VALUES ({values}, {parts}, {freed}) ON CONFLICT DO UPDATE"
        " SET parts = parts | excluded.parts, freed = freed + excluded.freed; END"
    )
