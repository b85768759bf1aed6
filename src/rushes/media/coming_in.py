"""Knowing that no file is on its way into the library: in its place, but not yet named by a row.

Whoever brings a file in holds a shared lock on the library's folder of audio from before the file
is there until its row is committed or the file is taken away. The lock goes with the process,
whatever happens to it.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rushes.media.files import AUDIO, make_folder

_PATIENCE = 2.0
_PAUSE = 0.02


@contextmanager
def bringing_in(root: Path) -> Iterator[None]:
    """Within it a file may lie in the library ``root`` that no row names yet.

    Where the file system knows no locks it is as if nobody asked.
    """
    folder = root / AUDIO
    with suppress(OSError):  # whoever stages a file tells what is wrong
        make_folder(folder)
    descriptor = _locked(folder, fcntl.LOCK_SH)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def nobody_brings_in(root: Path, patience: float = _PATIENCE) -> bool:
    """Whether at some moment of this call no file was on its way in.

    What lay in the library before the call and is named by no row after it belongs to nobody.
    Waits up to ``patience`` seconds for such a moment; false where it can't be told.
    """
    ends = time.monotonic() + patience
    while True:
        descriptor = _locked(root / AUDIO, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if descriptor is not None:
            os.close(descriptor)
            return True
        if time.monotonic() >= ends:
            return False
        time.sleep(_PAUSE)


@contextmanager
def alone(root: Path) -> Iterator[bool]:
    """Whether nobody else is within ``alone`` of the library ``root``, for as long as it lasts."""
    descriptor = _locked(root, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _locked(folder: Path, how: int) -> int | None:
    """A descriptor of the folder that holds a lock until it is closed; None without the lock."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, how)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
