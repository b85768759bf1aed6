"""Writing comparisons, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from rushes.domain.decision import Decision
from rushes.domain.ids import SHORT
from rushes.domain.judging import Judging
from rushes.errors import Conflict
from rushes.store.comparisons import MEANT, missing
from rushes.store.tables import GenerationRow
from rushes.store.tables_of_comparisons import (
    ComparisonDecisionRow,
    ComparisonRow,
    ComparisonSideRow,
)
from rushes.store.tables_of_stories import StoryItemRow, StoryRow
from rushes.store.write_generations import known_ids


def put_comparison(session: Session, judging: Judging) -> None:
    """Add a comparison with all its decisions, which bear the time of the last.

    Raises:
        Conflict: it is there already.
    """
    ranking = judging.ranking
    if session.get(ComparisonRow, judging.id) is not None:
        raise Conflict("the comparison is there already")
    session.add(
        ComparisonRow(
            id=judging.id,
            mode=ranking.mode.value,
            is_blind=ranking.blind,
            seed=ranking.seed,
            makes_sure=ranking.makes_sure,
            created_at=judging.created_at,
            kept_at=judging.kept_at,
            kept_place=judging.kept_place,
        )
    )
    session.flush()
    for place, side in enumerate(ranking.sides):
        session.add(
            ComparisonSideRow(
                comparison_id=judging.id,
                place=place,
                generation_id=side.generation_id,
                version_id=side.version_id,
            )
        )
    moment = judging.decided_at or judging.created_at
    for number, decision in enumerate(ranking.decisions):
        _add(session, judging.id, number, decision, moment)
    session.flush()


def add_decision(
    session: Session, identity: str, number: int, decision: Decision, moment: datetime
) -> None:
    """Add a decision, of which ``number`` were made before.

    Raises:
        NotFound: there is no such comparison.
        Conflict: another number was made by now.
    """
    _, free = _numbers(session, identity, number)
    _add(session, identity, free, decision, moment)
    session.flush()


def drop_decision(session: Session, identity: str, number: int) -> None:
    """Take the last of ``number`` decisions back.

    Raises:
        NotFound: there is no such comparison.
        Conflict: another number was made by now.
    """
    numbers, _ = _numbers(session, identity, number)
    session.exec(
        delete(ComparisonDecisionRow).where(
            col(ComparisonDecisionRow.comparison_id) == identity,
            col(ComparisonDecisionRow.number).in_(numbers[-1:]),
        )
    )


def set_makes_sure(session: Session, identity: str, *, on: bool) -> None:
    """Go on until the winner is certain, or no longer.

    Raises:
        NotFound: there is no such comparison.
    """
    _row(session, identity).makes_sure = on
    session.flush()


def set_kept(
    session: Session, identity: str, moment: datetime | None, place: int | None
) -> tuple[datetime | None, int | None]:
    """Note which side was kept, or none; gives what was noted before.

    Raises:
        NotFound: there is no such comparison.
    """
    row = _row(session, identity)
    before = row.kept_at, row.kept_place
    row.kept_at, row.kept_place = moment, place
    session.flush()
    return before


def delete_comparison(session: Session, identity: str) -> None:
    """Take a comparison away, with its decisions.

    Raises:
        NotFound: there is no such comparison.
    """
    session.delete(_row(session, identity))
    session.flush()


def check_is_here(session: Session, generation_id: str) -> None:
    """Refuse a generation that isn't outside the trash.

    Raises:
        NotFound: it is unknown.
        Conflict: it lies in the trash.
    """
    if known_ids(session, [generation_id])[generation_id] is not None:
        raise Conflict(f"the take {generation_id[:SHORT]} lies in the trash", "", "Restore it.")


def used_by_stories(session: Session, ids: Sequence[str]) -> frozenset[str]:
    """Those of these generations that a story plays, at most some hundreds."""
    return frozenset(
        identity
        for identity in session.exec(
            select(StoryItemRow.generation_id)
            .join(StoryRow, col(StoryRow.id) == col(StoryItemRow.story_id))
            .where(col(StoryItemRow.generation_id).in_(ids), col(StoryRow.deleted_at).is_(None))
        )
        if identity is not None
    )


def favorites_of(session: Session, ids: Sequence[str]) -> frozenset[str]:
    """Those of these generations that are favourites, at most some hundreds."""
    return frozenset(
        session.exec(
            select(GenerationRow.id).where(
                col(GenerationRow.id).in_(ids), col(GenerationRow.is_favorited)
            )
        )
    )


def known_of(session: Session, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of these generations that are there, in the trash or not, at most some hundreds."""
    here = frozenset(
        session.exec(
            select(GenerationRow.id).where(
                col(GenerationRow.id).in_(ids), ~col(GenerationRow.purging)
            )
        )
    )
    return tuple(identity for identity in ids if identity in here)


def _add(
    session: Session, identity: str, number: int, decision: Decision, moment: datetime
) -> None:
    session.add(
        ComparisonDecisionRow(
            comparison_id=identity,
            number=number,
            one=decision.one,
            other=decision.other,
            outcome=int(decision.outcome),
            decided_at=moment,
        )
    )


def _numbers(session: Session, identity: str, made: int) -> tuple[list[int], int]:
    """The numbers of the decisions that say something, if as many were made, and the next one.

    Where a journal has lost some, the others keep theirs.
    """
    _row(session, identity)
    session.flush()
    found = session.connection().exec_driver_sql(
        f"SELECT number, {MEANT} FROM comparison_decisions d WHERE comparison_id = ?"
        " ORDER BY number",
        (identity,),
    )
    rows = [(int(number), bool(is_meant)) for number, is_meant in found]
    numbers = [number for number, is_meant in rows if is_meant]
    if len(numbers) != made:
        raise Conflict(
            "the comparison has gone on meanwhile",
            "somebody else has decided, or taken a decision back",
            "Look at it again.",
        )
    return numbers, rows[-1][0] + 1 if rows else 0


def _row(session: Session, identity: str) -> ComparisonRow:
    row = session.get(ComparisonRow, identity)
    if row is None:
        raise missing(identity)
    return row
