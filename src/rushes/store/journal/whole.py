"""The lines with which a journal begins: all rows of truth, as they are now."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from rushes.store.journal.entries import (
    ROWS_A_LINE,
    Header,
    Item,
    Kind,
    named,
    whole_lines,
)
from rushes.store.journal.truth import GENERATIONS, TRUTHS, VERSIONS, Truth

Ask = Callable[[str, Sequence[str | int]], list[tuple[object, ...]]]
"""Gives all rows of an answer."""


def of_connection(connection: sqlite3.Connection, journal_id: str, number: int) -> Iterator[bytes]:
    """All lines, as the connection sees the rows: they are those after commit ``number``."""

    def ask(sql: str, parameters: Sequence[str | int]) -> list[tuple[object, ...]]:
        return connection.execute(sql, parameters).fetchall()

    return lines(ask, journal_id, number)


def lines(ask: Ask, journal_id: str, number: int) -> Iterator[bytes]:
    """The header and all rows; each question is small, and may be asked of a later state.

    Rows that change between two questions are in the lines of those later commits as well.
    """
    yield Header(journal_id, number, _highest(ask)).line()
    for truth in TRUTHS:
        yield from whole_lines(number, _rows(ask, truth))


def _highest(ask: Ask) -> dict[str, int]:
    found = ask("SELECT name, seq FROM sqlite_sequence", ())
    counted = {GENERATIONS.table, VERSIONS.table}
    return {str(name): int(str(seq)) for name, seq in found if name in counted}


def _rows(ask: Ask, truth: Truth) -> Iterator[Item]:
    keys, columns = ", ".join(truth.key), ", ".join(truth.whole)
    places = ", ".join("?" * len(truth.key))
    after: tuple[str | int, ...] = ()
    while True:
        beyond = f"WHERE ({keys}) > ({places})" if after else ""
        rows = ask(
            f"SELECT {columns} FROM {truth.table} {beyond} ORDER BY {keys} LIMIT {ROWS_A_LINE}",
            after,
        )
        for row in rows:
            value = named(truth, truth.whole, row, whole=True)
            yield Item(Kind.PUT, truth.table, value, new=True)
        if len(rows) < ROWS_A_LINE:
            return
        after = tuple(value for value in rows[-1][: len(truth.key)] if isinstance(value, str | int))
