"""Where an export goes: a folder, or one file; never into the library or a linked source."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from rushes.domain.export_formats import AudioFormat
from rushes.domain.exporting import AudioAlone, What
from rushes.domain.text import shown, valid
from rushes.errors import BadInput, TargetError
from rushes.paths import named
from rushes.store import sources
from rushes.store.reader import Reader

_ZIP = ".zip"
_SUFFIXES = {f".{one}": one for one in AudioFormat}


@dataclass(frozen=True, slots=True)
class Target:
    """A folder; ``name`` is that of the one file that is to lie in it, None for names by pattern.

    ``what`` is what is exported, with the format that the file's suffix asks for.
    """

    folder: Path
    name: str | None
    what: What


def target_of(path: str | Path, what: What, *, single: bool) -> Target:
    """What a path means: a folder; or a file, where there is one to export and it has a suffix.

    A folder that is there, and what ends with a slash, is always a folder.

    Raises:
        BadInput: the path is no text, or its suffix is that of something else.
        TargetError: there is a file where a folder is needed.
    """
    said = valid(os.fspath(path), "path")
    if "\0" in said or not said:
        raise BadInput("that is no path", "", "Name a folder.")
    place = named(said)
    is_folder = said.endswith(os.sep) or place.is_dir()
    if is_folder or not single or not _has_suffix(place):
        _check_folder(place)
        return Target(place, None, what)
    return Target(place.parent, place.name, _by_suffix(place, what))


def check_outside(target: Path, library: Path, reader: Reader) -> None:
    """Make sure that nothing is written where only the library or another program writes.

    Raises:
        BadInput: the folder lies in the library or in a linked source.
    """
    there = _resolved(target)
    if there.is_relative_to(_resolved(library)):
        raise BadInput(
            f"{shown(target)} can't be exported to",
            "it lies in the library",
            "Name another folder.",
        )
    for place, root in sources.folders(reader):
        folder = place if place.is_dir() else place.parent
        if any(there.is_relative_to(_resolved(theirs)) for theirs in (folder, root)):
            raise BadInput(
                f"{shown(target)} can't be exported to",
                f"it lies in the linked source {shown(folder)}, where nothing is changed",
                "Name another folder.",
            )


def _has_suffix(place: Path) -> bool:
    from rushes.media.sniff import has_audio_suffix

    return place.suffix.lower() == _ZIP or has_audio_suffix(place.name)


def _by_suffix(place: Path, what: What) -> What:
    suffix = place.suffix.lower()
    if not isinstance(what, AudioAlone):
        if suffix != _ZIP:
            raise BadInput(
                f"{shown(place.name)} is no name for a ZIP",
                "",
                "Ask for audio alone, or name a .zip.",
            )
        return what
    asked = _SUFFIXES.get(suffix)
    if asked is None or what.format not in (None, asked):
        wanted = f".{what.format}" if what.format else ", ".join(_SUFFIXES)
        raise BadInput(f"{shown(place.name)} can't be written", "", f"Let it end with {wanted}.")
    return AudioAlone(asked, what.version, what.every_version)


def _check_folder(place: Path) -> None:
    for folder in (place, *place.parents):
        if folder.is_dir():
            return
        if os.path.lexists(folder):
            raise TargetError(
                f"{shown(place)} can't be exported to",
                f"{shown(folder)} is no folder",
                "Name another folder.",
            )


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path
