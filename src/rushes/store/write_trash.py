"""Writing what concerns the trash, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, delete, exists, func, select, update

from rushes.store.profiles import missing
from rushes.store.tables import GenerationRow, ProfileRow, SourceRow, SourceTombstoneRow
from rushes.store.write_generations import CHUNK, known_ids
from rushes.store.write_profiles import bring_back, mark_deleted
from rushes.store.write_samples import abandon
from rushes.store.write_stories import leave_gaps


def to_trash(session: Session, ids: Sequence[str], moment: datetime) -> tuple[str, ...]:
    """Move these to the trash; gives those that weren't there yet.

    Raises:
        NotFound: one or more are unknown; nothing has changed.
    """
    known = known_ids(session, ids)
    moved = tuple(identity for identity in dict.fromkeys(ids) if known[identity] is None)
    for chunk in _chunks(moved):
        session.exec(
            update(GenerationRow).where(col(GenerationRow.id).in_(chunk)).values(deleted_at=moment)
        )
    return moved


def from_trash(session: Session, ids: Sequence[str], moment: datetime) -> tuple[str, ...]:
    """Bring these back, with their profiles; gives those that were in the trash.

    Raises:
        NotFound: one or more are unknown; nothing has changed.
    """
    known = known_ids(session, ids)
    back = tuple(identity for identity in dict.fromkeys(ids) if known[identity] is not None)
    profiles: set[str] = set()
    for chunk in _chunks(back):
        rows = session.exec(
            select(GenerationRow.profile_id).where(col(GenerationRow.id).in_(chunk)).distinct()
        )
        profiles.update(rows.all())
        session.exec(
            update(GenerationRow).where(col(GenerationRow.id).in_(chunk)).values(deleted_at=None)
        )
    for profile_id in sorted(profiles):
        bring_back(session, profile_id, moment)
    return back


def profile_to_trash(session: Session, identity: str, moment: datetime) -> tuple[str, ...]:
    """Mark a profile deleted and move its generations to the trash; gives their ids.

    Raises:
        NotFound: there is no such profile.
    """
    mark_deleted(session, identity, moment)
    here = (col(GenerationRow.profile_id) == identity, col(GenerationRow.deleted_at).is_(None))
    ids = tuple(session.exec(select(GenerationRow.id).where(*here)).all())
    session.exec(update(GenerationRow).where(*here).values(deleted_at=moment))
    return ids


def profile_from_trash(
    session: Session, identity: str, ids: Sequence[str], moment: datetime
) -> None:
    """Bring a deleted profile back, and those of these generations that are still in the trash.

    Raises:
        NotFound: the profile is gone for good.
    """
    if session.get(ProfileRow, identity) is None:
        raise missing(identity)
    for chunk in _chunks(ids):
        session.exec(
            update(GenerationRow)
            .where(col(GenerationRow.id).in_(chunk), ~col(GenerationRow.purging))
            .values(deleted_at=None)
        )
    bring_back(session, identity, moment)


def begin_purge(session: Session, ids: Sequence[str], moment: datetime) -> tuple[str, ...]:
    """Mark these as on their way out, wherever they are: no list shows them from now on.

    Raises:
        NotFound: one or more are unknown; nothing has changed.
    """
    wanted = tuple(known_ids(session, ids))
    for chunk in _chunks(wanted):
        session.exec(
            update(GenerationRow)
            .where(col(GenerationRow.id).in_(chunk))
            .values(purging=True, deleted_at=func.coalesce(GenerationRow.deleted_at, moment))
        )
    return wanted


def begin_purge_of_trash(session: Session, at_most: int | None = None) -> int:
    """Mark the whole trash as on its way out, or some of it; gives how many."""
    lying = and_(col(GenerationRow.deleted_at).is_not(None), ~col(GenerationRow.purging))
    if at_most is not None:
        lying = col(GenerationRow.seq).in_(select(GenerationRow.seq).where(lying).limit(at_most))
    return session.exec(update(GenerationRow).where(lying).values(purging=True)).rowcount


def end_purge(session: Session, ids: Sequence[str], moment: datetime) -> None:
    """Take the rows away, with those of their versions and tags; linked ones leave a tombstone.

    Places in stories stay, as gaps of their lengths.

    What went to the trash with its source leaves none: linking that again brings it back.
    """
    for chunk in _chunks(ids):
        here = (col(GenerationRow.id).in_(chunk), col(GenerationRow.purging))
        linked = session.exec(
            select(GenerationRow.source_id, GenerationRow.source_key).where(
                *here,
                col(GenerationRow.source_id).is_not(None),
                col(GenerationRow.source_key).is_not(None),
                ~exists().where(
                    col(SourceRow.id) == col(GenerationRow.source_id),
                    col(SourceRow.removed_at) == col(GenerationRow.deleted_at),
                ),
            )
        ).all()
        for source_id, source_key in linked:
            assert source_id is not None
            assert source_key is not None
            session.merge(
                SourceTombstoneRow(source_id=source_id, source_key=source_key, created_at=moment)
            )
        leave_gaps(session, chunk)
        session.exec(delete(GenerationRow).where(*here))


def drop_empty_profiles(session: Session) -> tuple[str, ...]:
    """Take away the deleted profiles that the last of their generations has left.

    Gives the files of their samples, noted as leaving.
    """
    leaving = abandon(session)
    session.exec(
        delete(ProfileRow).where(
            col(ProfileRow.deleted_at).is_not(None),
            ~exists().where(col(GenerationRow.profile_id) == col(ProfileRow.id)),
        )
    )
    return leaving


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
