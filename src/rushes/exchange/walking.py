"""Looking through folders: their audio files, without following what leads out of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from rushes.media.sniff import has_audio_suffix

LIBRARY_FILE = "rushes.db"
"""What marks a folder as a library of rushes, whose audio is its own."""


def entries_below(root: Path, *, deep: bool) -> Iterator[os.DirEntry[str]]:
    """Every plain file below a folder, by name; hidden ones and libraries are left out.

    Symbolic links to files are given, links to folders aren't followed. What can't be looked
    into is passed over.
    """
    folders = [root]
    while folders:
        found: list[os.DirEntry[str]] = []
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        if any(entry.name == LIBRARY_FILE for entry in found):
            continue
        below: list[Path] = []
        for entry in found:
            if entry.name.startswith("."):
                continue
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    below.append(Path(entry.path))
                elif entry.is_file():
                    yield entry
        if deep:
            folders.extend(reversed(below))


def signature_below(root: Path) -> str:
    """Text that differs once a file below a folder came, went or got another name.

    Not where a file was written to in place: the folders alone are looked at.
    """
    hashed = blake2b(digest_size=16)
    folders = [root]
    while folders:
        folder = folders.pop()
        below: list[Path] = []
        with suppress(OSError), os.scandir(folder) as entries:
            hashed.update(f"{folder} {folder.stat().st_mtime_ns}\n".encode("utf-8", "replace"))
            below.extend(
                Path(entry.path)
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            )
        folders.extend(sorted(below, reverse=True))
    return hashed.hexdigest()


def files_below(root: Path, *, deep: bool) -> Iterator[Path]:
    """The audio files below a folder, by their suffixes."""
    for entry in entries_below(root, deep=deep):
        if has_audio_suffix(entry.name):
            yield Path(entry.path)
