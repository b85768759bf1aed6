"""A dialog with a list and a line above it: what is typed there narrows the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from rushes.tui.screens.dialog import Dialog
from rushes.tui.widgets.dialog import DialogFooter, TypedPart

if TYPE_CHECKING:
    from textual import events
    from textual.widgets import Input

    from rushes.tui.widgets.cursor_list import CursorList

T = TypeVar("T")


class TypedDialog(Dialog[T], Generic[T]):
    """One ``TypedPart`` over the list given; ``_typed`` is what stands in it."""

    def __init__(self, typed_over: CursorList) -> None:
        super().__init__()
        self._typed = ""
        self._typed_over = typed_over

    def narrow(self) -> None:
        """Show what fits what was typed."""
        raise NotImplementedError

    def type(self) -> None:
        """Go to the line."""
        self.query_one(TypedPart).focus()

    def clear(self) -> None:
        """Empty the line; the list is for the caller to show."""
        self._typed = self.query_one(TypedPart).value = ""

    def leave_line(self, *, cleared: bool) -> None:
        """Go to the list; or empty the line, or leave, where there was nothing to empty."""
        if not cleared:
            self._typed_over.focus()
        elif self._typed:
            self.clear()
            self.narrow()
        else:
            self.action_back()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys that work now."""
        self.query_one(DialogFooter).show(is_typing=isinstance(event.widget, TypedPart))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list as one types."""
        event.stop()
        if event.value != self._typed:
            self._typed = event.value
            self.narrow()

    def on_typed_part_moved(self, event: TypedPart.Moved) -> None:
        """Move in the list while typing."""
        self._typed_over.go(self._typed_over.cursor + event.by)
