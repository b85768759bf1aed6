"""Where the audio of a linked source lies, whatever its program wrote as its path.

Paths were written on other machines and in older folders: each is tried as it stands, then as it
may have been meant. None leads out of the source's folder, neither by ``..`` nor by a symbolic
link, but an absolute one that was written so and is there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def find_linked(root: Path, stored: str, shelf: str | None = None) -> Path | None:
    """The file that a source at ``root`` calls ``stored``; None where there is none.

    ``shelf`` is the folder in which a file is looked for by its name alone, and the root after
    it: for sources whose programs keep all audio in one folder.
    """
    if not stored or "\0" in stored:
        return None
    try:
        if stored.startswith("/") and Path(stored).is_file():
            return Path(stored)
        inside = root.resolve()
        for candidate in _candidates(stored, shelf):
            path = root / candidate
            if path.is_file() and path.resolve().is_relative_to(inside):
                return path
    except (OSError, RuntimeError, ValueError):
        # Too long for a name, a circle of links, no text: no file is called so.
        return None
    return None


def base_name(stored: str) -> str:
    """The last part of a path of whatever system."""
    return stored.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _candidates(stored: str, shelf: str | None) -> Iterator[str]:
    for written in dict.fromkeys((stored, stored.replace("\\", "/"))):
        if not (written.startswith("/") or _WINDOWS.match(written)):
            for relative in dict.fromkeys((written, written.removeprefix("data/"))):
                if _stays_inside(relative):
                    yield relative
    name = base_name(stored)
    if shelf is not None and _stays_inside(name):
        yield f"{shelf}/{name}"
        yield name


def _stays_inside(relative: str) -> bool:
    parts = relative.split("/")
    return bool(relative) and ".." not in parts and not os.path.isabs(relative)  # noqa: PTH117  # of a text, not a path
