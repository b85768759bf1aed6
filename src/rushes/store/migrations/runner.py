"""Bringing a database to the schema this program knows: numbered steps, each all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from rushes.domain.text import shown
from rushes.domain.times import now
from rushes.errors import LibraryTooNew
from rushes.store import faults
from rushes.store.migrations import (
    step_0001,
    step_0002,
    step_0003,
    step_0004,
    step_0005,
    step_0006,
    step_0007,
    step_0008,
)
from rushes.store.sqlite import APPLICATION_ID, Header, SqliteDatabase


@dataclass(frozen=True, slots=True)
class Step:
    """What turns version ``number - 1`` into version ``number``, in plain SQL."""

    number: int
    statements: Sequence[str]


STEPS: tuple[Step, ...] = (
    Step(1, step_0001.STATEMENTS),
    Step(2, step_0002.STATEMENTS),
    Step(3, step_0003.STATEMENTS),
    Step(4, step_0004.STATEMENTS),
    Step(5, step_0005.STATEMENTS),
    Step(6, step_0006.STATEMENTS),
    Step(7, step_0007.STATEMENTS),
    Step(8, step_0008.STATEMENTS),
)


def check_version(header: Header, database: SqliteDatabase, steps: Sequence[Step] = STEPS) -> None:
    """Refuse a library that a newer program has changed.

    Raises:
        LibraryTooNew: its version is above the last step's.
    """
    newest = steps[-1].number
    if header.version <= newest:
        return
    raise LibraryTooNew(
        f"the library {shown(database.folder)} was changed by a newer rushes",
        f"its version is {header.version}, this rushes knows versions up to {newest}",
        "Update rushes.",
    )


def migrate(header: Header, database: SqliteDatabase, steps: Sequence[Step] = STEPS) -> None:
    """Run the steps that the database hasn't seen, after a copy of one that holds something.

    Raises:
        LibraryReadOnly: steps are missing and nothing may be written.
        LibraryError: a step failed, and changed nothing.
    """
    if header.version == steps[-1].number:
        return
    if not database.writable:
        raise faults.read_only(database.folder)
    if not header.empty:
        stamp = now().strftime("%Y%m%dT%H%M%S.%fZ")
        database.back_up(
            database.folder / faults.BACKUPS / f"rushes-version-{header.version}-{stamp}.db"
        )
    with faults.translated(database.folder), closing(database.connect_writer()) as connection:
        # Tables are rebuilt in steps; what they refer to is checked before each commit.
        connection.execute("PRAGMA foreign_keys=OFF")
        # A fresh library is made at once: nobody sees one in between and takes a copy of it.
        for together in [steps] if header.empty else [[step] for step in steps]:
            _run(connection, together)


def _run(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read under the lock: another process may have run them since the header was read.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        missing = [step for step in steps if version < step.number]
        for step in missing:
            _apply(connection, step)
        if missing:
            _distrust_journal(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _apply(connection: sqlite3.Connection, step: Step) -> None:
    for statement in step.statements:
        connection.execute(statement)
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise sqlite3.IntegrityError(f"step {step.number} leaves rows that point nowhere")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={step.number}")


def _distrust_journal(connection: sqlite3.Connection) -> None:
    """Have the journal written anew: none of its lines tells what steps have changed."""
    there = "SELECT 1 FROM sqlite_schema WHERE name = 'journal_state'"
    if connection.execute(there).fetchone() is not None:
        connection.execute("UPDATE journal_state SET length = 0")
