"""Statistics, read in one consistent state. Seconds are summed as integers: they don't drift.

Of everything, or of whatever the counters tell apart, they are read from counters that triggers
keep (``migrations.step_0002``); of other questions from the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.statistics import LENGTH_BOUNDS, Share, Statistics, Totals
from rushes.store.database import Row
from rushes.store.planner import counted, is_counted, plan
from rushes.store.reader import Call, Reader, Snapshot
from rushes.store.where import Condition, condition_of

_MICROSECONDS = "COALESCE(sum(CAST(round(g.duration * 1e6) AS INTEGER)), 0)"
_BYTES = (
    "COALESCE(sum((SELECT sum(v.bytes) FROM generation_versions v"
    " WHERE v.generation_id = g.id)), 0)"
)


@dataclass(slots=True)
class _Sum:
    """One share while it is added up."""

    label: str
    generations: int = 0
    microseconds: int = 0
    bytes: int = 0


def totals(reader: Reader, call: Call | None = None) -> Totals:
    """The totals, from counters."""
    with reader.snapshot(call) as snapshot:
        row = snapshot.one(
            "SELECT COALESCE(sum(generations), 0), COALESCE(sum(microseconds), 0),"
            " COALESCE(sum(bytes), 0) FROM counters WHERE trashed = 0"
        )
    generations, microseconds, size = cast(tuple[int, int, int], row)
    return Totals(generations, microseconds / 1e6, size)


def statistics(reader: Reader, query: HistoryQuery, call: Call | None = None) -> Statistics:
    """What the generations that ``query`` matches amount to, whatever its page."""
    asked = replace(query, sort=Sort.NEWEST)
    condition = condition_of(asked)
    with reader.snapshot(call) as snapshot:
        tables = plan(snapshot, asked).counted_in
        if is_counted(asked):
            groups = _kept_groups(snapshot, asked)
        else:
            groups = _groups(snapshot, tables, condition)
        if asked == HistoryQuery(limit=asked.limit, offset=asked.offset, after=asked.after):
            days, lengths = _kept_days(snapshot), _kept_lengths(snapshot)
        elif groups:
            days = _days(snapshot, tables, condition)
            lengths = _lengths(snapshot, tables, condition)
        else:
            days, lengths = (), _by_class([])
        in_trash = snapshot.number(
            "SELECT COALESCE(sum(generations), 0) FROM counters WHERE trashed = 1"
        )
    rows = [_Group(*cast(tuple[Any, ...], group)) for group in groups]
    return Statistics(
        generations=sum(row.generations for row in rows),
        duration=sum(row.microseconds for row in rows) / 1e6,
        bytes=sum(row.bytes for row in rows),
        favorites=sum(row.favorites for row in rows),
        rated=sum(row.rated for row in rows),
        in_trash=in_trash,
        profiles=_shares(rows, lambda row: (row.profile_id, row.profile_name)),
        engines=_shares(rows, lambda row: (row.engine, row.engine)),
        languages=_shares(rows, lambda row: (row.language, row.language)),
        statuses=_shares(rows, lambda row: (row.status, row.status)),
        days=days,
        lengths=lengths,
    )


def _kept_groups(snapshot: Snapshot, query: HistoryQuery) -> list[Row]:
    condition = counted(query)
    return snapshot.all(
        "SELECT g.profile_id, p.name, g.engine, g.language, g.status, g.generations,"
        " g.microseconds, g.bytes, g.favorites, g.rated"
        " FROM counters g JOIN profiles p ON p.id = g.profile_id"
        f" WHERE g.generations <> 0 AND {condition.sql}",
        condition.parameters,
    )


def _groups(snapshot: Snapshot, tables: str, condition: Condition) -> list[Row]:
    # Which rows first, through an index that may hold all that is asked for: then their columns.
    return snapshot.all(
        f"WITH found (seq) AS MATERIALIZED (SELECT g.seq FROM {tables} WHERE {condition.sql})"
        " SELECT g.profile_id, p.name, g.engine, g.language, g.status, count(*),"
        f" {_MICROSECONDS}, {_BYTES}, sum(g.is_favorited), count(g.rating)"
        " FROM found CROSS JOIN generations g ON g.seq = found.seq"
        " JOIN profiles p ON p.id = g.profile_id GROUP BY 1, 3, 4, 5",
        condition.parameters,
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """What shares profile, engine, language and status."""

    profile_id: str
    profile_name: str
    engine: str
    language: str
    status: str
    generations: int
    microseconds: int
    bytes: int
    favorites: int
    rated: int


def _shares(
    rows: Iterable[_Group], named: Callable[[_Group], tuple[str, str]]
) -> tuple[Share, ...]:
    sums: dict[str, _Sum] = {}
    for row in rows:
        key, label = named(row)
        share = sums.setdefault(key, _Sum(label))
        share.generations += row.generations
        share.microseconds += row.microseconds
        share.bytes += row.bytes
    shares = (
        Share(key, share.label, share.generations, share.microseconds / 1e6, share.bytes)
        for key, share in sums.items()
    )
    return tuple(sorted(shares, key=lambda share: (-share.generations, share.label, share.key)))


def _kept_days(snapshot: Snapshot) -> tuple[tuple[date, int], ...]:
    return _as_days(
        snapshot.all(
            "SELECT date(quarter, 'localtime') AS day, sum(generations) FROM counted_times"
            " WHERE generations <> 0 GROUP BY day ORDER BY day"
        )
    )


def _days(snapshot: Snapshot, tables: str, condition: Condition) -> tuple[tuple[date, int], ...]:
    """Days as this machine's clock has them: what a person calls Monday."""
    return _as_days(
        snapshot.all(
            f"SELECT date(g.created_at, 'localtime') AS day, count(*) FROM {tables}"
            f" WHERE {condition.sql} GROUP BY day ORDER BY day",
            condition.parameters,
        )
    )


def _as_days(found: list[Row]) -> tuple[tuple[date, int], ...]:
    return tuple((date.fromisoformat(str(day)), cast(int, count)) for day, count in found)


def _kept_lengths(snapshot: Snapshot) -> tuple[int, ...]:
    return _by_class(snapshot.all("SELECT class, generations FROM counted_lengths"))


def _lengths(snapshot: Snapshot, tables: str, condition: Condition) -> tuple[int, ...]:
    cases = " ".join(
        f"WHEN g.duration <= {bound!r} THEN {index}" for index, bound in enumerate(LENGTH_BOUNDS)
    )
    return _by_class(
        snapshot.all(
            f"SELECT CASE {cases} ELSE {len(LENGTH_BOUNDS)} END AS class, count(*)"
            f" FROM {tables} WHERE {condition.sql} AND g.status = 'completed'"
            " AND g.duration IS NOT NULL GROUP BY class",
            condition.parameters,
        )
    )


def _by_class(found: list[Row]) -> tuple[int, ...]:
    counts = dict(cast(list[tuple[int, int]], found))
    return tuple(counts.get(index, 0) for index in range(len(LENGTH_BOUNDS) + 1))
