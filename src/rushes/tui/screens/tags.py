"""Tags of the marked rows, or of the one under the cursor: typed, chosen, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.domain.text import fold
from rushes.tui import changes
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.changes import Done
from rushes.tui.screens.read_dialog import ReadDialog
from rushes.tui.screens.typed_dialog import TypedDialog
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle, TypedPart
from rushes.tui.widgets.item_list import ItemList
from rushes.words.cells import fit
from rushes.words.counts import takes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widgets import Input

    from rushes.domain.generation import Generation
    from rushes.library import Library
    from rushes.tui.paint import Line

_WHILE_TYPING = (
    ("enter", "add or remove"), ("↑↓", "move"), ("tab", "to the list"), ("esc", "leave"),
)  # fmt: skip
_COUNT = 9


class Borne(Enum):
    """How many of the rows bear a tag."""

    NONE = " "
    SOME = "◇"
    ALL = "◆"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, how many generations bear it, and how many of the rows; ``is_new``: not yet any."""

    name: str
    generations: int
    borne: Borne
    is_new: bool = False


def tags_of(
    counts: Sequence[tuple[str, int]], generations: Sequence[Generation]
) -> tuple[Tag, ...]:
    """Give every tag: those that the rows bear first, then those that are used most."""
    bearers: dict[str, int] = {}
    for generation in generations:
        for name in generation.tags:
            bearers[fold(name)] = bearers.get(fold(name), 0) + 1
    found = [Tag(name, count, _borne(bearers, name, len(generations))) for name, count in counts]
    return tuple(sorted(found, key=lambda tag: (tag.borne is Borne.NONE, -tag.generations)))


def _borne(bearers: dict[str, int], name: str, of: int) -> Borne:
    count = bearers.get(fold(name), 0)
    return Borne.ALL if count and count == of else Borne.SOME if count else Borne.NONE


def completing(tags: Sequence[Tag], typed: str) -> tuple[Tag, ...]:
    """Give the tags that hold what was typed, those that begin with it first, and it as a new one.

    A tag that is exactly what was typed stands first; then there is nothing new.
    """
    wanted = fold(typed.strip())
    if not wanted:
        return tuple(tags)
    found = [tag for tag in tags if wanted in fold(tag.name)]
    found.sort(key=lambda tag: (fold(tag.name) != wanted, not fold(tag.name).startswith(wanted)))
    if found and fold(found[0].name) == wanted:
        return tuple(found)
    return (*found, Tag(typed.strip(), 0, Borne.NONE, is_new=True))


class TagList(ItemList[Tag]):
    """Tags with marks: borne by all of the rows, or by some."""

    def __init__(self) -> None:
        super().__init__(id="tag-list")

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the mark, the tag, and how many bear it."""
        tag, colours = self.items[at], self.colours
        mark = {"◆": "#", "◇": "+"}.get(tag.borne.value, " ") if self.is_ascii else tag.borne.value
        line.add(mark, colours.amber).add(" ")
        room = max(4, width - 3 - _COUNT - 1)
        if tag.is_new:
            return line.add("new  ", colours.grey).add(fit(tag.name[: room * 4], room - 5))
        line.add(fit(tag.name[: room * 4], room))
        return line.add(f"{tag.generations:>{_COUNT},} ", colours.grey)


class TagsDialog(ReadDialog[None], TypedDialog[None]):
    """Gives and takes tags of ``ids``, each at once; ``show`` is told what has changed."""

    AUTO_FOCUS = "#tag-part"
    scope = Scope.TAGS
    BINDINGS = bindings_of(Scope.TAGS)

    def __init__(self, ids: Sequence[str], show: Callable[[Done], None]) -> None:
        self._list = TagList()
        super().__init__(self._list)
        self._ids, self._show_beneath = ids, show
        self._tags: tuple[Tag, ...] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog"):
            yield DialogTitle("Tags", f"of {takes(len(self._ids))}")
            yield TypedPart("a tag, new or known", "tag-part")
            yield self._list
            yield DialogFooter(self.own_actions, _WHILE_TYPING)

    @property
    def _lines(self) -> int:
        return len(self._tags or ()) + 1

    async def _read(self, on: str | None = None) -> None:
        """Read them, and stand on the tag of that name, else where the cursor was."""

        def read(library: Library) -> tuple[Tag, ...]:
            return tags_of(library.generations.tags(), library.generations.of_ids(self._ids))

        self._tags = await self.host.desk.ask(read)
        self.on_resize()
        current = self._list.current
        self._show(on or (current.name if current is not None else ""))

    def narrow(self) -> None:
        """Complete what is typed."""
        self._show()

    def _show(self, on: str = "") -> None:
        if self._tags is None:
            return
        tags = completing(self._tags, self._typed)
        kept = fold(on.strip())
        cursor = next((at for at, tag in enumerate(tags) if fold(tag.name) == kept), 0)
        self._list.show(tags, cursor, "There are no tags yet: type one.")

    # Typing

    def action_type_tag(self) -> None:
        """Type a tag."""
        self.type()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give or take what stands under the cursor."""
        event.stop()
        self.action_toggle_tag()

    def on_typed_part_left(self, event: TypedPart.Left) -> None:
        """Go to the list; or leave, where there was nothing to clear."""
        self.leave_line(cleared=event.cleared)

    # Giving and taking

    def action_toggle_tag(self) -> None:
        """Give the tag under the cursor to all of the rows; where all bear it, take it away."""
        tag = self._list.current
        if tag is not None:
            self.host.start(self, partial(self._toggle, tag.name), group="tag", exclusive=False)

    def on_cursor_list_clicked(self) -> None:
        """Give or take the tag that was clicked."""
        self.action_toggle_tag()

    async def _toggle(self, name: str) -> None:
        done = await self.host.desk.ask(lambda library: changes.tag(library, self._ids, name))
        self.keep(done)
        self._show_beneath(done)
        self.host.say(f"{done.said}.")
        self.clear()
        await self._read(name)
