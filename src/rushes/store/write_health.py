"""Mending rows, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlmodel import Session, col, update

from rushes.domain.audio import AudioFacts, Fault
from rushes.domain.generation import Status
from rushes.domain.ids import new_id
from rushes.domain.text import fold, one_line
from rushes.domain.times import now, to_stored
from rushes.store import health, mending_sources
from rushes.store.database import Parameter, Row
from rushes.store.health import State
from rushes.store.heard import COLUMNS, heard
from rushes.store.tables import GenerationRow, VersionRow

_ORPHANS = (
    """
    INSERT INTO sources (id, kind, root, created_at)
    SELECT DISTINCT source_id, 'lost', '', '1970-01-01 00:00:00.000000' FROM generations
    WHERE source_id IS NOT NULL AND source_id NOT IN (SELECT id FROM sources)
    """,
    "DELETE FROM generation_versions WHERE generation_id NOT IN (SELECT id FROM generations)",
    """
    UPDATE generation_versions SET source_version_id = NULL WHERE source_version_id IS NOT NULL
    AND source_version_id NOT IN (SELECT id FROM generation_versions)
    """,
    "DELETE FROM tags WHERE generation_id NOT IN (SELECT id FROM generations)",
    "DELETE FROM runs WHERE generation_id NOT IN (SELECT id FROM generations)",
    "DELETE FROM quotas WHERE profile_id NOT IN (SELECT id FROM profiles)",
    "DELETE FROM source_tombstones WHERE source_id NOT IN (SELECT id FROM sources)",
    *mending_sources.STATEMENTS,
)

_READABLE = (
    f"""
    UPDATE generations AS g SET created_at = COALESCE((
        SELECT min(v.created_at) FROM generation_versions v
        WHERE v.generation_id = g.id AND {health.TIME.format("v.created_at")}), :now)
    WHERE g.id = :id AND NOT {health.TIME.format("g.created_at")}
    """,
    f"""
    UPDATE generations AS g SET deleted_at = :now
    WHERE g.id = :id AND NOT {health.TIME.format("COALESCE(g.deleted_at, :now)")}
    """,
    """
    UPDATE generations AS g SET params = json_object('unreadable', g.params)
    WHERE g.id = :id AND NOT json_valid(COALESCE(g.params, 'null'))
    """,
    f"""
    UPDATE generation_versions AS v SET
        created_at = CASE WHEN {health.TIME.format("v.created_at")} THEN v.created_at ELSE
            (SELECT g.created_at FROM generations g WHERE g.id = v.generation_id) END,
        effects_chain = CASE WHEN json_valid(COALESCE(v.effects_chain, 'null'))
            THEN v.effects_chain
            ELSE json_array(json_object('type', 'unreadable', 'text', v.effects_chain)) END,
        fault = CASE WHEN v.fault IN ('missing', 'damaged') THEN v.fault END,
        sample_rate = CASE WHEN v.sample_rate > 0 AND v.channels + v.frames + v.bytes + v.peak
            NOT NULL AND v.sha256 || v.format || v.subtype NOT NULL AND v.waveform NOT NULL
            THEN v.sample_rate END,
        flags = CASE WHEN v.sample_rate NOT NULL AND json_valid(v.measures) THEN v.flags END,
        measures = CASE WHEN json_valid(v.measures) THEN v.measures END
    WHERE v.generation_id = :id AND {health.UNREADABLE_VERSION}
    """,
)
"""Each finds nothing where all can be read."""


def mend_references(session: Session) -> None:
    """Give what is without its profile or source a placeholder, and drop what points nowhere.

    Files of versions that go that way are named by nobody then.
    """
    connection = session.connection()
    gone = connection.exec_driver_sql(
        "SELECT profile_id FROM ("
        "SELECT profile_id FROM generations UNION SELECT profile_id FROM profile_samples)"
        " WHERE profile_id NOT IN (SELECT id FROM profiles)"
    ).fetchall()
    moment = to_stored(now())
    for (identity,) in gone:
        name = f"missing profile {one_line(str(identity))[:8]}"
        connection.exec_driver_sql(
            "INSERT INTO profiles (id, name, name_fold, missing, created_at, updated_at)"
            " SELECT ?1, CASE WHEN EXISTS (SELECT 1 FROM profiles WHERE name = ?2)"
            " THEN ?1 ELSE ?2 END, ?3, 1, ?4, ?4",
            (identity, name, fold(name), moment),
        )
    for statement in _ORPHANS:
        connection.exec_driver_sql(statement)


def mark(session: Session, seqs: Sequence[int], fault: Fault | None) -> None:
    """Mark versions, by row number, with what was found of their files, or take the mark away."""
    session.exec(
        update(VersionRow)
        .where(col(VersionRow.seq).in_(seqs))
        .values(fault=None if fault is None else fault.value)
    )


def move(session: Session, seq: int, audio_path: str, fault: Fault | None) -> None:
    """Let a version, and its generation if it is the default, name another file."""
    found = session.get(VersionRow, seq)
    if found is None:
        return
    found.audio_path = audio_path
    found.fault = None if fault is None else fault.value
    session.add(found)
    if found.is_default:
        session.exec(
            update(GenerationRow)
            .where(col(GenerationRow.id) == found.generation_id)
            .values(audio_path=audio_path)
        )


def mend_state(session: Session, seq: int, facts: AudioFacts | None, moment: datetime) -> None:
    """Bring a generation to agree with its versions and with itself.

    ``facts`` are those of the file it names, for one without any version.
    """
    state = _state(session, seq)
    if state is None:
        return
    if state.unknown_status is not None:
        _mend_status(session, state)
    if state.unreadable:
        _mend_unreadable(session, state, moment)
    if state.half_purged:
        _set(session, seq, "deleted_at = ?", to_stored(moment))
    if state.versions == 0 and state.audio_path:
        _add_version(session, state, facts, moment)
    elif state.versions and state.defaults != 1:
        _mend_default(session, state)
    state = _state(session, seq)
    assert state is not None
    if state.versions and (state.other_path or state.other_length):
        _follow_default(session, seq)
    mend_folds(session, state)


def mend_folds(session: Session, state: State) -> None:
    """Fold a generation's texts anew, those that differ."""
    columns = ("text_fold", "language_fold", "engine_fold", "model_fold")
    for column, (text, folded) in zip(columns, state.folds, strict=True):
        right = None if text is None else fold(text)
        if folded != right:
            _set(session, state.seq, f"{column} = ?", right)


def _mend_status(session: Session, state: State) -> None:
    if state.versions or state.audio_path:
        _set(session, state.seq, "status = ?", Status.COMPLETED.value)
        return
    _set(session, state.seq, "status = ?", Status.FAILED.value)
    told = f"its status was unknown: {one_line(state.unknown_status or '')[:100]}"
    _set(session, state.seq, "error = COALESCE(error, ?)", told)


def _mend_unreadable(session: Session, state: State, moment: datetime) -> None:
    """Texts that can't be read are kept within ones that can; measures go, to be made anew."""
    for statement in _READABLE:
        session.connection().exec_driver_sql(statement, {"id": state.id, "now": to_stored(moment)})


def _mend_default(session: Session, state: State) -> None:
    """The default is the one that the generation names, else the oldest."""
    connection = session.connection()
    chosen = connection.exec_driver_sql(
        "SELECT seq FROM generation_versions WHERE generation_id = ?"
        " ORDER BY audio_path IS NOT ?, is_default <> 1, seq LIMIT 1",
        (state.id, state.audio_path),
    ).fetchone()
    assert chosen is not None
    connection.exec_driver_sql(
        "UPDATE generation_versions SET is_default = 0 WHERE generation_id = ?", (state.id,)
    )
    connection.exec_driver_sql(
        "UPDATE generation_versions SET is_default = 1 WHERE seq = ?", (chosen[0],)
    )


def _follow_default(session: Session, seq: int) -> None:
    session.connection().exec_driver_sql(
        "UPDATE generations SET (audio_path, duration) = ("
        "SELECT v.audio_path, COALESCE(v.frames * 1.0 / v.sample_rate, generations.duration)"
        " FROM generation_versions v WHERE v.generation_id = generations.id AND v.is_default = 1)"
        " WHERE seq = ?",
        (seq,),
    )


def _add_version(
    session: Session, state: State, facts: AudioFacts | None, moment: datetime
) -> None:
    assert state.audio_path is not None
    row = VersionRow(
        id=new_id(),
        generation_id=state.id,
        label="original",
        audio_path=state.audio_path,
        is_default=True,
        created_at=moment,
    )
    if facts is not None:
        row.sample_rate, row.channels, row.frames = facts.sample_rate, facts.channels, facts.frames
        row.size, row.sha256 = facts.bytes, facts.sha256
        row.format, row.subtype = facts.format, facts.subtype
        row.peak, row.waveform = facts.peak, facts.waveform
        listened = heard(facts, state.folds[0][0] or "")
        for column, value in zip(COLUMNS.split(", "), listened, strict=True):
            setattr(row, column, value)
    session.add(row)
    session.flush()


def _state(session: Session, seq: int) -> State | None:
    row = (
        session.connection()
        .exec_driver_sql(f"{health.STATE} WHERE g.seq = ? GROUP BY g.seq", (seq,))
        .fetchone()
    )
    return None if row is None else health.state_of(cast(Row, tuple(row)))


def _set(session: Session, seq: int, assignment: str, value: Parameter) -> None:
    session.connection().exec_driver_sql(
        f"UPDATE generations SET {assignment} WHERE seq = ?", (value, seq)
    )
