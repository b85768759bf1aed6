"""Writing samples of profiles, within a transaction that the caller holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, exists, select, update

from rushes.domain.audio import AudioFacts, Fault
from rushes.store.tables import GenerationRow, ProfileRow
from rushes.store.tables_of_stories import SampleRow
from rushes.store.write_leaving import add_leaving


@dataclass(frozen=True, slots=True)
class NewSample:
    """A sample that is to be added; its file lies in its place already."""

    id: str
    profile_id: str
    reference_text: str
    audio_path: str
    facts: AudioFacts
    created_at: datetime


def add_sample(session: Session, new: NewSample) -> None:
    """Add a sample to its profile."""
    facts = new.facts
    session.add(
        SampleRow(
            id=new.id,
            profile_id=new.profile_id,
            audio_path=new.audio_path,
            reference_text=new.reference_text,
            created_at=new.created_at,
            sample_rate=facts.sample_rate,
            channels=facts.channels,
            frames=facts.frames,
            size=facts.bytes,
            sha256=facts.sha256,
            format=facts.format,
            subtype=facts.subtype,
        )
    )
    session.flush()


def has_sample(session: Session, profile_id: str, reference_text: str, sha256: str) -> bool:
    """Whether a profile has a sample of these words and these bytes already."""
    found = session.exec(
        select(SampleRow.id).where(
            col(SampleRow.profile_id) == profile_id,
            col(SampleRow.sha256) == sha256,
            col(SampleRow.reference_text) == reference_text,
        )
    )
    return found.first() is not None


def is_taken(session: Session, identity: str) -> bool:
    """Whether a sample has that id."""
    return session.get(SampleRow, identity) is not None


def abandon(session: Session) -> tuple[str, ...]:
    """Note the files of samples whose deleted profiles have no generation any more, as leaving.

    Gives them; the rows go with their profiles.
    """
    found = session.exec(
        select(SampleRow.audio_path)
        .join(ProfileRow, col(ProfileRow.id) == col(SampleRow.profile_id))
        .where(
            col(ProfileRow.deleted_at).is_not(None),
            ~exists().where(col(GenerationRow.profile_id) == col(ProfileRow.id)),
        )
    )
    paths = tuple(found.all())
    add_leaving(session, paths)
    return paths


def move_sample(
    session: Session, identity: str, audio_path: str | None, fault: Fault | None
) -> None:
    """Mark a sample with what was found of its file; with a path it names another from now on."""
    values: dict[str, str | None] = {"fault": None if fault is None else fault.value}
    if audio_path is not None:
        values["audio_path"] = audio_path
    session.exec(update(SampleRow).where(col(SampleRow.id) == identity).values(**values))
