"""Statistics, read in one consistent state. Seconds are summed as integers: they don't drift."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from rushes.domain.query import HistoryQuery
from rushes.domain.statistics import LENGTH_BOUNDS, Share, Statistics, Totals
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
    """The totals, from indexes alone."""
    with reader.snapshot(call) as snapshot:
        row = snapshot.one(
            f"SELECT count(*), {_MICROSECONDS} FROM generations g WHERE g.deleted_at IS NULL"
        )
        # The trash is small beside the rest: all bytes less those of the trash.
        size = snapshot.number(
            "SELECT COALESCE((SELECT sum(bytes) FROM generation_versions), 0) - COALESCE(("
            "SELECT sum(v.bytes) FROM generations g JOIN generation_versions v"
            " ON v.generation_id = g.id WHERE g.deleted_at IS NOT NULL), 0)"
        )
    generations, microseconds = cast(tuple[int, int], row)
    return Totals(generations, microseconds / 1e6, size)


def statistics(reader: Reader, query: HistoryQuery, call: Call | None = None) -> Statistics:
    """What the generations that ``query`` matches amount to, whatever its page."""
    condition = condition_of(query)
    with reader.snapshot(call) as snapshot:
        groups = snapshot.all(
            # Row after row through an index, and with the profile of each, takes twice as long.
            "SELECT p.name, s.* FROM ("
            "SELECT g.profile_id, g.engine, g.language, g.status, count(*),"
            f" {_MICROSECONDS}, {_BYTES}, sum(g.is_favorited), count(g.rating)"
            " FROM generations g NOT INDEXED"
            f" WHERE {condition.sql} GROUP BY 1, 2, 3, 4) s"
            " JOIN profiles p ON p.id = s.profile_id",
            condition.parameters,
        )
        days = _days(snapshot, condition)
        lengths = _lengths(snapshot, condition)
        in_trash = snapshot.number(
            "SELECT count(*) FROM generations WHERE deleted_at IS NOT NULL AND purging = 0"
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


@dataclass(frozen=True, slots=True)
class _Group:
    """What shares profile, engine, language and status."""

    profile_name: str
    profile_id: str
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


def _days(snapshot: Snapshot, condition: Condition) -> tuple[tuple[date, int], ...]:
    """Days as this machine's clock has them: what a person calls Monday."""
    found = snapshot.all(
        "SELECT date(g.created_at, 'localtime') AS day, count(*) FROM generations g"
        f" WHERE {condition.sql} GROUP BY day ORDER BY day",
        condition.parameters,
    )
    return tuple((date.fromisoformat(str(day)), cast(int, count)) for day, count in found)


def _lengths(snapshot: Snapshot, condition: Condition) -> tuple[int, ...]:
    cases = " ".join(
        f"WHEN g.duration <= {bound!r} THEN {index}" for index, bound in enumerate(LENGTH_BOUNDS)
    )
    found = snapshot.all(
        f"SELECT CASE {cases} ELSE {len(LENGTH_BOUNDS)} END AS class, count(*)"
        f" FROM generations g WHERE {condition.sql} AND g.status = 'completed'"
        " AND g.duration IS NOT NULL GROUP BY class",
        condition.parameters,
    )
    counts = dict(cast(list[tuple[int, int]], found))
    return tuple(counts.get(index, 0) for index in range(len(LENGTH_BOUNDS) + 1))
