"""Which rows a clean-up may take: never linked ones, never running ones.

They are read page by page. What changes meanwhile is looked at once more before anything goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from rushes.domain.filters import Filter
from rushes.domain.generation import RUNNING
from rushes.domain.retention import Offered, Policy
from rushes.domain.times import to_stored
from rushes.store.database import Parameter
from rushes.store.reader import Reader
from rushes.store.stories import IN_STORY
from rushes.store.where import LIVE, Condition, both, either, of_term

_OWNED = Condition("g.source_id IS NULL")
_AT_REST = Condition(f"g.status NOT IN ({', '.join('?' * len(RUNNING))})", tuple(sorted(RUNNING)))
_IN_TRASH = Condition("g.deleted_at IS NOT NULL AND g.purging = 0")
_PAGE = 10_000
"""Rows in one reading: some 0.1 s."""


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
    conditions = [Condition(f"NOT {IN_STORY}")]
    if policy.spare_favorites:
        conditions.append(Condition("g.is_favorited = 0"))
    if policy.spare_rated is not None:
        conditions.append(Condition("COALESCE(g.rating, 0) < ?", (policy.spare_rated,)))
    return tuple(conditions)


def oldest_first(reader: Reader, condition: Condition) -> Iterator[Offered]:
    """All outside the trash of which the condition holds, the oldest first."""
    return _pages(
        reader, "generations g INDEXED BY generations_by_time", condition.sql, condition.parameters
    )


def surplus(reader: Reader, condition: Condition, keep: int) -> Iterator[Offered]:
    """The same of those older than the ``keep`` newest of their profile that have audio.

    Profile by profile: where few are too many, few are read.
    """
    for profile_id, made, seq in _last_kept(reader, keep):
        yield from _pages(
            reader,
            "generations g INDEXED BY generations_by_profile",
            f"g.profile_id = ? AND (g.created_at, g.seq) < (?, ?) AND {condition.sql}",
            (profile_id, made, seq, *condition.parameters),
        )


def in_trash(reader: Reader, condition: Condition) -> Iterator[Offered]:
    """All in the trash of which the condition holds, in the order in which they were made."""
    return _pages(
        reader, "generations g INDEXED BY generations_in_trash", condition.sql, condition.parameters
    )


def _last_kept(reader: Reader, keep: int) -> list[tuple[str, str, int]]:
    """Of each profile that has so many its ``keep``-th newest, by its time and number."""
    counted = both(LIVE, _OWNED, _AT_REST, Condition("g.audio_path IS NOT NULL"))
    found = reader.all(
        "SELECT p.id, last.created_at, last.seq FROM profiles p"
        " JOIN generations last ON last.seq = ("
        " SELECT g.seq FROM generations g INDEXED BY generations_by_profile"
        f" WHERE g.profile_id = p.id AND {counted.sql}"
        " ORDER BY g.created_at DESC, g.seq DESC LIMIT 1 OFFSET ?)",
        (*counted.parameters, keep - 1),
    )
    return cast(list[tuple[str, str, int]], found)


def _pages(
    reader: Reader, table: str, where: str, parameters: tuple[Parameter, ...]
) -> Iterator[Offered]:
    """What is found, in order of time, in readings so short that nobody who writes waits long."""
    made, seq = "", 0
    while True:
        found = reader.all(
            "SELECT g.id, g.profile_id, COALESCE((SELECT sum(v.bytes)"
            " FROM generation_versions v WHERE v.generation_id = g.id), 0), g.created_at, g.seq"
            f" FROM {table} WHERE (g.created_at, g.seq) > (?, ?) AND {where}"
            " ORDER BY g.created_at, g.seq LIMIT ?",
            (made, seq, *parameters, _PAGE),
        )
        rows = cast(list[tuple[str, str, int, str, int]], found)
        for identity, profile_id, size, made, seq in rows:  # noqa: B007  # the last ones are the next page's beginning
            yield Offered(identity, profile_id, size)
        if len(rows) < _PAGE:
            return


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
