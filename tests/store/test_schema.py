"""The tables as SQLModel knows them and the schema that the migrations make are the same."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import SQLModel, create_engine

from rushes.store import tables, tables_of_comparisons, tables_of_stories
from rushes.store.opening import open_database
from rushes.store.sqlite import APPLICATION_ID, DATABASE_NAME

Described = dict[str, object]

DERIVED = ("text_index", "text_gram", "counters", "counted_", "tagged")
"""Kept by triggers alone, so they have no classes."""


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    open_database(tmp_path / "migrated").close()
    with closing(sqlite3.connect(tmp_path / "migrated" / DATABASE_NAME)) as connection:
        yield connection


@pytest.fixture
def declared(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    assert tables.GenerationRow.__tablename__ == "generations"
    assert tables_of_comparisons.ComparisonRow.__tablename__ == "comparisons"
    assert tables_of_stories.StoryRow.__tablename__ == "stories"
    engine = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "declared.db")) as connection:
        yield connection


def _names(connection: sqlite3.Connection) -> set[str]:
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {name for (name,) in found if not name.startswith(DERIVED)}


def _described(connection: sqlite3.Connection, table: str) -> Described:
    columns = [
        (name, kind, bool(not_null), default, bool(key))
        for _, name, kind, not_null, default, key, _hidden in connection.execute(
            f"PRAGMA table_xinfo({table})"
        )
    ]
    foreign = sorted(
        tuple(str(value) for value in row[2:])
        for row in connection.execute(f"PRAGMA foreign_key_list({table})")
    )
    indexes = []
    for _, name, unique, origin, partial in connection.execute(f"PRAGMA index_list({table})"):
        parts = [row[2] for row in connection.execute(f"PRAGMA index_info({name})")]
        shown = name if origin == "c" else origin
        indexes.append((shown, bool(unique), bool(partial), parts, _condition(connection, name)))
    (_, _, _, _, without_rowid, _) = next(
        row for row in connection.execute("PRAGMA table_list") if row[1] == table
    )
    made = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,))
    return {
        "columns": columns,
        "foreign keys": foreign,
        "indexes": sorted(indexes),
        "without rowid": bool(without_rowid),
        "numbers again": "AUTOINCREMENT" not in str(made.fetchone()[0]),
    }


def _condition(connection: sqlite3.Connection, index: str) -> str:
    row = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (index,)).fetchone()
    found = re.search(r"\bWHERE\b(.*)", str(row), re.DOTALL)
    return "" if found is None else " ".join(re.findall(r"\w+", found[1].replace("\\n", " ")))


def test_the_tables_are_those_of_the_migrated_schema(
    migrated: sqlite3.Connection, declared: sqlite3.Connection
) -> None:
    assert _names(migrated) == _names(declared)
    for table in sorted(_names(declared) - {"sqlite_sequence"}):
        assert _described(declared, table) == _described(migrated, table), table


def test_a_library_is_marked_as_one(migrated: sqlite3.Connection) -> None:
    assert migrated.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert APPLICATION_ID.to_bytes(4, "big") == b"RUSH"


def test_newest_first_is_walked_along_an_index(migrated: sqlite3.Connection) -> None:
    for where in ("g.deleted_at IS NULL", "g.deleted_at IS NULL AND g.profile_id = 'x'"):
        plan = migrated.execute(
            "EXPLAIN QUERY PLAN SELECT g.seq FROM generations g"
            f" WHERE {where} AND +g.seq <= 5 AND (g.created_at, g.seq) < ('2026', 7)"
            " ORDER BY g.created_at DESC, g.seq DESC LIMIT 50"
        ).fetchall()
        steps = " ".join(step[3] for step in plan)
        assert "COVERING INDEX" in steps
        assert "TEMP B-TREE" not in steps
