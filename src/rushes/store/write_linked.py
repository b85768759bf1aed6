"""Writing a source's generations and their files, within a transaction that the caller holds.

What was said here stays: ratings, tags, notes, and a favourite that wasn't changed there since.
What was deleted here stays deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from rushes.domain.foreign import ForeignTake
from rushes.domain.source import Synced
from rushes.domain.text import fold
from rushes.domain.times import now, to_stored
from rushes.store.adding import insert_rows
from rushes.store.database import Parameter
from rushes.store.write_linked_versions import (
    add_versions,
    change_versions,
    free_id,
    marks,
    taken_ids,
)
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


_OTHER_WORDS = """
    UPDATE generation_versions SET flags = NULL WHERE generation_id = ?1
    AND EXISTS (SELECT 1 FROM generations g WHERE g.id = ?1 AND g.text <> ?2)
"""


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
        f" WHERE source_id = ? AND source_key IN ({marks(keys)})",
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
        f" WHERE source_id = ? AND source_key IN ({marks(keys)})",
        (source_id, *keys),
    )
    return {str(key) for (key,) in found}


def _add(into: _Into, takes: Sequence[ForeignTake]) -> None:
    if not takes:
        return
    taken = taken_ids(into.session, "generations", [take.key for take in takes])
    ids = [free_id(take.key, (into.source_id, "take", take.key), taken) for take in takes]
    insert_rows(
        into.session,
        "generations",
        _ADDED,
        [
            (identity, into.source_id, take.key, *_values(take, into.profiles, take.is_favorited))
            for identity, take in zip(ids, takes, strict=True)
        ],
    )
    add_versions(into.session, into.source_id, list(zip(ids, takes, strict=True)))
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
    # How fast it is spoken is judged by the words.
    connection.exec_driver_sql(_OTHER_WORDS, (known.id, take.text))
    connection.exec_driver_sql(_CHANGE, (*_values(take, into.profiles, favorited), known.id))
    again = into.new_files or known.status != take.status.value
    change_versions(into.session, into.source_id, known.id, take, read_anew=again)
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
