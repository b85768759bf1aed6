"""The C shim beside this file: built once, armed in a child through ctypes."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


class Change(IntFlag):
    """What a process does to files: the bits of ``shim.c``."""

    CREATE = 1
    CUT = 2
    WRITE = 4
    FLUSH = 8
    RENAME = 16
    UNLINK = 32
    LINK = 64
    MKDIR = 128
    ROOM = 256
    LOCK = 512
    ANY = 511  # whatever changes files


class How(IntEnum):
    """What is done at the N-th change: nothing, a kill before it, a kill in its middle, faults."""

    LET = 0
    KILL = 1
    TEAR = 2
    FAIL_ONCE = 3
    FAIL_ON = 4
    SHORTEN = 5


NEEDS_ROOM = Change.CREATE | Change.WRITE | Change.MKDIR | Change.LINK | Change.ROOM
"""What a full disk refuses; a rename within a disk, a flush, a cut and an unlink go on."""

NEEDS_LEAVE = Change.CREATE | Change.RENAME | Change.UNLINK | Change.MKDIR | Change.LINK
"""What a folder that may not be written refuses."""


@dataclass(frozen=True, slots=True)
class Strike:
    """``how`` at the ``at``-th change of these ``kinds``, counted from 1; ``error`` for faults.

    ``freed_by`` names a file that ends the faults when it is unlinked.
    """

    at: int = 0
    how: How = How.LET
    kinds: Change = Change.ANY
    error: int = errno.EIO
    freed_by: str = ""


PEACE = Strike()
"""Nothing is struck, all is counted."""


@cache
def built() -> Path | None:
    """The shim as a library to preload; None where there is no C compiler."""
    compiler = os.environ.get("CC", "cc")
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    # Private to this user: nobody else may put another library in its place.
    folder = Path(tempfile.mkdtemp(prefix="rushes-laboratory-"))
    target = folder / f"shim-{digest}.so"
    try:
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", str(target), str(SOURCE), "-ldl"],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return target


class Shim:
    """The shim of this process, which was started with it preloaded."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.lab_changes.restype = ctypes.c_long

    def arm(self, folder: Path, strike: Strike, told: int) -> None:
        """Begin to count beneath ``folder``; the strike is told on the descriptor ``told``."""
        self._library.lab_freed_by(strike.freed_by.encode())
        self._library.lab_arm(
            os.fsencode(folder),
            ctypes.c_long(strike.at),
            int(strike.how),
            int(strike.kinds),
            strike.error,
            told,
        )

    def trace(self, told: int) -> None:
        """Tell every change on a descriptor."""
        self._library.lab_trace(told)

    def release(self) -> None:
        """Let everything pass from now on."""
        self._library.lab_release()

    def changes(self) -> int:
        """How many changes there were."""
        return int(self._library.lab_changes())

    def struck(self) -> bool:
        """Whether the N-th change was reached."""
        return bool(self._library.lab_struck())
