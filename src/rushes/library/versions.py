"""The versions of a generation: the clean original and what was made from it."""

from __future__ import annotations

from rushes.domain.generation import GenerationVersion
from rushes.store import history
from rushes.store.store import Store


class Versions:
    """``library.versions``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self, generation_id: str) -> tuple[GenerationVersion, ...]:
        """The versions of the generation of that id (or prefix), in the order they were added.

        Raises:
            NotFound: there is no such generation.
            Ambiguous: the prefix fits several.
        """
        found = history.versions(self._store.reader, generation_id)
        if found:
            return found
        generation = history.find(self._store.reader, generation_id)
        return history.versions(self._store.reader, generation.id)
