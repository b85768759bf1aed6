"""Disk use: what the rows say of the audio, and what lies beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rushes.domain.storage import Kind, StorageUse
from rushes.domain.watch import Watch
from rushes.errors import BadInput
from rushes.media.ballast import BALLAST
from rushes.media.files import INCOMING, LocalAudioFiles
from rushes.media.room import free_room, taken_by
from rushes.store import storage
from rushes.store.faults import BACKUPS
from rushes.store.sqlite import DATABASE_NAME
from rushes.store.store import Store

_BESIDE = {
    Kind.BACKUPS: BACKUPS,
    Kind.SET_ASIDE: "lost+found",
    Kind.INCOMING: INCOMING,
    Kind.BALLAST: BALLAST,
}
_JOURNAL = "journal.jsonl"


def disk_use(store: Store, root: Path, watch: Watch) -> StorageUse:
    """All of it; ``root`` is the library's folder.

    Raises:
        LibraryError: the database can't be read, or the folder is gone.
    """
    rows = storage.counted(store.reader, watch)
    kinds = {
        Kind.TAKES: rows.takes,
        Kind.VERSIONS: rows.versions,
        Kind.TRASH: rows.trash,
        Kind.SAMPLES: rows.samples,
        Kind.LEAVING: rows.leaving + _of_files(root, rows.leaving_files),
        Kind.DATABASE: _named_like(root, DATABASE_NAME),
        Kind.JOURNAL: _named_like(root, _JOURNAL),
        **{kind: taken_by(root / folder) for kind, folder in _BESIDE.items()},
    }
    return StorageUse(
        kinds=tuple((kind, kinds[kind]) for kind in Kind),
        profiles=rows.profiles,
        engines=rows.engines,
        months=rows.months,
        linked=rows.linked,
        free=free_room(root),
    )


def _of_files(root: Path, keys: Iterable[str]) -> int:
    files = LocalAudioFiles(root)
    size = 0
    for key in keys:
        try:
            size += files.size(key) or 0
        except BadInput:  # a path that leads out of the library
            continue
    return size


def _named_like(root: Path, name: str) -> int:
    """Bytes of the file of that name and of what its writer keeps beside it (``-wal``, …)."""
    return sum(taken_by(path) for path in root.glob(f"{name}*"))
