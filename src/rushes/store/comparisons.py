"""Comparisons of takes as they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from rushes.domain import limits
from rushes.domain.decision import Decision, Outcome
from rushes.domain.ids import checked_prefix
from rushes.domain.judging import Judging, SideState
from rushes.domain.ranking import Mode, Ranking, Side
from rushes.domain.text import one_line
from rushes.domain.times import from_stored
from rushes.errors import Ambiguous, NotFound
from rushes.store.database import Row
from rushes.store.reader import Reader, Snapshot

_SHOWN_MATCHES = 4

_COLUMNS = "c.id, c.mode, c.is_blind, c.seed, c.makes_sure, c.created_at, c.kept_at, c.kept_place"
_ORDER = "ORDER BY c.created_at DESC, c.id DESC"

_SIDES = """
    SELECT s.comparison_id, s.place, s.generation_id, s.version_id,
        CASE WHEN COALESCE(g.purging, 1) OR (s.version_id IS NOT NULL AND v.id IS NULL)
                OR COALESCE(v.audio_path, g.audio_path) IS NULL THEN 'gone'
            WHEN g.deleted_at IS NOT NULL THEN 'trashed' ELSE 'here' END
    FROM comparison_sides s
    LEFT JOIN generations g ON g.id = s.generation_id
    LEFT JOIN generation_versions v ON v.id = s.version_id AND v.generation_id = s.generation_id
    WHERE s.comparison_id IN ({marks}) AND s.place BETWEEN 0 AND {last}
    ORDER BY s.comparison_id, s.place
"""
_DECISIONS = """
    SELECT comparison_id, one, other, outcome, decided_at FROM comparison_decisions d
    WHERE comparison_id IN ({marks}) AND {meant} ORDER BY comparison_id, number
"""
_LAST_PLACE = (
    "(SELECT max(s.place) FROM comparison_sides s WHERE s.comparison_id = d.comparison_id"
    f" AND s.place < {limits.MOST_SIDES})"
)
MEANT = (
    f"(d.outcome IN ({', '.join(str(one.value) for one in Outcome)}) AND d.one <> d.other"
    f" AND d.one BETWEEN 0 AND {_LAST_PLACE} AND d.other BETWEEN 0 AND {_LAST_PLACE})"
)
"""Whether a decision (d) says anything: a damaged one counts no more than one that is lost."""

_LOST = (Side(""), SideState.GONE)


def listed(reader: Reader, limit: int, offset: int) -> tuple[Judging, ...]:
    """Some comparisons, the newest first."""
    with reader.snapshot() as snapshot:
        asked = f"SELECT {_COLUMNS} FROM comparisons c {_ORDER} LIMIT ? OFFSET ?"
        return _whole(snapshot, snapshot.all(asked, (limit, offset)))


def count(reader: Reader) -> int:
    """How many comparisons there are."""
    with reader.snapshot() as snapshot:
        return snapshot.number("SELECT count(*) FROM comparisons")


def find(reader: Reader, prefix: str) -> Judging:
    """The one comparison whose id is ``prefix`` or begins with it.

    Raises:
        BadInput: the prefix is too short.
        NotFound: there is none.
        Ambiguous: there are several.
    """
    with reader.snapshot() as snapshot:
        asked = f"SELECT {_COLUMNS} FROM comparisons c WHERE"
        rows = snapshot.all(f"{asked} c.id = ?", (prefix,))
        if not rows:
            begins = checked_prefix(prefix)
            some = (len(begins), begins, _SHOWN_MATCHES + 1)
            rows = snapshot.all(f"{asked} substr(c.id, 1, ?) = ? {_ORDER} LIMIT ?", some)
        found = _whole(snapshot, rows)
    if not found:
        raise missing(prefix)
    if len(found) > 1:
        shown = ", ".join(one.id for one in found[:_SHOWN_MATCHES])
        said = f"several comparisons begin with “{one_line(prefix)}”"
        raise Ambiguous(said, shown, "Give more of the id.")
    return found[0]


def missing(named: str) -> NotFound:
    """No comparison is called so."""
    return NotFound(
        f"no comparison has the id {one_line(named)}", "", "See `rushes rankings list`."
    )


def _whole(snapshot: Snapshot, rows: Sequence[Row]) -> tuple[Judging, ...]:
    ids = tuple(str(row[0]) for row in rows)
    marks = ", ".join("?" * len(ids))
    sides: dict[str, list[tuple[Side, SideState]]] = defaultdict(list)
    for row in snapshot.all(_SIDES.format(marks=marks, last=limits.MOST_SIDES - 1), ids):
        identity, place, generation_id, version_id, state = cast(tuple[Any, ...], row)
        here = sides[identity]
        # A damaged journal may have lost one: the others keep their places.
        here += [_LOST] * (place - len(here))
        here.append((Side(generation_id, version_id), SideState(state)))
    decisions: dict[str, list[tuple[Decision, str]]] = defaultdict(list)
    for row in snapshot.all(_DECISIONS.format(marks=marks, meant=MEANT), ids):
        identity, one, other, outcome, at = cast(tuple[Any, ...], row)
        decisions[identity].append((Decision(one, other, Outcome(outcome)), at))
    return tuple(_judging(row, sides[str(row[0])], decisions[str(row[0])]) for row in rows)


def _judging(
    row: Row, sides: Sequence[tuple[Side, SideState]], decisions: Sequence[tuple[Decision, str]]
) -> Judging:
    identity, mode, is_blind, seed, makes_sure, created_at, kept_at, kept_place = cast(
        tuple[Any, ...], row
    )
    states = tuple(state for _, state in sides)
    ranking = Ranking(
        sides=tuple(side for side, _ in sides),
        mode=Mode(mode) if mode in {*Mode} else Mode.RANKING,
        blind=bool(is_blind),
        seed=seed,
        makes_sure=bool(makes_sure),
        decisions=tuple(decision for decision, _ in decisions),
        gone=frozenset(place for place, state in enumerate(states) if state is not SideState.HERE),
    )
    return Judging(
        id=identity,
        ranking=ranking,
        states=states,
        created_at=from_stored(created_at),
        decided_at=from_stored(decisions[-1][1]) if decisions else None,
        kept_at=None if kept_at is None else from_stored(kept_at),
        kept_place=kept_place if kept_place in range(len(sides)) else None,
    )
