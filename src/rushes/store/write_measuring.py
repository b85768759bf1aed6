"""Writing what was read of linked files, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rushes.domain.audio import AudioFacts, Fault
from rushes.store.database import Parameter
from rushes.store.heard import heard

if TYPE_CHECKING:
    from sqlmodel import Session

_FACTS = """
    UPDATE generation_versions SET sample_rate = ?, channels = ?, frames = ?, bytes = ?,
        sha256 = ?, format = ?, subtype = ?, peak = ?, waveform = ?, fault = NULL,
        lufs = ?, true_peak = ?, sound_hash = ?, measures = ?, flags = ?
    WHERE seq = ? AND audio_path = ?
"""
_HEARD = """
    UPDATE generation_versions SET lufs = ?, true_peak = ?, sound_hash = ?, measures = ?, flags = ?
    WHERE seq = ? AND audio_path = ?
"""
_RECORD = """
    SELECT g.text, CASE WHEN v.is_default = 1 THEN g.duration END
    FROM generation_versions v JOIN generations g ON g.id = v.generation_id WHERE v.seq = ?
"""
_LENGTH = """
    UPDATE generations SET duration = ? WHERE id = (SELECT generation_id FROM generation_versions
        WHERE seq = ? AND audio_path = ? AND is_default = 1)
"""


def set_facts(session: Session, seq: int, audio_path: str, facts: AudioFacts) -> None:
    """Keep what a version's file is; a generation is as long as its default's file.

    Nothing is kept if the version names another file by now.
    """
    connection = session.connection()
    connection.exec_driver_sql(
        _FACTS,
        (
            facts.sample_rate,
            facts.channels,
            facts.frames,
            facts.bytes,
            facts.sha256,
            facts.format,
            facts.subtype,
            facts.peak,
            facts.waveform,
            *_heard(session, seq, facts),
            seq,
            audio_path,
        ),
    )
    connection.exec_driver_sql(_LENGTH, (facts.duration, seq, audio_path))


def set_heard(session: Session, seq: int, audio_path: str, facts: AudioFacts) -> None:
    """Keep how well a version came out, and nothing else of its file.

    Nothing is kept if the version names another file by now.
    """
    session.connection().exec_driver_sql(_HEARD, (*_heard(session, seq, facts), seq, audio_path))


def set_fault_of(session: Session, seq: int, audio_path: str, fault: Fault) -> None:
    """Mark a version with what is wrong with its file, unless it names another by now."""
    session.connection().exec_driver_sql(
        "UPDATE generation_versions SET fault = ? WHERE seq = ? AND audio_path = ?",
        (fault.value, seq, audio_path),
    )


def set_faults(session: Session, found: Iterable[tuple[int, Fault]]) -> None:
    """Mark versions with what is wrong with their files."""
    rows = [(fault.value, seq) for seq, fault in found]
    if rows:
        session.connection().exec_driver_sql(
            "UPDATE generation_versions SET fault = ? WHERE seq = ?", rows
        )


def clear_faults(session: Session, seqs: Sequence[int]) -> None:
    """Take marks away: what was measured before is read anew."""
    if seqs:
        session.connection().exec_driver_sql(
            "UPDATE generation_versions SET fault = NULL, sample_rate = NULL, flags = NULL"
            " WHERE seq = ?",
            [(seq,) for seq in seqs],
        )


def _heard(session: Session, seq: int, facts: AudioFacts) -> tuple[Parameter, ...]:
    """What was heard, judged by the text and the length that the record has so far."""
    found = session.connection().exec_driver_sql(_RECORD, (seq,)).first()
    text, recorded = ("", None) if found is None else found
    return heard(facts, text, recorded)
