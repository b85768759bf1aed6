"""What files take of a disk, and what it has left."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from rushes.domain.text import shown
from rushes.errors import LibraryError


def taken_by(path: Path) -> int:
    """Bytes of a file, or of all files beneath a folder; 0 where there is nothing.

    Links aren't followed. What vanishes meanwhile, or can't be looked at, counts as nothing.
    """
    with suppress(OSError):
        found = path.lstat()
        if stat.S_ISREG(found.st_mode):
            return found.st_size
        if stat.S_ISDIR(found.st_mode):
            return _beneath(path)
    return 0


def free_room(folder: Path) -> int:
    """Bytes that an ordinary user can still write where ``folder`` lies.

    Raises:
        LibraryError: the folder can't be reached.
    """
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise LibraryError(
            f"the room where {shown(folder)} lies can't be measured", os.strerror(error.errno or 0)
        ) from error


def _beneath(folder: Path) -> int:
    size = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            size += taken_by(Path(entry.path))
    return size
