"""``journal.jsonl`` as a file: looked at, appended to, cut, replaced, set aside.

Everything that changes it is done by whoever holds the database's write lock. An append lies
flushed on the disk before the commit that it tells of, so the file may be longer than the database
says, by that one entry, but never shorter unless somebody took something away.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from rushes.domain.ids import new_id
from rushes.domain.times import now
from rushes.store import faults
from rushes.store.faults import JOURNAL
from rushes.store.journal.entries import Header, State, header_of, number_of

LOST_FOUND = "lost+found"
"""Folder of a library in which lies what was taken out of its place and not thrown away."""

_NUMBER = re.compile(rb'\{"n":(\d{1,18}),')
_A_DAY = 86_400.0
_BUFFER = 1 << 20
_LONGEST_HEADER = 1 << 16


class Finding(Enum):
    """How the file and what the database says of it fit together."""

    FITS = "fits"
    TAIL = "tail"  # and an entry whose commit didn't happen
    LOST = "lost"  # missing, or cut off: nothing in it that the database doesn't know
    AHEAD = "ahead"  # the database is an older copy than the file
    FOREIGN = "foreign"  # of another library or state, or its first line can't be read


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: how many bytes and commits are beyond what the database knows."""

    finding: Finding
    bytes: int = 0
    commits: int = 0


class JournalFile:
    """The journal of the library in ``folder``. Errors of the file system leave as rushes' own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / JOURNAL
        self._folder = folder

    def look(self, state: State | None) -> Look:
        """Compare the file with what the database says of it.

        Raises:
            RushesError: it can't be read.
        """
        with self._told("can't be read"):
            try:
                found = self.path.stat()
            except FileNotFoundError:
                return Look(Finding.LOST)
            if not stat.S_ISREG(found.st_mode):
                return Look(Finding.FOREIGN)
            size = found.st_size
            if size == 0:
                return Look(Finding.LOST)
            header = self.header()
            if state is None or header is None or header.journal_id != state.journal_id:
                holds_rows = header is None or size > len(self.first_line())
                return Look(Finding.FOREIGN if holds_rows else Finding.LOST, size)
            if header.number > state.number:
                # It begins with rows that the database doesn't know it has written.
                commits = max(self._last(), header.number) - state.number
                return Look(Finding.AHEAD, size, commits)
            if not 0 < state.length <= size or not self._ends_a_line(state.length):
                return self._of_other_length(state, size)
            return self._tail(state, size)

    def header(self) -> Header | None:
        """What the first line says; None without a file, or where it can't be read."""
        return header_of(self.first_line())

    def first_line(self) -> bytes:
        """The first line as it is, with the moment of its writing; nothing without a file."""
        if not self.path.is_file():  # nobody waits for what a pipe may say
            return b""
        try:
            with self.path.open("rb") as handle:
                return handle.readline(_LONGEST_HEADER)
        except FileNotFoundError:
            return b""

    def identity(self) -> tuple[int, int, int] | None:
        """Device, inode and size: the same as long as nobody else changed the file."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_size

    def append(self, at: int, lines: Iterable[bytes]) -> int:
        """Put lines after the first ``at`` bytes, flushed to disk; gives the new length.

        Raises:
            DiskFull, LibraryReadOnly, LibraryError: they aren't there.
        """
        with self._told("can't be written"):
            return _appended(self.path, at, lines)

    def carry_over(self, part: Path, at: int, start: int, end: int) -> int:
        """Put the bytes from ``start`` to ``end`` behind the first ``at`` of another file.

        Gives its new length; raises as ``append``.
        """
        with self._told("can't be written"):
            return _appended(part, at, self.lines(start, end))

    def cut(self, length: int) -> None:
        """Drop what is beyond ``length`` bytes.

        Raises:
            LibraryReadOnly, LibraryError: it can't be done.
        """
        with self._told("can't be written"):
            os.truncate(self.path, length)

    @contextmanager
    def part(self, lines: Iterable[bytes]) -> Iterator[tuple[Path, int]]:
        """A new file beside it that holds these lines, flushed to disk; and its length.

        It is gone at the end of the block unless it was put in place.

        Raises:
            DiskFull, LibraryReadOnly, LibraryError: it can't be written.
        """
        path = self.path.with_name(f"{JOURNAL}.{new_id()[:8]}.part")
        try:
            with self._told("can't be written"):
                self._sweep()
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
                try:
                    length = _write(handle, 0, lines)
                finally:
                    os.close(handle)
            yield path, length
        finally:
            with suppress(OSError):  # what befell the journal itself is told instead
                path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what a crash left of new files, a day ago or longer."""
        for part in self._folder.glob(f"{JOURNAL}.*.part"):
            if time.time() - part.stat().st_mtime > _A_DAY:
                part.unlink(missing_ok=True)

    def put_in_place(self, part: Path) -> None:
        """Let a file that is whole take the journal's place, for good.

        Raises:
            LibraryReadOnly, LibraryError: it can't be done.
        """
        with self._told("can't be written"):
            part.replace(self.path)
            flush_folder(self._folder)

    def set_aside(self, why: str) -> Path:
        """Move the file to ``lost+found/``; ``why`` becomes part of its name there.

        Raises:
            LibraryReadOnly, LibraryError: it can't be done.
        """
        with self._told("can't be set aside"):
            return set_aside(self.path, f"journal-{why}", ".jsonl")

    def lines(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The lines from byte ``start`` on, as they are; those that begin before ``end``."""
        with self.path.open("rb", buffering=_BUFFER) as handle:
            handle.seek(start)
            while (end is None or handle.tell() < end) and (line := handle.readline()):
                yield line

    def _of_other_length(self, state: State, size: int) -> Look:
        """The file isn't as long as it should be: unless it knows more, nothing in it is needed."""
        commits = self._last() - state.number
        return Look(Finding.AHEAD, size, commits) if commits > 0 else Look(Finding.LOST, size)

    def _last(self) -> int:
        """The highest number of a commit, as far as the beginnings of lines tell."""
        found = (_NUMBER.match(line) for line in self.lines())
        return max((int(number[1]) for number in found if number), default=0)

    def _tail(self, state: State, size: int) -> Look:
        if size == state.length:
            return Look(Finding.FITS)
        numbers = [number_of(line) for line in self.lines(state.length)]
        latest = max((number for number in numbers if number is not None), default=0)
        if latest > state.number + 1:
            return Look(Finding.AHEAD, size - state.length, latest - state.number)
        return Look(Finding.TAIL, size - state.length, 1)

    def _ends_a_line(self, at: int) -> bool:
        with self.path.open("rb") as handle:
            handle.seek(max(0, at - 1))
            return handle.read(1) == b"\n"

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise faults.file_error(error, self._folder, f"its {JOURNAL} {what}") from error


def set_aside(path: Path, name: str, suffix: str) -> Path:
    """Move a file to ``lost+found/`` beside it, under a name that tells what and when."""
    folder = path.parent / LOST_FOUND
    folder.mkdir(exist_ok=True)
    stamp = now().strftime("%Y%m%dT%H%M%S.%fZ")
    target = folder / f"{name}-{stamp}{suffix}"
    path.rename(target)
    flush_folder(folder)
    flush_folder(path.parent)
    return target


def flush_folder(folder: Path) -> None:
    """A file's new name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Where there is one: it leaves out the time of the last change, which nobody needs.
_flush = getattr(os, "fdatasync", os.fsync)


def _appended(path: Path, at: int, lines: Iterable[bytes]) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        return _write(descriptor, at, lines)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(descriptor, at)
        raise
    finally:
        os.close(descriptor)


def _write(descriptor: int, at: int, lines: Iterable[bytes]) -> int:
    buffered = bytearray()
    for line in lines:
        buffered += line
        if len(buffered) >= _BUFFER:
            at += _written(descriptor, at, buffered)
            buffered.clear()
    at += _written(descriptor, at, buffered)
    _flush(descriptor)
    return at


def _written(descriptor: int, at: int, data: bytearray) -> int:
    with memoryview(data) as view:
        done = 0
        while done < len(view):
            done += os.pwrite(descriptor, view[done:], at + done)
    return done
