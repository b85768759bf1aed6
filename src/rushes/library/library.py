"""A library: one folder with its database and its audio."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from rushes.domain.text import shown
from rushes.errors import RushesError
from rushes.library.audio import Audio
from rushes.library.backup import Backups
from rushes.library.changes import Changes
from rushes.library.compression import Compression
from rushes.library.derived import Derived
from rushes.library.exporting import Exporting
from rushes.library.filters import Filters
from rushes.library.following import Following
from rushes.library.generations import Generations
from rushes.library.health import Health
from rushes.library.importing import Importing
from rushes.library.leaving import LeavingFiles
from rushes.library.measuring import Measuring
from rushes.library.presets import Presets
from rushes.library.profiles import Profiles
from rushes.library.quality import QualityCheck
from rushes.library.quotas import Quotas
from rushes.library.runs import Runs
from rushes.library.sources import Sources
from rushes.library.statistics import StatisticsReader
from rushes.library.storage import Storage
from rushes.library.stories import Stories
from rushes.library.trash import Trash
from rushes.library.upkeep import CleanUpByPolicy, Upkeep
from rushes.library.uploads import Uploads
from rushes.library.versions import Versions
from rushes.library.watching import Watching
from rushes.paths import default_library, named
from rushes.store import leaving, runs, trash
from rushes.store.journal_mode import JournalMode
from rushes.store.opening import open_database
from rushes.store.store import Store


class Library:
    """An open library, safe from any thread; ``Library.open`` gives one.

    Not to be carried into a forked process: open it again there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.path: Path = store.database.folder
        self.audio = Audio(store, self.path)
        self.generations = Generations(store, self.audio)
        self.leaving = LeavingFiles(store, self.audio)
        self.versions = Versions(store, self.audio, self.leaving)
        self.profiles = Profiles(store)
        self.presets = Presets(store, self.profiles)
        self.trash = Trash(store, self.audio)
        self._runs = Runs(store)
        self.health = Health(store, self.audio, self.path)
        self.backups = Backups(store, self.path)
        self.compression = Compression(store, self.audio, self.leaving, self.path)
        self.sources = Sources(store, self.path)
        self.measuring = Measuring(store)
        self.quality = QualityCheck(store, self.path)
        self.following = Following(self.sources, self.measuring, self.quality)
        self.stories = Stories(store)
        self.importing = Importing(store, self.audio)
        self.uploads = Uploads(store, self.path)
        self.watching = Watching(store, self.audio, self.path)
        self.exporting = Exporting(store, self.audio, self.path)
        self.statistics = StatisticsReader(store)
        self.filters = Filters(store)
        self.storage = Storage(store, self.path, self.filters, self.trash)
        self.quotas = Quotas(store, self.profiles)
        self.derived = Derived(store)
        self.changes = Changes(store)
        self.upkeep = Upkeep(store, CleanUpByPolicy(self.storage))

    @classmethod
    def open(cls, path: str | Path | None = None, *, create: bool = True) -> Self:
        """The library in the folder ``path``, the default one where that is None.

        One is made where nothing is or an empty folder, unless ``create`` is false. What a crash
        left of a purge is ended, and runs whose process is gone are marked as failed.

        Raises:
            NotALibrary: the folder holds something else, or nothing and ``create`` is false.
            LibraryTooNew: a newer rushes has changed it.
            LibraryDamaged: its database is broken.
            LibraryReadOnly: it would have to be made or brought up to date, and can't be written.
            LibraryError: it can't be opened.
        """
        library = cls(Store(open_database(_folder(path), create=create)))
        if library.writable:
            library._end_what_was_begun()
        return library

    def _end_what_was_begun(self) -> None:
        """What can't be ended now, as somebody is writing, is ended by a later opening.

        Nor is it in an older copy of the database: the journal tells what became of it since, and
        any commit would part the two before a repair can bring them together.
        """
        for end in (self.trash.finish_purges, self.leaving.finish, self._runs.end_interrupted):
            try:
                if not self._has_begun() or self._is_behind():
                    return
                end()
            except RushesError as error:
                from rushes.logs import logger

                logger(__name__).warning("%s: %s", shown(self.path), error)

    def _has_begun(self) -> bool:
        reader = self._store.reader
        return (
            trash.any_leaving(reader) or leaving.any_leaving_files(reader) or runs.any_runs(reader)
        )

    def _is_behind(self) -> bool:
        from rushes.store.journal.checking import is_behind

        return is_behind(self._store.reader, self._store.database)

    @property
    def writable(self) -> bool:
        """Whether the library can be changed; else it can only be read."""
        return self._store.database.writable

    @property
    def has_written(self) -> bool:
        """Whether anything was changed through this library since it was opened."""
        return self._store.has_written

    @property
    def journal(self) -> JournalMode:
        """The journal that the database keeps, and why that one."""
        return self._store.database.journal

    def warm(self) -> None:
        """Import what the first write needs (0.2 s), for a worker after the first paint."""
        self._store.warm()

    def interrupt(self) -> None:
        """End every question that is running with ``Interrupted``, and refuse others: to quit."""
        self._store.reader.interrupt()

    def close(self) -> None:
        """End what is running and close every connection; closing twice is no error."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the library; where something was written, what is due of upkeep is done first."""
        try:
            if error is None and self.has_written:
                self.upkeep.run()
        finally:
            self.close()


def _folder(path: str | Path | None) -> Path:
    return default_library() if path is None else named(path)
