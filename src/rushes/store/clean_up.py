"""Which rows a clean-up may take, in one reading. Linked ones and running ones never are."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from rushes.domain.filters import Filter
from rushes.domain.generation import RUNNING
from rushes.domain.retention import Offered, Policy
from rushes.domain.times import to_stored
from rushes.store.reader import Snapshot
from rushes.store.where import LIVE, Condition, both, either, of_term

_OWNED = Condition("g.source_id IS NULL")
_AT_REST = Condition(f"g.status NOT IN ({', '.join('?' * len(RUNNING))})", tuple(sorted(RUNNING)))
_IN_TRASH = Condition("g.deleted_at IS NOT NULL AND g.purging = 0")
_OFFERED = (
    "SELECT g.id, g.profile_id, COALESCE((SELECT sum(v.bytes) FROM generation_versions v"
    " WHERE v.generation_id = g.id), 0)"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A policy made into conditions on rows, as of one moment.

    ``to_trash`` holds of what may go there, ``for_good`` of what may be deleted in it.
    """

    policy: Policy
    to_trash: Condition
    for_good: Condition


def choice(policy: Policy, filtered: Filter, moment: datetime) -> Choice:
    """The conditions that a policy means at that moment; ``filtered`` is its query, read."""
    spared = spared_by(policy)
    terms = (of_term(term) for term in filtered.terms)
    return Choice(
        policy,
        both(
            LIVE,
            _OWNED,
            _AT_REST,
            *_older("g.created_at", policy.older_than_days, moment),
            *_of_rating(policy),
            *terms,
            *spared,
        ),
        both(_IN_TRASH, _OWNED, *_older("g.deleted_at", policy.trash_days, moment), *spared),
    )


def spared_by(policy: Policy) -> tuple[Condition, ...]:
    """What holds of every row that nothing protects: whoever protects more adds it here."""
    conditions = []
    if policy.spare_favorites:
        conditions.append(Condition("g.is_favorited = 0"))
    if policy.spare_rated is not None:
        conditions.append(Condition("COALESCE(g.rating, 0) < ?", (policy.spare_rated,)))
    return tuple(conditions)


def oldest_first(snapshot: Snapshot, condition: Condition) -> Generator[Offered]:
    """All outside the trash of which the condition holds, the oldest first."""
    found = snapshot.each(
        f"{_OFFERED} FROM generations g INDEXED BY generations_by_time"
        f" WHERE {condition.sql} ORDER BY g.created_at, g.seq",
        condition.parameters,
    )
    yield from (Offered._make(cast(tuple[str, str, int], row)) for row in found)


def surplus(snapshot: Snapshot, condition: Condition, keep: int) -> Generator[Offered]:
    """The same of those older than the ``keep`` newest of their profile that have audio."""
    counted = both(LIVE, _OWNED, _AT_REST, Condition("g.audio_path IS NOT NULL"))
    # In order of time: a profile's rows lie scattered over the table, and all are wanted.
    found = snapshot.each(
        "WITH kept (profile_id, created_at, seq) AS MATERIALIZED ("
        " SELECT p.id, last.created_at, last.seq FROM profiles p"
        " JOIN generations last ON last.seq = ("
        " SELECT g.seq FROM generations g INDEXED BY generations_by_profile"
        f" WHERE g.profile_id = p.id AND {counted.sql}"
        " ORDER BY g.created_at DESC, g.seq DESC LIMIT 1 OFFSET ?))"
        f" {_OFFERED} FROM generations g INDEXED BY generations_by_time"
        " CROSS JOIN kept k ON k.profile_id = g.profile_id"
        " WHERE g.created_at <= (SELECT max(created_at) FROM kept)"
        " AND (g.created_at, g.seq) < (k.created_at, k.seq)"
        f" AND {condition.sql} ORDER BY g.created_at, g.seq",
        (*counted.parameters, keep - 1, *condition.parameters),
    )
    yield from (Offered._make(cast(tuple[str, str, int], row)) for row in found)


def in_trash(snapshot: Snapshot, condition: Condition) -> Generator[Offered]:
    """All in the trash of which the condition holds, in the order in which they were made."""
    found = snapshot.each(
        f"{_OFFERED} FROM generations g INDEXED BY generations_in_trash"
        f" WHERE {condition.sql} ORDER BY g.created_at, g.seq",
        condition.parameters,
    )
    yield from (Offered._make(cast(tuple[str, str, int], row)) for row in found)


def _of_rating(policy: Policy) -> tuple[Condition, ...]:
    named = []
    if policy.rated_below is not None:
        named.append(Condition("COALESCE(g.rating < ?, 0)", (policy.rated_below,)))
    if policy.unrated:
        named.append(Condition("g.rating IS NULL"))
    return (either(*named),) if named else ()


def _older(column: str, days: int | None, moment: datetime) -> tuple[Condition, ...]:
    if days is None:
        return ()
    return (Condition(f"{column} < ?", (to_stored(moment - timedelta(days=days)),)),)
