"""What the rows say of disk use: from counters where they can answer, else from the rows.

Bytes are those of all versions' files, as they were measured when they came in. A linked
generation's files lie at its source: the counters count them, so they are taken off again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import cast

from rushes.domain.storage import Portion, ProfilePortion
from rushes.domain.watch import Watch
from rushes.store.months import Months
from rushes.store.reader import Reader, Snapshot

_COUNTED = (
    "SELECT profile_id, engine, trashed, sum(generations), sum(bytes)"
    " FROM counters GROUP BY 1, 2, 3"
)
_LINKED = (
    "SELECT g.profile_id, g.engine, g.deleted_at IS NOT NULL, count(*), COALESCE(sum("
    "(SELECT sum(v.bytes) FROM generation_versions v WHERE v.generation_id = g.id)), 0)"
    " FROM generations g INDEXED BY generations_linked"
    " WHERE g.source_id IS NOT NULL AND g.purging = 0 GROUP BY 1, 2, 3"
)
_BESIDE_DEFAULT = (
    "SELECT COALESCE(sum(v.bytes), 0) FROM generation_versions v INDEXED BY versions_beside_default"
    " CROSS JOIN generations g ON g.id = v.generation_id"
    " WHERE v.is_default = 0 AND g.deleted_at IS NULL AND g.source_id IS NULL"
)
_SAMPLES = "SELECT COALESCE(sum(bytes), 0) FROM profile_samples"
_LEAVING = (
    "SELECT COALESCE(sum(v.bytes), 0) FROM generations g INDEXED BY generations_purging"
    " CROSS JOIN generation_versions v ON v.generation_id = g.id"
    " WHERE g.purging = 1 AND g.source_id IS NULL"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the rows say: bytes by kind, and whose they are.

    ``leaving`` are bytes of what is being purged, ``leaving_files`` files whose bytes no row knows.
    """

    takes: int
    versions: int
    trash: int
    samples: int
    leaving: int
    leaving_files: tuple[str, ...]
    linked: Portion
    profiles: tuple[ProfilePortion, ...]
    engines: tuple[Portion, ...]
    months: tuple[Portion, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """What shares profile, engine and trash."""

    profile_id: str
    engine: str
    trashed: int
    generations: int
    bytes: int


def counted(reader: Reader, watch: Watch) -> Counted:
    """All of it, of one state of the library. What ``watch`` raises ends it."""
    months = Months()
    months.read(reader, watch)
    with reader.snapshot() as snapshot:
        owned = _owned(snapshot)
        together = _portion("", "", owned)
        months.end(snapshot, together.generations, together.bytes, watch)
        versions = snapshot.number(_BESIDE_DEFAULT)
        files = snapshot.all("SELECT audio_path FROM leaving_files ORDER BY audio_path")
        return Counted(
            takes=sum(group.bytes for group in owned if not group.trashed) - versions,
            versions=versions,
            trash=sum(group.bytes for group in owned if group.trashed),
            samples=snapshot.number(_SAMPLES),
            leaving=snapshot.number(_LEAVING),
            leaving_files=tuple(str(path) for (path,) in files),
            linked=_portion("linked", "linked", _linked(snapshot)),
            profiles=_profiles(snapshot, owned),
            engines=_engines(owned),
            months=months.portions(),
        )


def outside_trash(snapshot: Snapshot) -> Portion:
    """The library's own generations outside the trash."""
    return _portion("", "", [group for group in _owned(snapshot) if not group.trashed])


def profile_names(snapshot: Snapshot) -> dict[str, str]:
    """The name of every profile, deleted ones too, by id."""
    return dict(cast(list[tuple[str, str]], snapshot.all("SELECT id, name FROM profiles")))


def _linked(snapshot: Snapshot) -> list[_Group]:
    return [_Group(*cast(tuple[str, str, int, int, int], row)) for row in snapshot.all(_LINKED)]


def _owned(snapshot: Snapshot) -> list[_Group]:
    """What is counted, without what is linked."""
    away = {_key(group): group for group in _linked(snapshot)}
    owned = []
    for row in snapshot.all(_COUNTED):
        group = _Group(*cast(tuple[str, str, int, int, int], row))
        less = away.get(_key(group))
        if less is not None:
            group = replace(
                group,
                generations=group.generations - less.generations,
                bytes=group.bytes - less.bytes,
            )
        if group.generations:
            owned.append(group)
    return owned


def _key(group: _Group) -> tuple[str, str, int]:
    return group.profile_id, group.engine, group.trashed


def _profiles(snapshot: Snapshot, owned: Iterable[_Group]) -> tuple[ProfilePortion, ...]:
    found = snapshot.all(
        "SELECT p.id, p.name, q.bytes,"
        " COALESCE((SELECT sum(s.bytes) FROM profile_samples s WHERE s.profile_id = p.id), 0)"
        " FROM profiles p LEFT JOIN quotas q ON q.profile_id = p.id"
    )
    theirs = _by(owned, lambda group: group.profile_id)
    portions = [
        ProfilePortion(
            key=key,
            label=label,
            generations=sum(group.generations for group in theirs.get(key, ())),
            bytes=sum(group.bytes for group in theirs.get(key, ())),
            trash=sum(group.bytes for group in theirs.get(key, ()) if group.trashed),
            quota=quota,
            samples=samples,
        )
        for key, label, quota, samples in cast(list[tuple[str, str, int | None, int]], found)
        if key in theirs or quota is not None or samples
    ]
    return tuple(sorted(portions, key=_largest_first))


def _engines(owned: Iterable[_Group]) -> tuple[Portion, ...]:
    groups = _by(owned, lambda group: group.engine)
    portions = (_portion(engine, engine, theirs) for engine, theirs in groups.items())
    return tuple(sorted(portions, key=_largest_first))


def _portion(key: str, label: str, groups: Iterable[_Group]) -> Portion:
    together = list(groups)
    return Portion(
        key,
        label,
        sum(group.generations for group in together),
        sum(group.bytes for group in together),
    )


def _by(groups: Iterable[_Group], name: Callable[[_Group], str]) -> dict[str, list[_Group]]:
    found: dict[str, list[_Group]] = {}
    for group in groups:
        found.setdefault(name(group), []).append(group)
    return found


def _largest_first(portion: Portion) -> tuple[int, int, str, str]:
    return -portion.bytes, -portion.generations, portion.label, portion.key
