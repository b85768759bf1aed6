"""Writing what was read of linked files, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rushes.domain.audio import AudioFacts, Fault

if TYPE_CHECKING:
    from sqlmodel import Session

_FACTS = """
    UPDATE generation_versions SET sample_rate = ?, channels = ?, frames = ?, bytes = ?,
        sha256 = ?, format = ?, subtype = ?, peak = ?, waveform = ?, fault = NULL
    WHERE seq = ? AND audio_path = ?
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
            seq,
            audio_path,
        ),
    )
    connection.exec_driver_sql(_LENGTH, (facts.duration, seq, audio_path))


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
            "UPDATE generation_versions SET fault = NULL, sample_rate = NULL WHERE seq = ?",
            [(seq,) for seq in seqs],
        )
