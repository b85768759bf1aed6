"""A list with a cursor whose lines are one thing each."""

from __future__ import annotations

from typing import Generic, TypeVar

from rushes.tui.widgets.cursor_list import CursorList

T = TypeVar("T")


class ItemList(CursorList, Generic[T]):
    """Shows ``items``; how one of them is drawn is for its kinds to say."""

    def __init__(self, id: str) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self.items: tuple[T, ...] = ()

    @property
    def current(self) -> T | None:
        """What stands under the cursor."""
        return self.items[self.cursor] if self.items else None

    def show(self, items: tuple[T, ...], cursor: int, said: str = "") -> None:
        """Show other ones; ``said`` stands there where there are none."""
        self.items = items
        self.show_lines(len(items), cursor, said)
