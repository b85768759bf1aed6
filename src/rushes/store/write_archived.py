"""Writing what comes out of archives, within a transaction that the caller holds.

``write_imported`` writes the rows; here is found out whether they are there already, and whose
they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from rushes.domain.foreign import ForeignProfile, ForeignTake
from rushes.domain.ids import is_id, new_id
from rushes.domain.times import now
from rushes.store.tables import GenerationRow, ProfileRow, VersionRow
from rushes.store.tables_of_stories import ImportedRow
from rushes.store.write_imported import CopiedVersion, add_copy
from rushes.store.write_profiles import add_profile, profile_named

ORIGIN = "archive"
"""Where ``imported`` says that archives come from, whichever file it was."""

_HERE = (
    "SELECT g.id, g.deleted_at IS NOT NULL FROM generations g WHERE g.purging = 0 AND (g.id = ?1"
    " OR g.id = (SELECT i.generation_id FROM imported i WHERE i.origin = ?2 AND i.source_key = ?1))"
    " ORDER BY g.deleted_at IS NOT NULL LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Here:
    """A generation that is here already, perhaps in the trash."""

    id: str
    trashed: bool


def here(session: Session, key: str) -> Here | None:
    """The generation of that id, or that which came out of an archive by it; None without one."""
    found = session.connection().exec_driver_sql(_HERE, (key, ORIGIN)).first()
    return None if found is None else Here(str(found[0]), bool(found[1]))


def free_id(session: Session, key: str) -> str:
    """The id itself where it is one and nobody has it, else a new one."""
    taken = session.exec(select(GenerationRow.seq).where(col(GenerationRow.id) == key)).first()
    return key if is_id(key) and taken is None else new_id()


def free_version_id(session: Session, key: str) -> str:
    """The same of a version."""
    taken = session.exec(select(VersionRow.seq).where(col(VersionRow.id) == key)).first()
    return key if is_id(key) and taken is None else new_id()


def profile_of(session: Session, profile: ForeignProfile) -> str:
    """The id of the profile of that id, else of that name; it is made where there is neither."""
    row = session.get(ProfileRow, profile.key)
    if row is not None and row.deleted_at is None:
        return row.id
    named = profile_named(session, profile.name)
    if named is not None:
        return named
    identity = add_profile(
        session,
        profile.name,
        profile.language,
        profile.description,
        now() if profile.updated_at is None else profile.created_at,
        identity=profile.key if row is None and is_id(profile.key) else None,
    )
    made = session.get_one(ProfileRow, identity)
    made.updated_at = profile.updated_at or made.updated_at
    made.missing = profile.missing
    made.details = profile.details_json
    session.add(made)
    session.flush()
    return identity


def add_archived(
    session: Session, take: ForeignTake, versions: list[CopiedVersion], identity: str, profile: str
) -> None:
    """Add a generation with its versions; the latest of several copies is remembered."""
    known = session.get(ImportedRow, (ORIGIN, take.key))
    if known is not None:
        session.delete(known)
        session.flush()
    add_copy(session, ORIGIN, take, versions, identity=identity, profile_id=profile)
