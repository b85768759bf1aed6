"""Making a library's database anew from what lies beside it: the journal and the copies.

The new one is built and checked in a folder of its own, then takes the place of the damaged one by
renaming; of that a second name in ``lost+found/`` stays. A crash leaves the damaged one in its
place, or none, or the new one: each time a second run ends it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rushes.domain.times import now
from rushes.domain.watch import Watch, unwatched
from rushes.errors import LibraryBusy
from rushes.store import copies, faults, salvage
from rushes.store.journal.entries import State, put_state, state_of
from rushes.store.journal.file import LOST_FOUND, JournalFile, flush_folder
from rushes.store.journal.journal import settle
from rushes.store.journal.replay import Replayed, bare, body, keep_highest, replay
from rushes.store.migrations.runner import STEPS
from rushes.store.opening import brought_up_to_date
from rushes.store.sqlite import BUSY_TIMEOUT, DATABASE_NAME, SqliteDatabase

_WORKSHOP = "rebuilding.part"
_SIDES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a database was made of, and what it holds now.

    ``damaged`` is where the damaged database lies, ``copy`` the copy that was used; ``commits``
    come from the journal. ``unreadable`` counts lines of the journal that couldn't be read and rows
    that couldn't be taken; ``salvaged`` the rows that only the damaged database still had.
    """

    damaged: Path | None
    copy: Path | None
    commits: int
    unreadable: int
    salvaged: int
    generations: int


def rebuild(folder: Path, watch: Watch = unwatched) -> Rebuilt:
    """Make the database of the library in ``folder`` anew, whatever state it is in.

    Others may go on writing what they can of the damaged one until the last moment: if they did, it
    is made once more, while they wait.

    Raises:
        LibraryBusy: another program is doing so, or keeps the damaged one locked.
        DiskFull, LibraryReadOnly, LibraryError: it can't be done; all is as before.
        Interrupted: the watch called it off; all is as before.
    """
    workshop = folder / _WORKSHOP
    try:
        with _alone(folder):
            shutil.rmtree(workshop, ignore_errors=True)
            workshop.mkdir()
            try:
                making = _Making(folder, workshop, watch)
                made = making.made()
                watch(1, 1, "putting it in place")
                with _nobody_writes(folder):
                    if making.is_outdated():
                        made = _Making(folder, workshop, watch).made()
                    kept = put_in_place(folder, workshop / DATABASE_NAME, "damaged")
            finally:
                shutil.rmtree(workshop, ignore_errors=True)
            with closing(SqliteDatabase(folder, writable=True)) as database:
                settle(database)
    except OSError as error:
        raise faults.file_error(error, folder, "its database can't be rebuilt") from error
    return Rebuilt(kept, *made)


_Made = tuple[Path | None, int, int, int, int]


class _Making:
    """One new database, in ``workshop``."""

    def __init__(self, folder: Path, workshop: Path, watch: Watch) -> None:
        self._folder = folder
        self._workshop = workshop
        self._watch = watch
        self._journal = JournalFile(folder)
        self._began_with = self._journal.identity()
        self._header = self._journal.header()

    def is_outdated(self) -> bool:
        """Whether anybody has committed something since."""
        return self._journal.identity() != self._began_with

    def made(self) -> _Made:
        """Build it: what it was made of, and what it holds, as ``Rebuilt`` says."""
        self._watch(0, 1, "looking at the copies")
        found = self._best_first()
        copy = next((path for path in found if copies.is_whole(path, STEPS[-1].number)), None)
        goes_on = copy is not None and self._goes_on_from(copy)
        if goes_on or self._header is None:
            return self._build(copy)
        made = self._build(None)
        if made[2] and copy is not None:
            # What the damaged lines said of older rows, the copy still knows.
            made = self._build(copy)
        return made

    def _best_first(self) -> list[Path]:
        """The copies, those that know most first.

        Times of files tell only where numbers of commits don't: a library that was copied or
        fetched back from somewhere may have them in any order.
        """
        found = [(path, _state_in(path)) for path in copies.newest_first(self._folder)]
        history = next((state.journal_id for _, state in found if state is not None), "")
        if self._header is not None:
            history = self._header.journal_id

        def knows(copy: tuple[Path, State | None]) -> tuple[bool, bool, int]:
            _, state = copy
            return (
                (False, False, 0)
                if state is None
                else (True, state.journal_id == history, state.number)
            )

        return [path for path, _ in sorted(found, key=knows, reverse=True)]

    def _goes_on_from(self, copy: Path) -> bool:
        """Whether the journal says all that came after the copy."""
        state = _state_in(copy)
        header = self._header
        return (
            state is not None
            and header is not None
            and header.journal_id == state.journal_id
            and header.number <= state.number
        )

    def _build(self, copy: Path | None) -> _Made:
        file = self._workshop / DATABASE_NAME
        for left in self._workshop.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        if copy is None:
            file.touch()
        else:
            shutil.copyfile(copy, file)
        with (
            faults.translated(self._folder),
            closing(brought_up_to_date(self._workshop, writable=True)) as database,
            closing(database.connect_writer()) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")
            replayed, rescued = self._fill(connection, copy)
            connection.execute("COMMIT")
            self._check(connection)
            (generations,) = connection.execute("SELECT count(*) FROM generations").fetchone()
        unreadable = replayed.damaged + replayed.refused
        return copy, replayed.commits, unreadable, rescued, generations

    def _fill(self, connection: sqlite3.Connection, copy: Path | None) -> tuple[Replayed, int]:
        # Of the copy as it lies there: bringing it up to date may have given it another.
        before = _state_in(copy) if copy is not None and self._goes_on_from(copy) else None
        after = -1 if before is None else before.number
        replayed, rescued = Replayed(), 0
        with bare(connection):
            replay(connection, body(self._journal, replayed, self._watch), replayed, after=after)
            sound = self._header is not None and not replayed.damaged and not replayed.refused
            if not sound:
                rows = salvage.rows(self._folder / DATABASE_NAME)
                rescued = salvage.add(connection, rows)
        connection.execute("DELETE FROM journal_state")
        if sound and self._header is not None and (copy is None or before is not None):
            number = max(replayed.number, self._header.number)
            needed = replayed.end if before is None else before.needed
            # One that was cut off before the copy was made lacks rows that the copy has.
            if number >= after:
                put_state(connection, State(self._header.journal_id, number, replayed.end, needed))
            keep_highest(connection, self._header)
        return replayed, rescued

    def _check(self, connection: sqlite3.Connection) -> None:
        self._watch(1, 1, "checking")
        (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
        if told != "ok" or dangling is not None:
            raise sqlite3.IntegrityError("what was rebuilt isn't whole")


def put_in_place(folder: Path, new: Path, why: str) -> Path | None:
    """Let a new database take its place; gives where the old one lies now, if there was one.

    ``why`` becomes part of that one's name. What lies beside it goes first: SQLite would roll it
    back into the new one. Raises OSError as renaming does.
    """
    file = folder / DATABASE_NAME
    with new.open("rb") as handle:
        os.fsync(handle.fileno())
    kept = None
    if file.exists():
        lost = folder / LOST_FOUND
        lost.mkdir(exist_ok=True)
        kept = lost / f"rushes-{why}-{now().strftime('%Y%m%dT%H%M%S.%fZ')}.db"
        try:
            os.link(file, kept)
        except OSError:  # a file system without second names
            file.rename(kept)
        for side in _SIDES:
            with suppress(FileNotFoundError):
                file.with_name(f"{DATABASE_NAME}{side}").rename(f"{kept}{side}")
        flush_folder(lost)
    new.replace(file)
    flush_folder(folder)
    return kept


@contextmanager
def _nobody_writes(folder: Path) -> Iterator[None]:
    """Within it nobody commits to the damaged database, if it is whole enough for that at all.

    Whoever has it open finds afterwards that another has taken its place.
    """
    uri = f"{(folder / DATABASE_NAME).absolute().as_uri()}?mode=rw"
    with ExitStack() as held:
        try:
            damaged = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None)
            held.callback(damaged.close)
            damaged.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if faults.is_busy(error):
                raise faults.busy(folder) from error
        yield


def _state_in(copy: Path) -> State | None:
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?immutable=1", uri=True)) as asked:
            return state_of(asked)
    except sqlite3.Error:  # of a version without a journal
        return None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Within it nobody else rebuilds this library."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LibraryBusy(
                "the library is being rebuilt", "by another program", "Wait for it."
            ) from None
        except OSError:
            pass  # some network file systems lock no folders
        yield
    finally:
        os.close(descriptor)
