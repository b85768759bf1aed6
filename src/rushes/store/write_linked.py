"""Writing a source's generations and their files, within a transaction that the caller holds.

What was said here stays: ratings, tags, notes, and a favourite that wasn't changed there since.
What was deleted here stays deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rushes.domain.foreign import ForeignTake, ForeignVersion
from rushes.domain.ids import derived_id, is_id
from rushes.domain.source import Synced
from rushes.domain.text import fold
from rushes.domain.times import now, to_stored
from rushes.store.adding import insert_rows
from rushes.store.database import Parameter
from rushes.store.write_profiles import bring_back

if TYPE_CHECKING:
    from sqlmodel import Session

_GENERATION = (
    "profile_id",
    "status",
    "created_at",
    "is_favorited",
    "duration",
    "seed",
    "language",
    "language_fold",
    "engine",
    "engine_fold",
    "model_size",
    "model_fold",
    "audio_path",
    "text_fold",
    "text",
    "instruct",
    "error",
    "params",
    "source_digest",
    "source_favorited",
)
_ADDED = f"id, source_id, source_key, {', '.join(_GENERATION)}"
_CHANGE = (
    f"UPDATE generations SET {', '.join(f'{column} = ?' for column in _GENERATION)},"
    " vanished_at = NULL WHERE id = ?"
)
_VERSION = "id, generation_id, label, audio_path, effects_chain, is_default, created_at"
_CHANGE_VERSION = """
    UPDATE generation_versions SET label = ?, audio_path = ?, effects_chain = ?, is_default = ?,
        created_at = ? WHERE id = ?
"""
_FORGET_FACTS = """
    UPDATE generation_versions SET sample_rate = NULL, channels = NULL, frames = NULL,
        bytes = NULL, sha256 = NULL, format = NULL, subtype = NULL, peak = NULL, waveform = NULL,
        fault = NULL WHERE id = ?
"""
_MADE_FROM = "UPDATE generation_versions SET source_version_id = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class _Into:
    """Where a batch goes; ``profiles`` are ids by foreign key.

    ``new_files``: a generation that changed there has other files, by whatever name.
    """

    session: Session
    source_id: str
    profiles: Mapping[str, str]
    new_files: bool


@dataclass(frozen=True, slots=True)
class _Here:
    """A generation as it is here."""

    id: str
    digest: str
    favorited_there: bool | None
    is_favorited: bool
    status: str
    vanished: bool
    purging: bool


def put_takes(
    session: Session,
    source_id: str,
    takes: Sequence[ForeignTake],
    profiles: Mapping[str, str],
    *,
    new_files: bool = False,
) -> Synced:
    """Bring generations of a source in, or up to date; ``profiles`` are ids by foreign key.

    ``new_files``: files of what changed are read anew, even where they have the same names.
    """
    keys = [take.key for take in takes]
    here = _here(session, source_id, keys)
    purged = _purged(session, source_id, keys)
    into = _Into(session, source_id, profiles, new_files)
    new: list[ForeignTake] = []
    counted = Synced()
    for take in takes:
        known = here.get(take.key)
        if take.key in purged or (known is not None and known.purging):
            counted = replace(counted, kept_away=counted.kept_away + 1)
        elif known is None:
            new.append(take)
        else:
            counted = _kept_up(into, known, take, counted)
    _add(into, new)
    return replace(counted, added=len(new))


def mark_vanished(session: Session, source_id: str, keys: Iterable[str], moment: datetime) -> None:
    """Mark generations of a source as gone there."""
    session.connection().exec_driver_sql(
        "UPDATE generations SET vanished_at = ?"
        " WHERE source_id = ? AND source_key = ? AND vanished_at IS NULL",
        [(to_stored(moment), source_id, key) for key in keys],
    )


def _here(session: Session, source_id: str, keys: Sequence[str]) -> dict[str, _Here]:
    found = session.connection().exec_driver_sql(
        "SELECT source_key, id, source_digest, source_favorited, is_favorited, status,"
        " vanished_at IS NOT NULL, purging FROM generations"
        f" WHERE source_id = ? AND source_key IN ({_marks(keys)})",
        (source_id, *keys),
    )
    return {
        key: _Here(
            identity,
            digest or "",
            None if there is None else bool(there),
            bool(favorited),
            status,
            bool(vanished),
            bool(purging),
        )
        for key, identity, digest, there, favorited, status, vanished, purging in found
    }


def _purged(session: Session, source_id: str, keys: Sequence[str]) -> set[str]:
    found = session.connection().exec_driver_sql(
        "SELECT source_key FROM source_tombstones"
        f" WHERE source_id = ? AND source_key IN ({_marks(keys)})",
        (source_id, *keys),
    )
    return {str(key) for (key,) in found}


def _add(into: _Into, takes: Sequence[ForeignTake]) -> None:
    if not takes:
        return
    taken = _taken(into.session, "generations", [take.key for take in takes])
    ids = [_free(take.key, (into.source_id, "take", take.key), taken) for take in takes]
    insert_rows(
        into.session,
        "generations",
        _ADDED,
        [
            (identity, into.source_id, take.key, *_values(take, into.profiles, take.is_favorited))
            for identity, take in zip(ids, takes, strict=True)
        ],
    )
    _add_versions(into.session, into.source_id, list(zip(ids, takes, strict=True)))
    for profile_id in {into.profiles[take.profile_key] for take in takes}:
        bring_back(into.session, profile_id, now())


def _kept_up(into: _Into, known: _Here, take: ForeignTake, counted: Synced) -> Synced:
    """Bring one generation up to date."""
    connection = into.session.connection()
    if known.digest == take.digest:
        if not known.vanished:
            return replace(counted, unchanged=counted.unchanged + 1)
        connection.exec_driver_sql(
            "UPDATE generations SET vanished_at = NULL WHERE id = ?", (known.id,)
        )
        return replace(counted, returned=counted.returned + 1)
    changed_there = take.is_favorited is not known.favorited_there
    favorited = take.is_favorited if changed_there else known.is_favorited
    connection.exec_driver_sql(_CHANGE, (*_values(take, into.profiles, favorited), known.id))
    _change_versions(into, known, take)
    # The file's own length is the truth, where it was read.
    connection.exec_driver_sql(
        "UPDATE generations SET duration = (SELECT v.frames * 1.0 / v.sample_rate"
        " FROM generation_versions v WHERE v.generation_id = ?1 AND v.is_default = 1)"
        " WHERE id = ?1 AND EXISTS (SELECT 1 FROM generation_versions v"
        " WHERE v.generation_id = ?1 AND v.is_default = 1 AND v.sample_rate IS NOT NULL)",
        (known.id,),
    )
    if known.vanished:
        return replace(counted, returned=counted.returned + 1)
    return replace(counted, changed=counted.changed + 1)


def _values(
    take: ForeignTake, profiles: Mapping[str, str], is_favorited: bool
) -> tuple[Parameter, ...]:
    default = take.default_version
    return (
        profiles[take.profile_key],
        take.status.value,
        to_stored(take.created_at),
        is_favorited,
        take.duration,
        take.seed,
        take.language,
        fold(take.language),
        take.engine,
        fold(take.engine),
        take.model_size,
        None if take.model_size is None else fold(take.model_size),
        None if default is None else default.audio_path,
        fold(take.text),
        take.text,
        take.instruct,
        take.error,
        take.params_json,
        take.digest,
        take.is_favorited,
    )


def _add_versions(
    session: Session, source_id: str, takes: Sequence[tuple[str, ForeignTake]]
) -> None:
    keys = [version.key for _, take in takes for version in take.versions]
    taken = _taken(session, "generation_versions", keys)
    rows: list[tuple[Parameter, ...]] = []
    made_from: list[tuple[str, str]] = []
    for identity, take in takes:
        ids = {
            version.key: _free(version.key, _parts_of(source_id, take, version), taken)
            for version in take.versions
        }
        for version in take.versions:
            rows.append(_version_row(ids[version.key], identity, version))
            parent = ids.get(version.source_version_key or "")
            if parent is not None:
                made_from.append((parent, ids[version.key]))
    insert_rows(session, "generation_versions", _VERSION, rows)
    if made_from:
        session.connection().exec_driver_sql(_MADE_FROM, made_from)


def _change_versions(into: _Into, known: _Here, take: ForeignTake) -> None:
    """Let a generation have the versions that it has there; what was read of their files stays."""
    connection = into.session.connection()
    found: Any = connection.exec_driver_sql(
        "SELECT id, audio_path FROM generation_versions WHERE generation_id = ?", (known.id,)
    )
    paths = {str(identity): str(path) for identity, path in found}
    connection.exec_driver_sql(
        "UPDATE generation_versions SET is_default = 0 WHERE generation_id = ?", (known.id,)
    )
    again = into.new_files or known.status != take.status.value
    new: list[ForeignVersion] = []
    kept: set[str] = set()
    for version in take.versions:
        derived = derived_id(*_parts_of(into.source_id, take, version))
        identity = next((one for one in (version.key, derived) if one in paths), None)
        if identity is None:
            new.append(version)
            continue
        kept.add(identity)
        connection.exec_driver_sql(
            _CHANGE_VERSION,
            (
                version.label,
                version.audio_path,
                version.effects_chain_json,
                version.is_default,
                to_stored(version.created_at),
                identity,
            ),
        )
        if again or paths[identity] != version.audio_path:
            connection.exec_driver_sql(_FORGET_FACTS, (identity,))
    for gone in paths.keys() - kept:
        connection.exec_driver_sql("DELETE FROM generation_versions WHERE id = ?", (gone,))
    if new:
        _add_versions(
            into.session, into.source_id, [(known.id, replace(take, versions=tuple(new)))]
        )


def _version_row(
    identity: str, generation_id: str, version: ForeignVersion
) -> tuple[Parameter, ...]:
    return (
        identity,
        generation_id,
        version.label,
        version.audio_path,
        version.effects_chain_json,
        version.is_default,
        to_stored(version.created_at),
    )


def _taken(session: Session, table: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys that are ids of rows here, of whatever source."""
    wanted = [key for key in keys if is_id(key)]
    if not wanted:
        return set()
    found = session.connection().exec_driver_sql(
        f"SELECT id FROM {table} WHERE id IN ({_marks(wanted)})", tuple(wanted)
    )
    return {str(identity) for (identity,) in found}


def _parts_of(source_id: str, take: ForeignTake, version: ForeignVersion) -> tuple[str, ...]:
    """What a version's derived id is derived from."""
    return source_id, "version", take.key, version.key


def _free(there: str, parts: tuple[str, ...], taken: set[str]) -> str:
    """The id there, where it is one and nobody has it; else the one that is derived from parts."""
    if not is_id(there) or there in taken:
        return derived_id(*parts)
    taken.add(there)
    return there


def _marks(things: Sequence[object]) -> str:
    return ", ".join("?" * len(things))
