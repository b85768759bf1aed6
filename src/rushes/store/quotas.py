"""Quotas: read with plain SQL, written within a transaction that the caller holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rushes.domain.quota import Quota
from rushes.store.database import Row
from rushes.store.reader import Reader

if TYPE_CHECKING:
    from sqlmodel import Session

# The counters count linked files, which lie elsewhere, and no samples.
_SELECT = (
    "SELECT p.id, p.name, q.bytes,"
    " COALESCE((SELECT sum(c.bytes) FROM counters c"
    " WHERE c.trashed IN (0, 1) AND c.profile_id = p.id), 0)"
    " - COALESCE((SELECT sum(v.bytes) FROM generations g INDEXED BY generations_linked"
    " CROSS JOIN generation_versions v ON v.generation_id = g.id"
    " WHERE g.source_id IS NOT NULL AND g.profile_id = p.id AND g.purging = 0), 0)"
    " + COALESCE((SELECT sum(s.bytes) FROM profile_samples s WHERE s.profile_id = p.id), 0)"
    " FROM quotas q CROSS JOIN profiles p ON p.id = q.profile_id WHERE p.deleted_at IS NULL"
)


def all_of_them(reader: Reader) -> tuple[Quota, ...]:
    """Every quota, by its profile's name."""
    return tuple(_quota(row) for row in reader.all(f"{_SELECT} ORDER BY p.name_fold, p.name"))


def of_profile(reader: Reader, profile_id: str) -> Quota | None:
    """The quota of the profile of that id; None where it has none."""
    row = reader.one(f"{_SELECT} AND p.id = ?", (profile_id,))
    return None if row is None else _quota(row)


def of_name(reader: Reader, name: str) -> Quota | None:
    """The quota of the profile that bears exactly this name; None without one."""
    row = reader.one(f"{_SELECT} AND p.name = ?", (name,))
    return None if row is None else _quota(row)


def put(session: Session, profile_id: str, size: int) -> None:
    """Give a profile a quota, in place of what it had."""
    session.connection().exec_driver_sql(
        "INSERT INTO quotas (profile_id, bytes) VALUES (?, ?)"
        " ON CONFLICT (profile_id) DO UPDATE SET bytes = excluded.bytes",
        (profile_id, size),
    )


def take_away(session: Session, profile_id: str) -> bool:
    """Take a profile's quota away; whether it had one."""
    gone = session.connection().exec_driver_sql(
        "DELETE FROM quotas WHERE profile_id = ?", (profile_id,)
    )
    return gone.rowcount > 0


def _quota(row: Row) -> Quota:
    return Quota(*cast(tuple[str, str, int, int], row))
