"""Writing the versions of a source's generations, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rushes.domain.foreign import ForeignTake, ForeignVersion
from rushes.domain.ids import derived_id, is_id
from rushes.domain.times import to_stored
from rushes.store.adding import insert_rows
from rushes.store.database import Parameter

if TYPE_CHECKING:
    from sqlmodel import Session

_VERSION = "id, generation_id, label, audio_path, effects_chain, is_default, created_at"
_CHANGE = """
    UPDATE generation_versions SET label = ?, audio_path = ?, effects_chain = ?, is_default = ?,
        created_at = ? WHERE id = ?
"""
_FORGET_FACTS = """
    UPDATE generation_versions SET sample_rate = NULL, channels = NULL, frames = NULL,
        bytes = NULL, sha256 = NULL, format = NULL, subtype = NULL, peak = NULL, waveform = NULL,
        fault = NULL, lufs = NULL, true_peak = NULL, sound_hash = NULL, measures = NULL,
        flags = NULL WHERE id = ?
"""
_MADE_FROM = """
    UPDATE generation_versions SET source_version_id = ?1
    WHERE id = ?2 AND source_version_id IS NOT ?1
"""


def add_versions(
    session: Session, source_id: str, takes: Sequence[tuple[str, ForeignTake]]
) -> None:
    """Add all versions of generations that have none yet; each comes with its id here."""
    keys = [version.key for _, take in takes for version in take.versions]
    taken = taken_ids(session, "generation_versions", keys)
    rows: list[tuple[Parameter, ...]] = []
    made_from: list[tuple[str | None, str]] = []
    for identity, take in takes:
        ids = _add_rows(source_id, identity, take, taken, rows)
        made_from.extend(pair for pair in _parents(take, ids) if pair[0] is not None)
    insert_rows(session, "generation_versions", _VERSION, rows)
    if made_from:
        session.connection().exec_driver_sql(_MADE_FROM, made_from)


def change_versions(
    session: Session, source_id: str, generation_id: str, take: ForeignTake, *, read_anew: bool
) -> None:
    """Let a generation have the versions that it has there.

    What was read of their files stays, unless these are others or are to be ``read_anew``.
    """
    connection = session.connection()
    found: Any = connection.exec_driver_sql(
        "SELECT id, audio_path FROM generation_versions WHERE generation_id = ?", (generation_id,)
    )
    paths = {str(identity): str(path) for identity, path in found}
    # Only one may be the default, at any moment.
    connection.exec_driver_sql(
        "UPDATE generation_versions SET is_default = 0 WHERE generation_id = ?", (generation_id,)
    )
    ids: dict[str, str] = {}
    new: list[ForeignVersion] = []
    for version in take.versions:
        derived = derived_id(*_parts_of(source_id, take, version))
        identity = next((one for one in (version.key, derived) if one in paths), None)
        if identity is None:
            new.append(version)
            continue
        ids[version.key] = identity
        _change(session, identity, version)
        if read_anew or paths[identity] != version.audio_path:
            connection.exec_driver_sql(_FORGET_FACTS, (identity,))
    for gone in paths.keys() - set(ids.values()):
        connection.exec_driver_sql("DELETE FROM generation_versions WHERE id = ?", (gone,))
    rows: list[tuple[Parameter, ...]] = []
    taken = taken_ids(session, "generation_versions", [version.key for version in new])
    ids |= _add_rows(source_id, generation_id, replace(take, versions=tuple(new)), taken, rows)
    insert_rows(session, "generation_versions", _VERSION, rows)
    if ids:
        connection.exec_driver_sql(_MADE_FROM, _parents(take, ids))


def taken_ids(session: Session, table: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys that are ids of rows here, of whatever source."""
    wanted = [key for key in keys if is_id(key)]
    if not wanted:
        return set()
    found = session.connection().exec_driver_sql(
        f"SELECT id FROM {table} WHERE id IN ({marks(wanted)})", tuple(wanted)
    )
    return {str(identity) for (identity,) in found}


def free_id(there: str, parts: tuple[str, ...], taken: set[str]) -> str:
    """The id there, where it is one and nobody has it; else the one that is derived from parts."""
    if not is_id(there) or there in taken:
        return derived_id(*parts)
    taken.add(there)
    return there


def marks(things: Sequence[object]) -> str:
    """As many question marks."""
    return ", ".join("?" * len(things))


def _add_rows(
    source_id: str,
    generation_id: str,
    take: ForeignTake,
    taken: set[str],
    rows: list[tuple[Parameter, ...]],
) -> dict[str, str]:
    """Put rows of a generation's versions to the others; gives their ids by foreign key."""
    ids: dict[str, str] = {}
    for version in take.versions:
        ids[version.key] = free_id(version.key, _parts_of(source_id, take, version), taken)
        rows.append((ids[version.key], generation_id, *_values(version)))
    return ids


def _change(session: Session, identity: str, version: ForeignVersion) -> None:
    session.connection().exec_driver_sql(_CHANGE, (*_values(version), identity))


def _values(version: ForeignVersion) -> tuple[Parameter, ...]:
    return (
        version.label,
        version.audio_path,
        version.effects_chain_json,
        version.is_default,
        to_stored(version.created_at),
    )


def _parents(take: ForeignTake, ids: dict[str, str]) -> list[tuple[str | None, str]]:
    """What each version was made from, where that is there, and the version."""
    return [
        (ids.get(version.source_version_key or ""), ids[version.key]) for version in take.versions
    ]


def _parts_of(source_id: str, take: ForeignTake, version: ForeignVersion) -> tuple[str, ...]:
    """What a version's derived id is derived from."""
    return source_id, "version", take.key, version.key
