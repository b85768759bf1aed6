"""Writing profiles, within a transaction that the caller holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, update

from rushes.domain.ids import new_id
from rushes.domain.text import fold, one_line
from rushes.errors import Conflict
from rushes.store.profiles import missing
from rushes.store.tables import ProfileRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_NAMED = "SELECT id FROM profiles WHERE name = ? AND deleted_at IS NULL"


def profile_named(session: Session, name: str) -> str | None:
    """The id of the profile that bears exactly this name; None without one."""
    # By hand: every record asks this, and the ORM takes five times as long as SQLite.
    found = session.connection().exec_driver_sql(_NAMED, (name,)).first()
    return None if found is None else str(found[0])


def add_profile(
    session: Session,
    name: str,
    language: str,
    description: str | None,
    moment: datetime,
    *,
    identity: str | None = None,
) -> str:
    """Add a profile and give its id, a new one unless one is given.

    Raises:
        Conflict: another bears that name.
    """
    if profile_named(session, name) is not None:
        raise _taken(name)
    chosen = identity or new_id()
    session.add(
        ProfileRow(
            id=chosen,
            name=name,
            name_fold=fold(name),
            description=description,
            language=language,
            created_at=moment,
            updated_at=moment,
        )
    )
    session.flush()
    return chosen


def rename_profile(session: Session, identity: str, name: str, moment: datetime) -> None:
    """Give a profile another name.

    Raises:
        NotFound: there is no such profile.
        Conflict: another bears that name.
    """
    bearer = profile_named(session, name)
    if bearer is not None and bearer != identity:
        raise _taken(name)
    changed = session.exec(
        update(ProfileRow)
        .where(col(ProfileRow.id) == identity, _not_deleted())
        .values(name=name, name_fold=fold(name), updated_at=moment)
    )
    if not changed.rowcount:
        raise missing(identity)


def mark_deleted(session: Session, identity: str, moment: datetime) -> None:
    """Take a profile out of the lists.

    Raises:
        NotFound: there is no such profile.
    """
    changed = session.exec(
        update(ProfileRow)
        .where(col(ProfileRow.id) == identity, _not_deleted())
        .values(deleted_at=moment, updated_at=moment)
    )
    if not changed.rowcount:
        raise missing(identity)


def bring_back(session: Session, identity: str, moment: datetime) -> None:
    """Bring a deleted profile back; its name gets a number if another bears it by now."""
    row = session.get(ProfileRow, identity)
    if row is None or row.deleted_at is None:
        return
    name, number = row.name, 2
    while profile_named(session, name) is not None:
        name, number = f"{row.name} ({number})", number + 1
    row.name, row.name_fold = name, fold(name)
    row.deleted_at, row.updated_at = None, moment
    session.add(row)
    session.flush()


def _taken(name: str) -> Conflict:
    return Conflict(f"there is a profile “{one_line(name)}” already", "", "Choose another name.")


def _not_deleted() -> ColumnElement[bool]:
    return col(ProfileRow.deleted_at).is_(None)
