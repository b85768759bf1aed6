"""Writing presets, within a transaction that the caller holds."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from rushes.domain.preset import Preset
from rushes.domain.text import fold, one_line
from rushes.errors import Conflict
from rushes.store.presets import missing
from rushes.store.tables import ProfileRow
from rushes.store.tables_of_stories import PresetRow


def put_preset(session: Session, preset: Preset) -> None:
    """Add a preset of the library's own; one whose profile is gone has none.

    Raises:
        Conflict: another of the profile bears its name in its folder.
    """
    profile_id = preset.profile_id
    if profile_id is not None and session.get(ProfileRow, profile_id) is None:
        profile_id = None
    _check_free(session, profile_id, preset.folder, preset.name, "")
    session.add(
        PresetRow(
            id=preset.id,
            profile_id=profile_id,
            folder=preset.folder,
            name=preset.name,
            description=preset.description,
            params=preset.params_json,
            created_at=preset.created_at,
            updated_at=preset.updated_at,
            source_key=preset.generation_id,
        )
    )
    session.flush()


def rename_preset(
    session: Session, identity: str, name: str, folder: str | None, moment: datetime
) -> None:
    """Give a preset another name, or the same in another folder.

    Raises:
        NotFound: there is no such preset.
        Conflict: another of its profile is called so, or it is a linked source's.
    """
    row = _own(session, identity)
    _check_free(session, row.profile_id, folder, name, identity)
    row.name, row.folder, row.updated_at = name, folder, moment
    session.add(row)
    session.flush()


def delete_preset(session: Session, identity: str) -> None:
    """Take a preset away.

    Raises:
        NotFound: there is no such preset.
        Conflict: it is a linked source's.
    """
    session.delete(_own(session, identity))
    session.flush()


def free_name(session: Session, profile_id: str | None, folder: str | None, name: str) -> str:
    """The name, with a number added where another preset of the profile bears it there."""
    taken = _names(session, profile_id, folder, "")
    free, number = name, 2
    while fold(free) in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _own(session: Session, identity: str) -> PresetRow:
    row = session.get(PresetRow, identity)
    if row is None:
        raise missing(identity)
    if row.source_id is not None:
        raise Conflict(
            f"the preset “{one_line(row.name)}” can't be changed",
            "it is a linked source's, which is only read",
            "Change it in the program that it comes from.",
        )
    return row


def _check_free(
    session: Session, profile_id: str | None, folder: str | None, name: str, but: str
) -> None:
    if fold(name) in _names(session, profile_id, folder, but):
        said = one_line(f"{folder}/{name}" if folder else name)
        raise Conflict(f"there is a preset “{said}” already", "", "Choose another name.")


def _names(session: Session, profile_id: str | None, folder: str | None, but: str) -> set[str]:
    """The folded names that presets bear in a folder of a profile, one of them left out."""
    rows = session.exec(
        select(PresetRow.id, PresetRow.folder, PresetRow.name).where(
            col(PresetRow.profile_id).is_not_distinct_from(profile_id)
        )
    )
    wanted = fold(folder or "")
    return {
        fold(name)
        for identity, there, name in rows
        if identity != but and fold(there or "") == wanted
    }
