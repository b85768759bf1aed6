"""Writing generations and versions, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, delete, select, update

from rushes.domain.generation import Status
from rushes.store.adding import add_generations, add_versions
from rushes.store.history import missing
from rushes.store.life import check_move
from rushes.store.new_rows import Addition, NewGeneration, NewVersion
from rushes.store.tables import GenerationRow, TagRow, VersionRow

# Built once: building it takes longer than the row itself.
_ADD_TAG = insert(TagRow)

CHUNK = 500
"""Ids in one statement: far below the number of parameters that any SQLite takes."""


def add_generation(
    session: Session,
    new: NewGeneration,
    status: Status,
    profile_id: str,
    version: NewVersion | None = None,
) -> None:
    """Add a generation, with its only version if it has audio already."""
    add_generations(session, [Addition(new, status, profile_id, version)])


def add_default_version(session: Session, new: NewVersion) -> None:
    """Add a version and make it the generation's default: its file, its length."""
    session.exec(
        update(VersionRow)
        .where(col(VersionRow.generation_id) == new.generation_id, col(VersionRow.is_default))
        .values(is_default=False)
    )
    add_versions(session, [new])
    session.exec(
        update(GenerationRow)
        .where(col(GenerationRow.id) == new.generation_id)
        .values(audio_path=new.audio_path, duration=new.facts.duration)
    )


def move_on(
    session: Session,
    identity: str,
    status: Status,
    error: str | None,
    *,
    allowed: frozenset[Status],
) -> None:
    """Give a generation its next status, if it may have it; in the trash too, so nothing is lost.

    Raises:
        NotFound: there is no such generation.
        Conflict: its present status isn't among those allowed.
    """
    found = session.exec(
        select(GenerationRow.status).where(
            col(GenerationRow.id) == identity, ~col(GenerationRow.purging)
        )
    ).first()
    if found is None:
        raise missing([identity])
    check_move(identity, Status(found), status, allowed=allowed)
    session.exec(
        update(GenerationRow)
        .where(col(GenerationRow.id) == identity)
        .values(status=status.value, error=error)
    )


def known_ids(session: Session, ids: Sequence[str]) -> dict[str, datetime | None]:
    """Each of the ids and when it went to the trash.

    Raises:
        NotFound: one or more are unknown.
    """
    found: dict[str, datetime | None] = {}
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        rows = session.exec(
            select(GenerationRow.id, GenerationRow.deleted_at).where(
                col(GenerationRow.id).in_(chunk), ~col(GenerationRow.purging)
            )
        )
        found.update(rows.all())
    unknown = [identity for identity in ids if identity not in found]
    if unknown:
        raise missing(unknown)
    return found


def set_favorite(session: Session, ids: Sequence[str], *, on: bool) -> None:
    """Mark these as favourites, or no longer.

    Raises:
        NotFound: one or more are unknown.
    """
    _set(session, ids, is_favorited=on)


def set_rating(session: Session, ids: Sequence[str], rating: int | None) -> None:
    """Give these a rating, or none.

    Raises:
        NotFound: one or more are unknown.
    """
    _set(session, ids, rating=rating)


def set_note(session: Session, ids: Sequence[str], note: str | None) -> None:
    """Give these a note, or none.

    Raises:
        NotFound: one or more are unknown.
    """
    _set(session, ids, note=note)


def change_tags(
    session: Session, ids: Sequence[str], add: Mapping[str, str], remove: Sequence[str]
) -> None:
    """Take these folded tags away from generations and give them others: folded → as written.

    Raises:
        NotFound: one or more are unknown.
    """
    known_ids(session, ids)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        # One that is given again is written as it is now.
        gone = (*remove, *add)
        session.exec(
            delete(TagRow).where(
                col(TagRow.generation_id).in_(chunk), col(TagRow.tag_fold).in_(gone)
            )
        )
        new = [
            {"generation_id": identity, "tag_fold": folded, "tag": tag}
            for identity in chunk
            for folded, tag in add.items()
        ]
        if new:
            session.connection().execute(_ADD_TAG, new)


def _set(session: Session, ids: Sequence[str], **values: object) -> None:
    known_ids(session, ids)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        session.exec(update(GenerationRow).where(col(GenerationRow.id).in_(chunk)).values(**values))
