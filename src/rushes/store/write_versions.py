"""Writing versions, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, delete, select, update

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import GenerationVersion
from rushes.domain.text import one_line
from rushes.errors import BadInput, NotFound
from rushes.store.adding import add_versions
from rushes.store.history import missing
from rushes.store.new_rows import NewVersion
from rushes.store.tables import GenerationRow, VersionRow
from rushes.store.tables_of_stories import StoryItemRow
from rushes.store.version_rules import check_has_audio, check_not_last, check_own, free_label
from rushes.store.write_leaving import add_leaving


def replace_file(
    session: Session, version: GenerationVersion, audio_path: str, facts: AudioFacts
) -> bool:
    """Let a version name another file of the same sound; the file it had is noted as leaving.

    Nothing changes, and it gives False, where the version no longer names that file, its
    generation is being purged, or the file isn't the library's own.
    """
    here = (
        col(VersionRow.id) == version.id,
        col(VersionRow.audio_path) == version.audio_path,
    )
    found = session.exec(
        select(VersionRow.id)
        .join(GenerationRow, col(GenerationRow.id) == col(VersionRow.generation_id))
        .where(*here, col(GenerationRow.source_id).is_(None), ~col(GenerationRow.purging))
    ).first()
    if found is None:
        return False
    session.exec(
        update(VersionRow)
        .where(*here)
        .values(
            audio_path=audio_path,
            size=facts.bytes,
            sha256=facts.sha256,
            format=facts.format,
            subtype=facts.subtype,
            fault=None,
        )
    )
    session.exec(
        update(GenerationRow)
        .where(
            col(GenerationRow.id) == version.generation_id,
            col(GenerationRow.audio_path) == version.audio_path,
        )
        .values(audio_path=audio_path)
    )
    add_leaving(session, [version.audio_path])
    return True


def add_version(session: Session, new: NewVersion, label: str | None, *, default: bool) -> None:
    """Add a version to a generation that has some, and let it be the default.

    Without a ``label`` it gets the next free ``version-N``.

    Raises:
        NotFound: the generation is unknown.
        Conflict: it has no version yet, it is a linked source's, or the label is taken.
        BadInput: what it was made from is no version of that generation.
    """
    rows = _rows(session, new.generation_id)
    check_has_audio(new.generation_id, len(rows))
    if new.source_version_id not in (None, *(row.id for row in rows)):
        raise BadInput("what it was made from is no version of this generation any more")
    chosen = free_label([row.label for row in rows], label)
    add_versions(session, [replace(new, label=chosen, is_default=False)])
    if default:
        make_default(session, new.generation_id, new.id)


def make_default(session: Session, generation_id: str, version_id: str) -> None:
    """Let a version stand for its generation: its file and its length are the generation's.

    Where its file was never measured the length stays as it was.

    Raises:
        NotFound: there is no such version.
        Conflict: a source's is only read.
    """
    chosen = _row(_rows(session, generation_id), version_id)
    # Only one may be the default, at any moment.
    session.exec(
        update(VersionRow)
        .where(col(VersionRow.generation_id) == generation_id, col(VersionRow.is_default))
        .values(is_default=False)
    )
    session.exec(update(VersionRow).where(col(VersionRow.id) == version_id).values(is_default=True))
    values: dict[str, object] = {"audio_path": chosen.audio_path}
    if chosen.frames is not None and chosen.sample_rate:
        values["duration"] = chosen.frames / chosen.sample_rate
    session.exec(
        update(GenerationRow).where(col(GenerationRow.id) == generation_id).values(**values)
    )


def default_of(session: Session, generation_id: str) -> str | None:
    """The id of a generation's default version; None where it has none."""
    return session.exec(
        select(VersionRow.id).where(
            col(VersionRow.generation_id) == generation_id, col(VersionRow.is_default)
        )
    ).first()


def rename_version(session: Session, generation_id: str, version_id: str, label: str) -> None:
    """Give a version another label.

    Raises:
        NotFound: there is no such version.
        Conflict: another of the generation bears it, or a source's is only read.
    """
    rows = _rows(session, generation_id)
    _row(rows, version_id)
    free_label([row.label for row in rows if row.id != version_id], label)
    session.exec(update(VersionRow).where(col(VersionRow.id) == version_id).values(label=label))


@dataclass(frozen=True, slots=True)
class Deleted:
    """The id of what is the default in a deleted default's place; files to be unlinked."""

    new_default: str | None
    leaving: tuple[str, ...]


def delete_version(session: Session, generation_id: str, version_id: str) -> Deleted:
    """Take a version's row away, and note its file as leaving unless another names it too.

    In a default's place comes what it was made from, else the oldest. What was made from it stays,
    made from nothing that is here, and story items that pinned it play the default.

    Raises:
        NotFound: there is no such version.
        Conflict: it is the last, or a source's is only read.
    """
    rows = _rows(session, generation_id)
    gone = _row(rows, version_id)
    check_not_last(generation_id, len(rows))
    others = [row for row in rows if row.id != version_id]
    follows = None
    if gone.is_default:
        follows = next((row.id for row in others if row.id == gone.source_version_id), others[0].id)
        make_default(session, generation_id, follows)
    # By hand, not by the foreign keys: what they do must be in the journal as well.
    session.exec(
        update(VersionRow)
        .where(col(VersionRow.source_version_id) == version_id)
        .values(source_version_id=None)
    )
    session.exec(
        update(StoryItemRow)
        .where(col(StoryItemRow.version_id) == version_id)
        .values(version_id=None)
    )
    session.exec(delete(VersionRow).where(col(VersionRow.id) == version_id))
    leaving = () if _names(session, gone.audio_path) else (gone.audio_path,)
    add_leaving(session, leaving)
    return Deleted(follows, leaving)


def _rows(session: Session, generation_id: str) -> Sequence[VersionRow]:
    """The versions of a generation of the library's own, in the order they were added.

    Raises:
        NotFound: the generation is unknown.
        Conflict: it is a linked source's.
    """
    found = session.exec(
        select(GenerationRow.source_id).where(
            col(GenerationRow.id) == generation_id, ~col(GenerationRow.purging)
        )
    ).all()
    if not found:
        raise missing([generation_id])
    check_own(generation_id, found[0])
    return session.exec(
        select(VersionRow)
        .where(col(VersionRow.generation_id) == generation_id)
        .order_by(col(VersionRow.seq))
    ).all()


def _row(rows: Sequence[VersionRow], version_id: str) -> VersionRow:
    for row in rows:
        if row.id == version_id:
            return row
    raise NotFound(f"there is no version {one_line(version_id)} any more")


def _names(session: Session, audio_path: str) -> bool:
    """Whether another version names that file, which nothing forbids. Reads all rows."""
    found = session.exec(
        select(VersionRow.id).where(col(VersionRow.audio_path) == audio_path).limit(1)
    )
    return found.first() is not None
