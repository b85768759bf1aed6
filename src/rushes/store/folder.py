"""The library's folder: found, or made where there is none."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from rushes.domain.text import shown
from rushes.errors import DiskFull, LibraryError, LibraryReadOnly, NotALibrary
from rushes.store import faults
from rushes.store.sqlite import DATABASE_NAME

_OF_NO_ACCOUNT = frozenset({".DS_Store", "lost+found"})
"""What file systems and file managers put into an empty folder by themselves."""


_SIGN = b'{"rushes":"journal"'


def is_left_over(path: Path) -> bool:
    """Whether the folder holds what a library has beside its database: a journal, copies."""
    journal = path / faults.JOURNAL
    try:
        if journal.is_file():  # nobody waits for what a pipe may say
            with journal.open("rb") as handle:
                if handle.read(len(_SIGN)) == _SIGN:
                    return True
    except OSError:
        pass
    return any((path / faults.BACKUPS).glob("rushes-*.db"))


def prepare_folder(path: Path, *, create: bool) -> bool:
    """Make sure that a library is there, an empty one where nothing was; tell if it's writable.

    Raises:
        NotALibrary: the folder holds something else, or nothing and ``create`` is false.
        LibraryDamaged: it holds what a library has beside its database, which is gone.
        LibraryReadOnly: it isn't there and can't be made.
        DiskFull: there is no room to make it.
    """
    file = path / DATABASE_NAME
    try:
        if not file.exists():
            _make(path, file, create=create)
        elif not file.is_file():
            raise _something_else(path, f"{DATABASE_NAME} is no file")
    except OSError as error:
        raise _no_folder(path, error) from error
    except ValueError as error:
        raise NotALibrary(f"{shown(path)} can't be a library", str(error)) from error
    return os.access(path, os.W_OK | os.X_OK) and os.access(file, os.W_OK)


def _make(path: Path, file: Path, *, create: bool) -> None:
    if path.exists() and not path.is_dir():
        raise _something_else(path, "it is a file")
    if path.is_dir():
        strange = sorted({entry.name for entry in path.iterdir()} - _OF_NO_ACCOUNT)
        # Another process may be making the same library this moment.
        if strange and not file.exists():
            if is_left_over(path):
                raise faults.damaged(path, f"its {DATABASE_NAME} is gone, the rest isn't")
            raise _something_else(path, f"it holds something else ({shown(strange[0])})")
    if not create:
        raise NotALibrary(
            f"there is no library at {shown(path)}", "", "Check the path, or make one."
        )
    path.mkdir(parents=True, exist_ok=True)
    file.touch()


def _something_else(path: Path, why: str) -> NotALibrary:
    return NotALibrary(
        f"{shown(path)} is no library", why, "Name an empty folder, or one not yet there."
    )


def _no_folder(path: Path, error: OSError) -> LibraryError:
    where = shown(path)
    why = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"the library {where} can't be made", why, "Make room there.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LibraryReadOnly(
            f"the library {where} can't be opened", why, "Name a folder that you may write."
        )
    return NotALibrary(f"{where} can't be a library", why, "Name another folder.")
