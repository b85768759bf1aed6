"""Room held for the moment when none is left: deleting rows writes before anything is freed.

SQLite notes in its journal what it is about to change, so on a full disk even emptying the trash
is refused. A file that holds nothing is given up then, and made anew when there is room again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from rushes.errors import LibraryError
from rushes.media.room import free_room

BALLAST = "ballast"
"""Its name in a library's folder."""

SIZE = 2 << 20
"""Bytes: several times what deleting a few generations writes."""

_AMPLE = 3 * SIZE
_CHUNK = 1 << 18


class Ballast:
    """The ballast of the library in ``folder``. Nothing here fails: it is a help, no more."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / BALLAST

    def keep(self) -> None:
        """Have it there, unless room is short."""
        with suppress(OSError, LibraryError):
            if not self._is_whole() and free_room(self._file.parent) >= _AMPLE:
                self._make()

    def give_up(self) -> None:
        """Free its room."""
        with suppress(OSError):
            self._file.unlink()

    def _is_whole(self) -> bool:
        try:
            return _allocated(self._file.stat()) >= SIZE
        except FileNotFoundError:
            return False

    def _make(self) -> None:
        try:
            with self._file.open("wb", buffering=0) as handle:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(handle.fileno(), 0, SIZE)
                if _allocated(os.fstat(handle.fileno())) < SIZE:
                    # A file system that can't, or that packs zeros into nothing.
                    for _ in range(SIZE // _CHUNK):
                        handle.write(os.urandom(_CHUNK))
        except OSError:
            self._file.unlink(missing_ok=True)


def _allocated(found: os.stat_result) -> int:
    """Bytes that it takes of the disk; a hole takes none."""
    return found.st_blocks * 512
