"""Writing linked sources and their profiles, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, exists, select, update

from rushes.domain.foreign import ForeignProfile
from rushes.domain.ids import new_id
from rushes.domain.source import SourceKind
from rushes.domain.text import fold
from rushes.domain.times import now, to_stored
from rushes.store.tables import GenerationRow, ProfileRow, SourceRow, SourceStateRow
from rushes.store.tables_of_stories import SampleRow, StoryRow
from rushes.store.write_profiles import bring_back, profile_named


def link(session: Session, kind: SourceKind, name: str, place: Path, root: Path) -> str:
    """Add a source, or link one again that was removed; gives its id.

    What went to the trash with it comes back from there. If another bears the name, a number is
    added.
    """
    row = session.exec(
        select(SourceRow).where(
            col(SourceRow.kind) == kind.value, col(SourceRow.place) == str(place)
        )
    ).first()
    if row is None:
        row = SourceRow(id=new_id(), kind=kind.value, root=str(root), created_at=now())
        row.name, row.place = _free_source_name(session, name), str(place)
    elif row.removed_at is not None:
        _bring_back_all(session, row)
        row.name, row.removed_at = _free_source_name(session, row.name), None
    row.root = str(root)
    session.add(row)
    session.flush()
    return row.id


def unlink(session: Session, source_id: str, moment: datetime) -> int:
    """Move all of a source's generations and stories to the trash; gives how many generations."""
    moved = session.exec(
        update(GenerationRow)
        .where(col(GenerationRow.source_id) == source_id, col(GenerationRow.deleted_at).is_(None))
        .values(deleted_at=moment)
    )
    session.exec(
        update(StoryRow)
        .where(col(StoryRow.source_id) == source_id, col(StoryRow.deleted_at).is_(None))
        .values(deleted_at=moment)
    )
    session.exec(
        update(ProfileRow)
        .where(
            col(ProfileRow.source_id) == source_id,
            col(ProfileRow.deleted_at).is_(None),
            ~exists().where(
                col(GenerationRow.profile_id) == col(ProfileRow.id),
                col(GenerationRow.deleted_at).is_(None),
            ),
            # Samples are the library's own, wherever the profile is from.
            ~exists().where(col(SampleRow.profile_id) == col(ProfileRow.id)),
        )
        .values(deleted_at=moment)
        .execution_options(synchronize_session=False)
    )
    connection = session.connection()
    for table in ("effect_presets", "presets", "source_states"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))
    session.exec(update(SourceRow).where(col(SourceRow.id) == source_id).values(removed_at=moment))
    return moved.rowcount


def end_sync(session: Session, source_id: str, signature: str, moment: datetime) -> None:
    """Note that a source was read to its end, as it was at ``signature``."""
    session.merge(
        SourceStateRow(source_id=source_id, synced_at=moment, signature=signature, trouble=None)
    )


def note_trouble(session: Session, source_id: str, trouble: str) -> None:
    """Note why a source couldn't be read."""
    state = session.get(SourceStateRow, source_id) or SourceStateRow(source_id=source_id)
    state.trouble = trouble
    session.add(state)


def put_profiles(
    session: Session, source_id: str, profiles: Sequence[ForeignProfile]
) -> dict[str, str]:
    """Bring a source's profiles in, or up to date; gives the ids of all of its profiles by key.

    A name that another profile bears gets the source's name added. One that was given here stays.
    Profiles that are gone there are marked missing, but where something else uses them too.
    """
    label = session.exec(select(SourceRow.name).where(col(SourceRow.id) == source_id)).one()
    known = {
        row.source_key: row
        for row in session.exec(
            select(ProfileRow).where(col(ProfileRow.source_id) == source_id)
        ).all()
    }
    for profile in profiles:
        row = known.get(profile.key)
        if row is None:
            known[profile.key] = _new_profile(session, source_id, label, profile)
        else:
            _update_profile(session, row, label, profile)
    there = {profile.key for profile in profiles}
    for key, row in known.items():
        if key not in there and not row.missing and not _is_used_here(session, row.id):
            row.missing = True
            session.add(row)
    session.flush()
    return {str(key): row.id for key, row in known.items()}


def add_profile_of(session: Session, source_id: str, profile: ForeignProfile) -> str:
    """Bring in a profile of a source that isn't among those that it lists; gives its id."""
    label = session.exec(select(SourceRow.name).where(col(SourceRow.id) == source_id)).one()
    row = session.exec(
        select(ProfileRow).where(
            col(ProfileRow.source_id) == source_id, col(ProfileRow.source_key) == profile.key
        )
    ).first()
    if row is not None:
        if row.missing:
            row.missing = False
            session.add(row)
        return row.id
    return _new_profile(session, source_id, label, profile).id


def add_placeholder(session: Session, source_id: str, key: str) -> str:
    """The profile that stands for one that is gone at its source; gives its id."""
    row = session.exec(
        select(ProfileRow).where(
            col(ProfileRow.source_id) == source_id, col(ProfileRow.source_key) == key
        )
    ).first()
    if row is not None:
        return row.id
    moment = now()
    gone = ForeignProfile(key, f"missing profile {key[:8]}".strip(), None, "en", moment, None)
    label = session.exec(select(SourceRow.name).where(col(SourceRow.id) == source_id)).one()
    row = _new_profile(session, source_id, label, gone)
    row.missing = True
    session.add(row)
    session.flush()
    return row.id


def _new_profile(
    session: Session, source_id: str, label: str, profile: ForeignProfile
) -> ProfileRow:
    name = _free_profile_name(session, profile.name, label)
    row = ProfileRow(
        id=new_id(),
        name=name,
        name_fold=fold(name),
        description=profile.description,
        language=profile.language,
        created_at=profile.created_at,
        updated_at=profile.created_at,
        source_id=source_id,
        source_key=profile.key,
        source_name=profile.name,
        details=profile.details_json,
    )
    session.add(row)
    session.flush()
    return row


def _update_profile(session: Session, row: ProfileRow, label: str, profile: ForeignProfile) -> None:
    before = row.source_name or ""
    if before != profile.name and (row.name == before or row.name.startswith(f"{before} (")):
        row.name = _free_profile_name(session, profile.name, label)
        row.name_fold = fold(row.name)
    row.source_name = profile.name
    row.description, row.language = profile.description, profile.language
    row.details, row.missing = profile.details_json, False
    if session.is_modified(row):
        row.updated_at = now()
        session.add(row)
        session.flush()


def _is_used_here(session: Session, profile_id: str) -> bool:
    """Whether a generation of the library's own is of that profile."""
    return bool(
        session.exec(
            select(GenerationRow.seq)
            .where(
                col(GenerationRow.profile_id) == profile_id,
                col(GenerationRow.source_id).is_(None),
            )
            .limit(1)
        ).first()
    )


def _bring_back_all(session: Session, row: SourceRow) -> None:
    """Bring back from the trash what went there when the source was removed."""
    assert row.removed_at is not None
    moment = to_stored(row.removed_at)
    connection = session.connection()
    connection.exec_driver_sql(
        "UPDATE generations SET deleted_at = NULL"
        " WHERE source_id = ? AND deleted_at = ? AND purging = 0",
        (row.id, moment),
    )
    connection.exec_driver_sql(
        "UPDATE stories SET deleted_at = NULL WHERE source_id = ? AND deleted_at = ?",
        (row.id, moment),
    )
    profiles = connection.exec_driver_sql(
        "SELECT id FROM profiles WHERE source_id = ? AND deleted_at = ?", (row.id, moment)
    )
    for (identity,) in profiles.fetchall():
        bring_back(session, str(identity), now())


def _free_source_name(session: Session, name: str) -> str:
    taken = set(
        session.exec(select(SourceRow.name).where(col(SourceRow.removed_at).is_(None))).all()
    )
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _free_profile_name(session: Session, name: str, label: str) -> str:
    free, number = name, 1
    while profile_named(session, free) is not None:
        free = f"{name} ({label})" if number == 1 else f"{name} ({label} {number})"
        number += 1
    return free
