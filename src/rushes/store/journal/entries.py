"""The lines of the journal: one commit each, in strict JSON, saying what rows are, not what to do.

    {"rushes": "journal", "format": 1, "journal_id": …, "number": 0, …}            the first line
    {"n": 1, "at": …, "put": {"generations": [{"seq": 7, "id": …}]}}               whole rows
    {"n": 2, "at": …, "change": {"generations": [{"seq": 7, "rating": 5}]}}        some columns
    {"n": 3, "at": …, "gone": {"generations": [7]}}                                keys

``n`` is the number of the commit. Of one commit that takes several lines all but the last say
``"more": true``. Since every line says how rows are after it, lines may be repeated, and the last
that speaks of a row wins. What JSON lacks stands as an object of one key: ``{"base64": …}`` for
bytes, ``{"float": "inf"}``.
"""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import isfinite
from typing import Any

from rushes.domain.times import now, to_iso
from rushes.store.journal.truth import Truth

FORMAT = 1
ROWS_A_LINE = 1_000

_ABOUT = (
    "What rebuilds rushes.db if it is lost: `rushes verify --repair`. Each further line is one"
    " commit and says how the rows it touched are since. Not to be edited while rushes runs."
)

Value = Any
"""What JSON holds; what is read of a file may be anything."""


class Kind(Enum):
    """What an item says of a row."""

    GONE = "gone"
    PUT = "put"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Item:
    """One row as a line tells of it; ``new`` where the journal knew nothing of it before."""

    kind: Kind
    table: str
    value: Value
    new: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The first line. The rows follow as they were after commit ``number``.

    ``highest`` are the highest row numbers ever given, by table: they aren't given again.
    """

    journal_id: str
    number: int
    highest: Mapping[str, int]

    def line(self) -> bytes:
        """The line itself."""
        return _line(
            {
                "rushes": "journal",
                "format": FORMAT,
                "journal_id": self.journal_id,
                "number": self.number,
                "at": to_iso(now()),
                "highest": dict(self.highest),
                "about": _ABOUT,
            }
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A line after the first. ``more``: the commit's next line belongs to it."""

    number: int
    more: bool
    items: tuple[Item, ...]


@dataclass(slots=True)
class Written:
    """How much of what was written is needed: ``new`` of ``items``, in bytes of all of them."""

    items: int = 0
    new: int = 0

    def needed(self, size: int) -> int:
        """Of ``size`` bytes, about those that a journal without anything outdated would hold."""
        return size * self.new // self.items if self.items else 0


def named(
    truth: Truth, columns: Sequence[str], row: Sequence[object], *, whole: bool
) -> dict[str, object]:
    """A row as an object. Of a whole row nulls and flags that are 0 are left out."""
    if not whole:
        return dict(zip(columns, row, strict=True))
    return {
        column: value
        for column, value in zip(columns, row, strict=True)
        if value is not None and (value != 0 or column not in truth.flags)
    }


def lines(number: int, items: Iterable[Item], written: Written) -> Iterator[bytes]:
    """The lines of one commit; ``written`` is counted up on the way."""
    at = to_iso(now())
    waiting: dict[str, Any] | None = None
    for batch in _batches(items, written):
        if waiting is not None:
            yield _line({**waiting, "more": True})
        waiting = {"n": number, "at": at, **batch}
    if waiting is not None:
        yield _line(waiting)


def whole_lines(number: int, items: Iterable[Item]) -> Iterator[bytes]:
    """Lines that stand by themselves, each, for the rows that a journal begins with."""
    for batch in _batches(items, Written()):
        yield _line({"n": number, **batch})


def header_of(line: bytes) -> Header | None:
    """What the first line of a journal says; None where that isn't one."""
    read = _read(line)
    if read is None or read.get("rushes") != "journal":
        return None
    match read:
        case {"format": 1, "journal_id": str(identity), "number": int(number)}:
            given = read.get("highest")
            known = given.items() if isinstance(given, dict) else ()
            highest = {str(table): seq for table, seq in known if isinstance(seq, int)}
            return Header(identity, number, highest)
    return None


def number_of(line: bytes) -> int | None:
    """The number of the commit that a line belongs to; None where it can't be read."""
    read = _read(line)
    number = None if read is None else read.get("n")
    return number if isinstance(number, int) else None


def entry_of(line: bytes) -> Entry | None:
    """What a line after the first says; None where it can't be read."""
    read = _read(line)
    if read is None or not isinstance(read.get("n"), int):
        return None
    items: list[Item] = []
    # In this order: what goes makes room for what takes its name.
    for kind in Kind:
        tables = read.get(kind.value, {})
        if not isinstance(tables, dict):
            return None
        for table, rows in tables.items():
            if not isinstance(rows, list):
                return None
            items.extend(Item(kind, table, row) for row in rows)
    return Entry(read["n"], read.get("more") is True, tuple(items))


def from_json(value: Value) -> str | int | float | bytes | None:
    """A value as it stood in its column.

    Raises:
        ValueError: nothing that was written.
    """
    match value:
        case None | str() | int() | float():
            return value
        case {"base64": str(text)}:
            return b64decode(text, validate=True)
        case {"float": str(text)}:
            return float(text)
    raise ValueError("no value of a column")


def _batches(items: Iterable[Item], written: Written) -> Iterator[dict[str, Any]]:
    batch: dict[str, Any] = {}
    held = 0
    for item in items:
        batch.setdefault(item.kind.value, {}).setdefault(item.table, []).append(item.value)
        held += 1
        written.items += 1
        written.new += item.new
        if held == ROWS_A_LINE:
            yield batch
            batch, held = {}, 0
    if held:
        yield batch


def _line(value: object) -> bytes:
    try:
        text = _encode(value)
    except ValueError:
        text = _encode(_without_odd_floats(value))
    return f"{text}\n".encode()


def _beyond_json(value: object) -> object:
    if isinstance(value, bytes):
        return {"base64": b64encode(value).decode("ascii")}
    raise TypeError(f"a {type(value).__name__} in a row")


_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_beyond_json
).encode


def _without_odd_floats(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_odd_floats(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_odd_floats(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return {"float": repr(value)}
    return value


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


@dataclass(frozen=True, slots=True)
class State:
    """What the database says of its journal: the last commit's number; bytes: all and needed."""

    journal_id: str
    number: int
    length: int
    needed: int


def state_of(connection: sqlite3.Connection) -> State | None:
    """The state as the connection sees it; None before the first."""
    row = connection.execute(
        "SELECT journal_id, number, length, needed FROM journal_state"
    ).fetchone()
    return None if row is None else State(*row)


def put_state(connection: sqlite3.Connection, state: State) -> None:
    """Keep the state, in the transaction that runs."""
    connection.execute(
        "INSERT OR REPLACE INTO journal_state (only_row, journal_id, number, length, needed)"
        " VALUES (1, ?, ?, ?, ?)",
        (state.journal_id, state.number, state.length, state.needed),
    )
