"""Stories, as they are read."""

from __future__ import annotations

from rushes.domain.story import Story, StoryItem
from rushes.store import stories
from rushes.store.store import Store


class Stories:
    """``library.stories``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self) -> tuple[Story, ...]:
        """Every story, the one changed last first.

        Raises:
            LibraryError: the database can't be read.
        """
        return stories.listed(self._store.reader)

    def items(self, story: Story) -> tuple[StoryItem, ...]:
        """The items of a story in the order in which they begin.

        Raises:
            LibraryError: the database can't be read.
        """
        return stories.items(self._store.reader, story.id)
