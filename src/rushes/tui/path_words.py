"""A path as it is being typed: the folder it is in, and the names that it may go on with."""

from __future__ import annotations

import os
from dataclasses import dataclass

from rushes.domain.text import fold, shown
from rushes.paths import named

MOST_NAMES = 20_000
"""Names of one folder that are looked through while one types."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder, each kind by name; ``fault`` is why it can't be read.

    Names that can't be typed are left out, and so is what is beyond ``MOST_NAMES``.
    """

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Names that begin as was typed: folders first, each with a slash behind it.

    ``common`` is how all of them begin.
    """

    names: tuple[str, ...]
    common: str


def parts_of(text: str) -> tuple[str, str]:
    """Split a path that is being typed: the folder with its slash, and what a name begins with."""
    if text == "~":
        return "~/", ""
    head, slash, beginning = text.rpartition("/")
    return head + slash, beginning


def read_listing(head: str) -> Listing:
    """Look into the folder that somebody typed; "" is the current one. Not on the event loop."""
    folders: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(named(head or ".")) as entries:
            for count, entry in enumerate(entries):
                if count == MOST_NAMES:
                    break
                if entry.name.isprintable():
                    (folders if _is_folder(entry) else files).append(entry.name)
    except FileNotFoundError:
        return Listing(fault="there is no such folder")
    except (OSError, ValueError) as error:
        return Listing(fault=shown(getattr(error, "strerror", None) or error))
    return Listing(tuple(sorted(folders, key=fold)), tuple(sorted(files, key=fold)))


def candidates(listing: Listing, beginning: str, *, only_folders: bool = False) -> Candidates:
    """The names of a folder that go on from a beginning, in another case where none in this.

    Hidden ones are for whoever types the dot.
    """
    every = [f"{name}/" for name in listing.folders]
    if not only_folders:
        every += listing.files
    if not beginning.startswith("."):
        every = [name for name in every if not name.startswith(".")]
    found = [name for name in every if name.startswith(beginning)]
    if not found:
        folded = fold(beginning)
        found = [name for name in every if fold(name).startswith(folded)]
    return Candidates(tuple(found), _common(found))


def _common(names: list[str]) -> str:
    """How all of them begin: as the first and the last of them by code point do."""
    if not names:
        return ""
    first, last = min(names), max(names)
    pairs = enumerate(zip(first, last, strict=False))
    return first[: next((at for at, (one, other) in pairs if one != other), len(first))]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
