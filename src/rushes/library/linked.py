"""Where the files of linked sources lie."""

from __future__ import annotations

from pathlib import Path

from rushes.domain.source import SourceKind
from rushes.store import sources
from rushes.store.reader import Reader

_SHELVES = {SourceKind.VOICEBOX.value: "generations"}
"""Folders in which a program keeps all audio, whatever it wrote as its path."""


class LinkedFiles:
    """The files of linked sources, by what their programs call them; for one piece of work."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._roots: dict[str, sources.LinkedRoot | None] = {}

    def root(self, source_id: str) -> Path | None:
        """The folder of a source's audio; None where nobody knows the source."""
        known = self._root(source_id)
        return None if known is None else known.root

    def find(self, source_id: str, stored: str) -> Path | None:
        """A file of a source; None where there is none."""
        from rushes.media.linked import find_linked

        known = self._root(source_id)
        if known is None:
            return None
        return find_linked(known.root, stored, _SHELVES.get(known.kind))

    def _root(self, source_id: str) -> sources.LinkedRoot | None:
        if source_id not in self._roots:
            self._roots[source_id] = sources.root_of(self._reader, source_id)
        return self._roots[source_id]
