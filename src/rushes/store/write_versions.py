"""Writing versions, within a transaction that the caller holds."""

from __future__ import annotations

from sqlmodel import Session, col, select, update

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import GenerationVersion
from rushes.store.tables import GenerationRow, VersionRow
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
