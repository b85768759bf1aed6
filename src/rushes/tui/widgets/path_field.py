"""A field for a path: typing narrows what lies there, tab completes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from rushes.domain.text import fold
from rushes.tui.host import host_of
from rushes.tui.own_thread import in_own_thread
from rushes.tui.path_words import Candidates, Listing, candidates, parts_of, read_listing
from rushes.tui.widgets.line import Lines
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from rushes.tui.paint import Line

READING = "reading …"
NOTHING = "nothing there begins so"
EMPTY = "nothing lies there"


class PathInput(Input):
    """The line of the field; the keys that mean its list are told."""

    @dataclass
    class Steered(Message):
        """A key that isn't text was pressed."""

        key: str

    def __init__(self, text: str, id: str) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(text, id=id, classes="path-input", select_on_focus=False, compact=True)
        self.cursor_blink = False  # nothing is sent while nothing changes

    def on_key(self, event: events.Key) -> None:
        """Tell the keys of the list."""
        if event.key in ("up", "down", "tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Steered(event.key))


class PathCandidates(Lines):
    """The first names that fit, or those around the cursor; how many more there are."""

    back = "surface"

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.styles.height = lines
        self._room = lines
        self._names: tuple[str, ...] = ()
        self._cursor: int | None = None
        self._said = ""

    def show(self, names: tuple[str, ...], cursor: int | None, said: str) -> None:
        """Show other names; ``said`` stands there where there are none."""
        if (names, cursor, said) != (self._names, self._cursor, self._said):
            self._names, self._cursor, self._said = names, cursor, said
            self.refresh()

    def draw(self, y: int) -> Line | None:
        """Draw a name, or what there is to say."""
        line = self.line()
        if not self._names:
            return line.add(f" {self._said}", self.colours.grey) if y == 0 else None
        is_full = len(self._names) > self._room
        shown = self._room - 1 if is_full else self._room
        top = max(0, (self._cursor or 0) - shown + 1)
        if is_full and y == shown:
            return line.add(f" {len(self._names) - shown:,} more", self.colours.grey)
        at = top + y
        if at >= len(self._names):
            return None
        return self._draw_name(line, at)

    def _draw_name(self, line: Line, at: int) -> Line:
        name, colours = self._names[at], self.colours
        here = at == self._cursor
        bar = "|" if self.is_ascii else "▌"
        line.add(bar if here else " ", colours.amber)
        colour = colours.blue if name.endswith("/") else colours.ink
        return line.add(shorten(name, self.size.width - 1), colour, bold=here)


class PathField(Vertical):
    """A path is typed into it. Folders are read in threads of their own, however long it takes."""

    @dataclass
    class Submitted(Message):
        """The path is meant."""

        text: str

    @dataclass
    class Passed(Message):
        """Tab had nothing to complete; ``back`` with shift."""

        back: bool

    def __init__(
        self, text: str, *, input_id: str, lines: int = 6, only_folders: bool = False
    ) -> None:
        super().__init__(classes="path-field")
        self.input = PathInput(text, input_id)
        self._list = PathCandidates(lines)
        self._only_folders = only_folders
        self._head: str | None = None
        self._listing: Listing | None = None
        self._found = Candidates((), "")
        self._cursor: int | None = None

    @property
    def value(self) -> str:
        """What was typed, without space around it."""
        return self.input.value.strip()

    def compose(self) -> ComposeResult:
        """Lay out the line over its list."""
        yield self.input
        yield self._list

    def on_mount(self) -> None:
        """Look into the folder that stands there to begin with."""
        self._typed()

    # Typing

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow what is listed; look into another folder once it is named."""
        event.stop()
        self._typed()

    def _typed(self) -> None:
        head, _ = parts_of(self.input.value)
        self._cursor = None
        if head != self._head:
            self._head, self._listing = head, None
            read = partial(self._read, head)
            host_of(self.app).start(self, read, group="path")
        self._show()

    async def _read(self, head: str) -> None:
        listing = await in_own_thread(partial(read_listing, head))
        if head == self._head:
            self._listing = listing
            self._show()

    def _show(self) -> None:
        beginning = parts_of(self.input.value)[1]
        if self._listing is None:
            self._found, said = Candidates((), ""), READING
        else:
            self._found = candidates(self._listing, beginning, only_folders=self._only_folders)
            said = self._listing.fault or (NOTHING if beginning else EMPTY)
        self._list.show(self._found.names, self._cursor, said)

    # Completing

    def on_path_input_steered(self, event: PathInput.Steered) -> None:
        """Complete, or move in the list."""
        event.stop()
        if event.key in ("up", "down"):
            self._move(1 if event.key == "down" else -1)
        elif event.key == "shift+tab" or not self._complete():
            self.post_message(self.Passed(back=event.key == "shift+tab"))

    def _move(self, by: int) -> None:
        """Move the cursor; above the first name it is in the line again."""
        last = len(self._found.names) - 1
        at = (-1 if self._cursor is None else self._cursor) + by
        self._cursor = None if at < 0 or last < 0 else min(at, last)
        self._show()

    def _complete(self) -> bool:
        """Put in the name under the cursor, else what all names have in common; whether it did."""
        if self._cursor is not None:
            return self._put(self._found.names[self._cursor])
        begun = fold(parts_of(self.input.value)[1])
        return fold(self._found.common).startswith(begun) and self._put(self._found.common)

    def _put(self, name: str) -> bool:
        head = parts_of(self.input.value)[0]
        if self.input.value == head + name:
            return False
        self.input.value = head + name
        self.input.cursor_position = len(self.input.value)
        return True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what stands under the cursor into the line; with none, the path is meant."""
        event.stop()
        if self._cursor is None or not self._complete():
            self.post_message(self.Submitted(self.value))
