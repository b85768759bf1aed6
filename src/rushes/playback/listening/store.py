"""The clips that a laptop has: whole ones in a bounded cache, and those that are coming in.

A clip that is coming in has its full length from the beginning, and fills up where pieces arrive;
a player may read what is there. Where the disk refuses, the clip lives in memory.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from rushes.logs import logger
from rushes.playback.listening.frames import MOST_HAVE, PIECE, SHORT, ClipFacts, Garbled

MOST_ON_DISK = 2_000_000_000
"""Bytes of clips in the cache; the ones that were not heard for longest go first."""

MOST_IN_MEMORY = 128_000_000
"""Bytes of clips that are kept where the disk takes none."""

LARGEST = 1_000_000_000
"""Bytes of a clip that a laptop takes: three hours at 48 kHz mono."""

_SUFFIX = ".pcm"
_log = logger(__name__)


class Coming:
    """A clip that fills up. ``path`` is None where it lives in memory."""

    def __init__(self, facts: ClipFacts, descriptor: int, path: Path | None) -> None:
        self.facts = facts
        self.descriptor = descriptor
        self.path = path
        self._there = bytearray(facts.pieces)
        self._missing = facts.pieces

    @property
    def whole(self) -> bool:
        """Whether every piece is there."""
        return not self._missing

    def write(self, piece: int, data: bytes) -> None:
        """Put a piece where it belongs.

        Raises:
            Garbled: the clip has no such piece.
            OSError: the disk refuses it.
        """
        start = piece * PIECE
        if piece >= len(self._there) or len(data) != min(PIECE, self.facts.size - start):
            raise Garbled("a piece that isn't of this clip")
        os.pwrite(self.descriptor, data, start)
        if not self._there[piece]:
            self._there[piece] = 1
            self._missing -= 1

    def end_from(self, place: int) -> int:
        """The byte up to which all is there from byte ``place`` on."""
        gap = self._there.find(0, place // PIECE)
        if gap < 0:
            return self.facts.size
        return max(place, gap * PIECE)

    def close(self) -> None:
        """Give it up, with its file if it has one."""
        os.close(self.descriptor)
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class ClipStore:
    """The cache in ``folder``, of ``most`` bytes at most. Safe from any thread."""

    def __init__(self, folder: Path, most: int = MOST_ON_DISK) -> None:
        self._folder = folder
        self._most = most
        self._lock = threading.Lock()
        self._verified: set[bytes] = set()
        self._memory: OrderedDict[bytes, tuple[int, int]] = OrderedDict()  # descriptor and size
        self.problem = ""
        """Why clips are kept in memory alone; empty while the disk takes them."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            for left in folder.glob("*.part"):
                left.unlink(missing_ok=True)
        except OSError as error:
            self._blame(error)

    def recent(self) -> bytes:
        """The beginnings of the digests that are there, the newest ones, one behind the other."""
        names = [path.stem for _, _, path in reversed(self._files())]
        with self._lock:
            kept = list(self._memory)
        found = []
        for name in names[:MOST_HAVE]:
            with suppress(ValueError):
                found.append(bytes.fromhex(name)[:SHORT])
        return b"".join([*(digest[:SHORT] for digest in kept), *found][:MOST_HAVE])

    def find(self, facts: ClipFacts) -> int | None:
        """A descriptor of the clip's samples, the caller's own; None when it isn't there."""
        with self._lock:
            if facts.digest in self._memory:
                self._memory.move_to_end(facts.digest)
                return os.dup(self._memory[facts.digest][0])
        path = self._path(facts)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return None
        if facts.digest not in self._verified:
            # Once in a run: a crash of the machine may have left anything under that name.
            if not is_what_it_says(descriptor, facts):
                os.close(descriptor)
                path.unlink(missing_ok=True)
                return None
            self._verified.add(facts.digest)
        with suppress(OSError):
            os.utime(path)
        return descriptor

    def coming(self, facts: ClipFacts) -> Coming:
        """A place for a clip.

        Raises:
            OSError: neither the disk nor the memory takes it.
        """
        with suppress(OSError):
            return self._coming_to_disk(facts)
        if facts.size > MOST_IN_MEMORY:
            raise OSError(28, "the cache's disk is full")
        descriptor = _memory_file()
        os.ftruncate(descriptor, facts.size)
        return Coming(facts, descriptor, None)

    def keep(self, coming: Coming) -> bool:
        """Take a whole clip up, if it is what it says; its descriptor stays the caller's."""
        facts = coming.facts
        if not is_what_it_says(coming.descriptor, facts):
            return False
        if coming.path is None:
            self._remember(facts, coming.descriptor)
            return True
        try:
            coming.path.replace(self._path(facts))
        except OSError as error:
            self._blame(error)
            self._remember(facts, coming.descriptor)
            return True
        coming.path = None
        self._verified.add(facts.digest)
        self._make_room()
        return True

    def close(self) -> None:
        """Let go of what is in memory."""
        with self._lock:
            for descriptor, _ in self._memory.values():
                os.close(descriptor)
            self._memory.clear()

    def _coming_to_disk(self, facts: ClipFacts) -> Coming:
        try:
            descriptor, name = mkstemp(suffix=".part", dir=self._folder)
        except OSError as error:
            self._blame(error)
            raise
        path = Path(name)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, facts.size)
            else:
                os.ftruncate(descriptor, facts.size)
        except OSError as error:
            os.close(descriptor)
            path.unlink(missing_ok=True)
            self._blame(error)
            raise
        self.problem = ""
        return Coming(facts, descriptor, path)

    def _blame(self, error: OSError) -> None:
        why = error.strerror or str(error)
        if not self.problem:
            _log.warning("clips are kept in memory: %s", why)
        self.problem = why

    def _remember(self, facts: ClipFacts, descriptor: int) -> None:
        with self._lock:
            if facts.digest not in self._memory:
                self._memory[facts.digest] = (os.dup(descriptor), facts.size)
            while sum(size for _, size in self._memory.values()) > MOST_IN_MEMORY:
                _, (oldest, _) = self._memory.popitem(last=False)
                os.close(oldest)

    def _make_room(self) -> None:
        files = self._files()
        used = sum(size for _, size, _ in files)
        for _, size, path in files:
            if used <= self._most:
                return
            path.unlink(missing_ok=True)
            used -= size

    def _files(self) -> list[tuple[int, int, Path]]:
        """Time of the last use, bytes and path of every clip, the oldest first."""
        found = []
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                if entry.name.endswith(_SUFFIX):
                    with suppress(OSError):
                        facts = entry.stat(follow_symlinks=False)
                        found.append((facts.st_mtime_ns, facts.st_size, Path(entry.path)))
        return sorted(found)

    def _path(self, facts: ClipFacts) -> Path:
        return self._folder / f"{facts.digest.hex()}{_SUFFIX}"


def is_what_it_says(descriptor: int, facts: ClipFacts) -> bool:
    """Whether a file holds the clip of that digest."""
    if os.fstat(descriptor).st_size != facts.size:
        return False
    return digest_of(descriptor, facts.sample_rate, facts.channels, facts.frames) == facts.digest


def digest_of(descriptor: int, rate: int, channels: int, frames: int) -> bytes:
    """SHA-256 over a clip's shape and its samples, which are all that the file holds."""
    found = hashlib.sha256(b"%d %d %d " % (rate, channels, frames))
    size = 2 * channels * frames
    if size:
        with mmap.mmap(descriptor, size, prot=mmap.PROT_READ) as samples:
            found.update(samples)
    return found.digest()


def _memory_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("rushes.clip", os.MFD_CLOEXEC)
    from tempfile import TemporaryFile

    with TemporaryFile() as file:
        return os.dup(file.fileno())
