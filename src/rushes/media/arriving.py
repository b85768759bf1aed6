"""A file that arrives piece by piece, from a network for one: staged as it comes."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path

from rushes.domain import limits
from rushes.errors import BadAudio
from rushes.media.files import INCOMING, Staged, make_folder, translated


class Arriving:
    """A new file in ``incoming/``; whoever begins it finishes or discards it, from any thread.

    At most ``most`` bytes are taken.

    Raises:
        DiskFull, LibraryReadOnly, RushesError: it can't be begun.
    """

    def __init__(self, root: Path, most: int = limits.LARGEST_FILE) -> None:
        folder = root / INCOMING
        self._root = root
        self._most = most
        self._size = 0
        with translated(root):
            make_folder(folder)
            self.path = folder / f"{uuid.uuid4()}.part"
            self._handle = self.path.open("xb", buffering=0)

    def write(self, piece: bytes) -> None:
        """Take what comes next.

        Raises:
            BadAudio: it is too much.
            DiskFull, RushesError: it can't be written.
        """
        self._size += len(piece)
        if self._size > self._most:
            why = f"it has over {self._most:,} bytes"
            raise BadAudio("What is sent can't be kept", why, "Cut it in parts.")
        left = memoryview(piece)
        with translated(self._root):
            while left:
                left = left[self._handle.write(left) :]

    def finish(self) -> Staged:
        """It is whole: flush it to disk.

        Raises:
            DiskFull, RushesError: it can't be.
        """
        with translated(self._root):
            if not self._handle.closed:
                os.fsync(self._handle.fileno())
                self._handle.close()
        return Staged(self.path, self._size)

    def discard(self) -> None:
        """Give it up; one that found its place is no error, nor one that can't be removed now."""
        with suppress(OSError):
            self._handle.close()
        with suppress(OSError):  # a later sweep finds it
            self.path.unlink(missing_ok=True)
