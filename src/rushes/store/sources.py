"""Linked sources as they are read: which there are, how they stand, what was seen of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rushes.domain.ids import SHORTEST_PREFIX
from rushes.domain.source import Source, SourceKind
from rushes.domain.text import one_line
from rushes.domain.times import from_stored
from rushes.errors import Ambiguous, NotFound
from rushes.store.database import Row
from rushes.store.reader import Reader

_AT_FAULT = """
        (SELECT count(*) FROM generation_versions v INDEXED BY versions_at_fault
            CROSS JOIN generations g ON g.id = v.generation_id
            WHERE v.fault IS NOT NULL AND v.fault = '{fault}' AND v.is_default = 1
            AND g.source_id = s.id AND g.deleted_at IS NULL)"""
_SOURCE = f"""
    SELECT s.id, s.kind, s.name, s.place, s.root, s.created_at, t.synced_at, t.trouble,
        (SELECT count(*) FROM generations g
            WHERE g.source_id = s.id AND g.deleted_at IS NULL),
        (SELECT count(*) FROM generations g
            WHERE g.source_id = s.id AND g.deleted_at IS NULL AND g.vanished_at IS NOT NULL),
        (SELECT count(*) FROM generation_versions v INDEXED BY versions_unmeasured
            CROSS JOIN generations g ON g.id = v.generation_id
            WHERE v.sample_rate IS NULL AND v.fault IS NULL
            AND g.source_id = s.id AND g.deleted_at IS NULL),
        {_AT_FAULT.format(fault="missing")},
        {_AT_FAULT.format(fault="damaged")}
    FROM sources s LEFT JOIN source_states t ON t.source_id = s.id
    WHERE s.removed_at IS NULL AND s.place <> ''
"""
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class LinkedRoot:
    """Whose a source is, and where its audio lies."""

    kind: str
    root: Path


@dataclass(frozen=True, slots=True)
class LiveSource:
    """A linked source and its signature when it was last synced to the end."""

    id: str
    kind: SourceKind
    place: Path
    signature: str | None
    troubled: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a generation of a source; ``digest`` is None once it was purged here."""

    digest: str | None
    vanished: bool


def root_of(reader: Reader, source_id: str) -> LinkedRoot | None:
    """Where a source's audio lies; None where that isn't known."""
    row = reader.one("SELECT kind, root FROM sources WHERE id = ?", (source_id,))
    # One that is lost has no root: what its rows were is known, but not where.
    return LinkedRoot(str(row[0]), Path(str(row[1]))) if row is not None and row[1] else None


def source_of(reader: Reader, generation_id: str) -> str | None:
    """The linked source of a generation; None where the library owns its files."""
    row = reader.one("SELECT source_id FROM generations WHERE id = ?", (generation_id,))
    return None if row is None or row[0] is None else str(row[0])


def folders(reader: Reader) -> tuple[tuple[Path, Path], ...]:
    """Of every linked source where it lies, a folder or a file, and where its audio does."""
    found = reader.all("SELECT place, root FROM sources WHERE removed_at IS NULL AND place <> ''")
    return tuple((Path(str(place)), Path(str(root))) for place, root in found)


def listed(reader: Reader) -> tuple[Source, ...]:
    """Every linked source, in the order they were linked."""
    return tuple(_source(row) for row in reader.all(f"{_SOURCE} ORDER BY s.created_at, s.id"))


def live(reader: Reader) -> tuple[LiveSource, ...]:
    """Every linked source with how it was last seen; quicker than ``listed``, which counts."""
    found = reader.all(
        "SELECT s.id, s.kind, s.place, t.signature, t.trouble IS NOT NULL FROM sources s"
        " LEFT JOIN source_states t ON t.source_id = s.id"
        " WHERE s.removed_at IS NULL AND s.place <> '' ORDER BY s.created_at, s.id"
    )
    return tuple(
        LiveSource(
            str(identity),
            SourceKind(str(kind)),
            Path(str(place)),
            None if signature is None else str(signature),
            bool(troubled),
        )
        for identity, kind, place, signature, troubled in found
    )


def find(reader: Reader, named: str) -> Source:
    """The linked source of that id, name or place, or of that id's beginning.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    every = listed(reader)
    for fits in (
        [source for source in every if named in (source.id, source.place)],
        [source for source in every if source.name == named],
        [source for source in every if Path(source.place).parent == Path(named).absolute()],
        [source for source in every if source.name.casefold() == named.strip().casefold()],
        [
            source
            for source in every
            if len(named) >= SHORTEST_PREFIX and source.id.startswith(named.lower())
        ],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            shown = ", ".join(f"{one_line(source.name)} ({source.id})" for source in fits[:4])
            raise Ambiguous(f"several sources fit “{one_line(named)}”", shown, "Give the whole id.")
    raise NotFound(f"there is no source “{one_line(named)}”", "", "See `rushes source list`.")


def signature_of(reader: Reader, source_id: str) -> str | None:
    """How a source was when it was last synced to the end; None if it never was."""
    row = reader.one("SELECT signature FROM source_states WHERE source_id = ?", (source_id,))
    return None if row is None or row[0] is None else str(row[0])


def seen(reader: Reader, source_id: str, keys: Sequence[str]) -> dict[str, Seen]:
    """What is known of these generations of a source: those here, and those purged here."""
    marks = ", ".join("?" * len(keys))
    with reader.snapshot() as snapshot:
        found = {
            str(key): Seen(None, vanished=False)
            for (key,) in snapshot.each(
                "SELECT source_key FROM source_tombstones"
                f" WHERE source_id = ? AND source_key IN ({marks})",
                (source_id, *keys),
            )
        }
        for key, digest, vanished in snapshot.each(
            "SELECT source_key, source_digest, vanished_at IS NOT NULL FROM generations"
            f" WHERE source_id = ? AND source_key IN ({marks})",
            (source_id, *keys),
        ):
            found[str(key)] = Seen(str(digest or ""), bool(vanished))
    return found


def keys_here(reader: Reader, source_id: str) -> Iterator[str]:
    """The keys of a source's generations here that aren't marked as gone there, in order."""
    last = ""
    while found := reader.all(
        "SELECT source_key, vanished_at IS NOT NULL FROM generations"
        " WHERE source_id = ? AND source_key > ? ORDER BY source_key LIMIT ?",
        (source_id, last, _PAGE),
    ):
        for key, vanished in found:
            if not vanished:
                yield str(key)
        last = str(found[-1][0])


def _source(row: Row) -> Source:
    columns = cast(tuple[Any, ...], row)
    return Source(
        id=columns[0],
        kind=SourceKind(columns[1]),
        name=columns[2],
        place=columns[3],
        root=columns[4],
        created_at=from_stored(columns[5]),
        synced_at=None if columns[6] is None else from_stored(columns[6]),
        trouble=columns[7],
        generations=columns[8],
        vanished=columns[9],
        unmeasured=columns[10],
        missing=columns[11],
        unreadable=columns[12],
    )
