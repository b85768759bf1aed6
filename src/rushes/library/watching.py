"""Taking in the files that arrive in a folder: each once, as soon as it is finished."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.arrivals import Given
from rushes.domain.text import shown
from rushes.errors import BadInput, SourceError
from rushes.library.audio import Audio
from rushes.paths import named
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.library.watched_folder import WatchedFolder


class Watching:
    """``library.watching``."""

    def __init__(self, store: Store, audio: Audio, root: Path) -> None:
        self._store = store
        self._audio = audio
        self._root = root

    def watch(
        self, folder: str | Path, given: Given, *, move: bool = False, only_new: bool = False
    ) -> WatchedFolder:
        """A folder whose finished audio files become takes, those in its folders included.

        What a library took from there is remembered in it. ``only_new`` passes over what is there
        at the first look. ``move`` takes files away once they are in the library.

        Raises:
            SourceError: there is no such folder.
            BadInput: it lies in the library, or something given can't be kept.
            LibraryError: nothing can be written here.
        """
        place = _resolved(named(folder))
        if place.is_relative_to(self._root.resolve()):
            raise BadInput(f"{shown(folder)} can't be watched", "it lies in the library")
        self._store.check_writable()
        from rushes.library.watched_folder import WatchedFolder, check

        check(given)
        return WatchedFolder(self._store, self._audio, place, given, move=move, only_new=only_new)


def _resolved(folder: Path) -> Path:
    try:
        place = folder.resolve()
        if place.is_dir():
            return place
    except (OSError, RuntimeError, ValueError) as error:
        raise SourceError(f"{shown(folder)} can't be read", shown(error)) from error
    raise SourceError(f"there is no folder {shown(folder)}", "", "Check the path.")
