"""A backup: a whole library in another folder, its database and its own audio.

It can be opened like any library. What is there already isn't copied again. The audio comes first
and the database last, so that one that was cut short is never taken for whole: the one before
stays in use until the new one is complete.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.audio import Fault
from rushes.domain.backup import Backup
from rushes.domain.health import Kind
from rushes.domain.sample import ProfileSample
from rushes.domain.text import shown
from rushes.domain.times import now, to_iso
from rushes.domain.watch import Watch
from rushes.errors import BadInput, Conflict, LibraryError, RushesError
from rushes.library.audio import Audio
from rushes.library.health import Health
from rushes.store import health, samples
from rushes.store.faults import JOURNAL
from rushes.store.health import Held
from rushes.store.opening import open_database
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.media.files import LocalAudioFiles
    from rushes.store.reader import Reader

MARK = "backup.json"
"""The file that tells a backup, and of which library it is one."""

_WORKSHOP = "backup.part"
_REPLACED = "replaced"
_BATCH = 500
_PASSES = 3
_KEPT = 3
_MOST_TOLD = 1_000


@dataclass(slots=True)
class _Tally:
    """What one pass over the files came to."""

    files: int = 0
    copied: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)
    moved_on: bool = False


class BackingUp:
    """The backups of the library in ``root``."""

    def __init__(self, store: Store, root: Path) -> None:
        self._store = store
        self._root = root

    def make(self, target: Path, watch: Watch) -> Backup:
        """Bring the backup in the folder ``target`` up to date, or make it.

        Raises:
            RushesError: as ``Backups.make`` says.
        """
        import shutil

        from rushes.media.files import translated

        self._check(target)
        with translated(target):
            target.mkdir(parents=True, exist_ok=True)
            (target / MARK).write_text(
                json.dumps({"backup_of": shown(self._root), "made": to_iso(now())}, indent=2)
            )
            workshop = target / _WORKSHOP
            shutil.rmtree(workshop, ignore_errors=True)
            try:
                tally = self._copied(target, workshop, watch)
                self._put_in_place(target, workshop)
            finally:
                shutil.rmtree(workshop, ignore_errors=True)
        return self._finished(target, tally, watch)

    def _check(self, target: Path) -> None:
        from rushes.media.files import translated

        here, there = self._root.resolve(), target.resolve()
        if here.is_relative_to(there) or there.is_relative_to(here):
            raise BadInput(
                f"{shown(target)} can't hold a backup of this library",
                "one of them lies within the other",
                "Name another folder, best on another disk.",
            )
        with translated(target):
            if not target.exists() or (target.is_dir() and not any(target.iterdir())):
                return
            origin = _origin(target)
        if origin == shown(self._root):
            return
        why = "it holds something else" if origin is None else f"it holds a backup of {origin}"
        raise Conflict(
            f"{shown(target)} can't take the backup", why, "Name an empty or a new folder."
        )

    def _copied(self, target: Path, workshop: Path, watch: Watch) -> _Tally:
        """Copy the database, and the files that the copy names; again where these moved on."""
        tally, copied, copied_bytes = _Tally(), 0, 0
        for _ in range(_PASSES):
            watch(0, 1, "copying the database")
            self._store.database.back_up(workshop / "rushes.db")
            tally = self._copy_files(target, workshop, watch)
            copied += tally.copied
            copied_bytes += tally.bytes
            if not tally.moved_on:
                break
        tally.copied, tally.bytes = copied, copied_bytes
        return tally

    def _copy_files(self, target: Path, workshop: Path, watch: Watch) -> _Tally:
        from rushes.media.coming_in import bringing_in
        from rushes.media.files import LocalAudioFiles

        tally, last = _Tally(), 0
        ours = LocalAudioFiles(self._root)
        with _reader(workshop) as reader, bringing_in(target):
            total = health.count(reader, "generation_versions")
            while batch := health.versions_after(reader, last, _BATCH):
                last = batch[-1].seq
                for held in batch:
                    watch(held.seq, total, "copying the audio")
                    if held.source_id is None and not held.purging:
                        self._copy_version(held, ours, target, tally)
            after = ""
            while some := samples.after(reader, after, _BATCH):
                after = some[-1].id
                for sample in some:
                    watch(0, len(some), "copying the samples of profiles")
                    self._copy_sample(sample, ours, target, tally)
        return tally

    def _copy_version(self, held: Held, ours: LocalAudioFiles, target: Path, tally: _Tally) -> None:
        if _copy_file(held.audio_path, held.bytes, ours, target, tally):
            return
        present = health.version(self._store.reader, held.seq)
        if present is None or present.purging or present.audio_path != held.audio_path:
            tally.moved_on = True
        elif held.fault != Fault.MISSING and len(tally.missing) < _MOST_TOLD:
            tally.missing.append(shown(held.audio_path))

    def _copy_sample(
        self, sample: ProfileSample, ours: LocalAudioFiles, target: Path, tally: _Tally
    ) -> None:
        if _copy_file(sample.audio_path, sample.bytes, ours, target, tally):
            return
        present = samples.by_id(self._store.reader, sample.id)
        if present is None or present.audio_path != sample.audio_path:
            tally.moved_on = True
        elif sample.fault is not Fault.MISSING and len(tally.missing) < _MOST_TOLD:
            tally.missing.append(shown(sample.audio_path))

    def _put_in_place(self, target: Path, workshop: Path) -> None:
        from rushes.store.journal.journal import part_ways
        from rushes.store.rebuilding import put_in_place
        from rushes.store.sqlite import SqliteDatabase

        with closing(SqliteDatabase(workshop, writable=True)) as database:
            part_ways(database)
        put_in_place(target, workshop / "rushes.db", _REPLACED)
        (target / JOURNAL).unlink(missing_ok=True)  # of the one before
        old = sorted((target / "lost+found").glob(f"rushes-{_REPLACED}-*.db"))
        for path in old[:-_KEPT]:
            for side in ("", "-wal", "-shm", "-journal"):
                path.with_name(f"{path.name}{side}").unlink(missing_ok=True)

    def _finished(self, target: Path, tally: _Tally, watch: Watch) -> Backup:
        """Bring the backup in order: its journal is written, what nothing names is set aside."""
        from rushes.store.journal.journal import settle

        with closing(Store(open_database(target, create=False))) as store:
            settle(store.database)
            report = Health(store, Audio(store, target), target).repair(watch=watch)
        loose = report.tallies.get(Kind.UNREFERENCED)
        return Backup(
            folder=str(target),
            generations=report.checked.generations,
            files=tally.files,
            copied=tally.copied,
            bytes=tally.bytes,
            missing=tuple(tally.missing),
            set_aside=loose.mended if loose else 0,
        )


def _copy_file(
    key: str, recorded: int | None, ours: LocalAudioFiles, target: Path, tally: _Tally
) -> bool:
    """Copy one file unless it is there; ``recorded`` is how long it should be. False without it."""
    from rushes.media.files import LocalAudioFiles, is_audio_key

    theirs = LocalAudioFiles(target)
    size = ours.size(key) if is_audio_key(key) else None
    if size is None:
        return False
    tally.files += 1
    try:
        # One that is as long as it was recorded is whole where the library's isn't any more.
        if theirs.size(key) not in (size, recorded):
            _replace(key, ours.resolve(key), target)
            tally.copied += 1
            tally.bytes += size
    except LibraryError:
        raise
    except RushesError:
        tally.files -= 1
        return False
    return True


def _replace(key: str, source: Path, target: Path) -> None:
    """Copy a file to its place; another that is there is set aside."""
    from rushes.media.aside import set_aside
    from rushes.media.files import LocalAudioFiles

    files = LocalAudioFiles(target)
    staged = files.stage(source)
    if files.exists(key):
        set_aside(target, key)
    files.place(staged, key)


def _origin(target: Path) -> str | None:
    """Which library the folder is a backup of; None where it is none."""
    try:
        known = json.loads((target / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    origin = known.get("backup_of") if isinstance(known, dict) else None
    return origin if isinstance(origin, str) else None


@contextmanager
def _reader(workshop: Path) -> Iterator[Reader]:
    from rushes.store.reader import Reader
    from rushes.store.sqlite import SqliteDatabase

    with closing(SqliteDatabase(workshop, writable=True)) as database:
        reader = Reader(database)
        try:
            yield reader
        finally:
            reader.close()
