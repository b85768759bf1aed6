"""Linked sources are followed while the screens are open: what changes there appears by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from rushes.errors import Interrupted

if TYPE_CHECKING:
    from textual.screen import Screen

    from rushes.library import Library
    from rushes.tui.desk import Desk

EVERY = 2.5
"""Seconds between two looks: a change is here within five."""


class Asker(Protocol):
    """The application, as far as this needs it."""

    desk: Desk

    @property
    def screen_stack(self) -> Sequence[Screen[object]]:
        """The screens, the one on top last."""


def following(app: Asker) -> Callable[[], Awaitable[None]]:
    """A piece of work to be done now and then, which leaves alone what is under way."""
    at_work = False

    async def step() -> None:
        nonlocal at_work
        if at_work:
            return
        at_work = True
        on_screen = tuple(_in_sight(app))

        def follow(library: Library) -> None:
            if library.writable:
                library.following.step(on_screen, app.desk.unless_closing)

        try:
            await app.desk.ask(follow)
        except Interrupted:
            return
        # Not in a finally: what can't be done is told once, and not every few seconds.
        at_work = False

    return step


def _in_sight(app: Asker) -> Iterator[str]:
    """The ids of the generations in the lists that are on the screen."""
    from rushes.tui.widgets.history_list import HistoryList

    for rows in app.screen_stack[-1].query(HistoryList):
        yield from (generation.id for _, generation in rows.in_sight())
