"""Choosing what a clean-up goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.domain.amounts import read_days, read_size
from rushes.domain.retention import Policy
from rushes.domain.text import one_line
from rushes.errors import BadInput
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.dialog import Dialog
from rushes.tui.widgets.cursor_list import CursorList
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.tui.paint import Line


@dataclass(frozen=True, slots=True)
class Way:
    """What a clean-up can go by: in words, what is asked, and the policy that an answer makes."""

    words: str
    question: str
    policy: Callable[[str], Policy]


def number_of(text: str) -> int:
    """Read a whole number.

    Raises:
        BadInput: it isn't one.
    """
    plain = text.strip().replace(",", "").replace("_", "")
    if not plain.isascii() or not plain.isdecimal():
        raise BadInput(f"“{one_line(text)}” is no whole number")
    return int(plain[:18])


WAYS = (
    Way(
        "what is older than so long",
        "Older than how long, as in 90d, 8w or 1y?",
        lambda text: Policy(older_than_days=read_days(text)),
    ),
    Way(
        "what is rated below so many stars",
        "Rated below which number, 2 to 5?",
        lambda text: Policy(rated_below=number_of(text)),
    ),
    Way(
        "what is beyond the newest so many of each profile",
        "How many of each profile stay?",
        lambda text: Policy(keep_per_profile=number_of(text)),
    ),
    Way(
        "the oldest, until the takes need no more than a size",
        "No more than which size, as in 20 GB?",
        lambda text: Policy(max_bytes=read_size(text)),
    ),
    Way(
        "what a filter finds",
        "Which filter?",
        lambda text: Policy(query=text),
    ),
    Way(
        "what lay in the trash for so long: for good",
        "In the trash for over how long, as in 30d?",
        lambda text: Policy(trash_days=read_days(text)),
    ),
)
"""In the order in which they are offered. Favourites are spared by all of them."""


SAVED = "the saved policy"


class WayList(CursorList):
    """The ways, a line for each; the saved policy is the first where there is one."""

    def __init__(self) -> None:
        super().__init__(id="way-list")
        self._first: tuple[str, ...] = ()

    @property
    def way(self) -> Way | None:
        """The way under the cursor; None for the saved policy."""
        at = self.cursor - len(self._first)
        return WAYS[at] if at >= 0 else None

    def show(self, *, is_saved: bool) -> None:
        """Show the ways, with the saved policy or without."""
        self._first = (SAVED,) if is_saved else ()
        self.show_lines(len(self._first) + len(WAYS), 0)

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the words."""
        words = (*self._first, *(way.words for way in WAYS))[at]
        return line.add(" ").add(shorten(words, max(4, width - 3)))


class ChooseCleanUp(Dialog[Policy]):
    """Gives the policy to clean up by; ``line`` is the filter that is offered."""

    AUTO_FOCUS = "#way-list"
    scope = Scope.CLEAN_UP
    BINDINGS = bindings_of(Scope.CLEAN_UP)

    def __init__(self, line: str) -> None:
        super().__init__()
        self._line = line
        self._saved: Policy | None = None
        self._list = WayList()

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog"):
            yield DialogTitle("Clean up", "into the trash; favourites stay")
            yield self._list
            yield DialogFooter(self.own_actions)

    def on_mount(self) -> None:
        """Show the ways, and look whether a policy is saved."""
        self._show()
        self.host.start(self, self._read, group="policy")

    def _show(self) -> None:
        is_saved = self._saved is not None
        self._list.styles.height = self.room_for(len(WAYS) + is_saved)
        self._list.show(is_saved=is_saved)

    async def _read(self) -> None:
        saved = await self.host.desk.ask(lambda library: library.storage.saved_policy())
        if saved is not None:
            self._saved = saved.policy
            self._show()

    def action_choose_way(self) -> None:
        """Ask for the number of the way under the cursor; the saved policy needs none."""
        way = self._list.way
        if way is None:
            self.dismiss(self._saved)
        else:
            self.host.start(self, partial(self._ask, way), group="way")

    def on_cursor_list_clicked(self) -> None:
        """Ask for the number of the way that was clicked."""
        self.action_choose_way()

    async def _ask(self, way: Way) -> None:
        from rushes.tui.screens.ask_text import AskText

        answer: str | None = self._line if way is WAYS[4] else ""
        while True:
            answer = await self.app.push_screen_wait(AskText(way.question, answer or ""))
            if answer is None:
                return
            try:
                policy = way.policy(answer)
            except BadInput as error:
                self.host.trouble(error)
                continue
            self.dismiss(policy)
            return
