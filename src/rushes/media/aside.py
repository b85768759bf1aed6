"""Files that are moved within a library: set aside, and put back; never over another file."""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path

from rushes.errors import Conflict
from rushes.media.files import LocalAudioFiles, flush_folder, make_folder, translated

LOST = "lost+found"
"""Folder of a library in which lies what was set aside. File systems make one of that name too."""


def set_aside(root: Path, key: str) -> str:
    """Move a file of the library ``root`` into ``lost+found/``; gives where it lies then.

    ``key`` and the result are relative to the library.

    Raises:
        LibraryReadOnly, RushesError: it can't be done; the file stays.
    """
    source = root / key
    with translated(root):
        folder = root / LOST
        make_folder(folder)
        target = _free_name(folder, source.name)
        _move(source, target)
    return f"{LOST}/{target.name}"


def put_back(root: Path, found: str, key: str) -> None:
    """Move a file of the library ``root``, relative to it, to the place that ``key`` says.

    Raises:
        BadInput: the key would lead out of the library.
        Conflict: something is there already.
        LibraryReadOnly, RushesError: it can't be done; the file stays.
    """
    target = LocalAudioFiles(root).resolve(key)
    with translated(root):
        make_folder(target.parent)
        if os.path.lexists(target):
            raise Conflict(f"{key} can't be put back", "there is something of that name")
        _move(root / found, target)


def files_in(root: Path, folder: str) -> Iterator[tuple[str, int]]:
    """Every file in a folder of the library and in its folders: where, and how many bytes."""
    folders = [folder]
    while folders:
        folder = folders.pop()
        # One that may not be read, as a file system's own lost+found, holds nothing of ours.
        with suppress(OSError), os.scandir(root / folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{folder}/{entry.name}")
                    continue
                with suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode):
                        yield f"{folder}/{entry.name}", about.st_size


def files_beside(root: Path, known: Container[str]) -> Iterator[tuple[str, int]]:
    """Every file that lies in the library's folder itself and isn't ``known``, and its bytes."""
    with suppress(OSError), os.scandir(root) as entries:
        for entry in entries:
            with suppress(OSError):
                about = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(about.st_mode) and entry.name not in known:
                    yield entry.name, about.st_size


def _free_name(folder: Path, name: str) -> Path:
    target, number = folder / name, 2
    while os.path.lexists(target):
        stem, dot, suffix = name.rpartition(".")
        target = folder / (f"{stem} ({number}){dot}{suffix}" if stem else f"{name} ({number})")
        number += 1
    return target


def _move(source: Path, target: Path) -> None:
    source.rename(target)
    flush_folder(target.parent)
    flush_folder(source.parent)
