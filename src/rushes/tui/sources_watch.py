"""Linked sources are followed while the screens are open: what changes there appears by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
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
        work = app.desk.work
        if at_work or (work is not None and work.reads_sources):
            return
        at_work = True
        on_screen = tuple(_in_sight(app))

        def follow(library: Library) -> None:
            if library.writable:
                library.following.step(on_screen, partial(_told, app.desk))
                if app.desk.background:
                    app.desk.background = _left_to_do(library)

        try:
            await app.desk.ask(follow)
        except Interrupted:
            return
        except BaseException:
            app.desk.background = ""
            raise
        # Not in a finally: what can't be done is told once, and not every few seconds.
        at_work = False

    return step


def _told(desk: Desk, done: int, total: int, doing: str = "") -> None:
    """Say how far it is, unless the desk is being closed."""
    desk.unless_closing(done, total, doing)
    if doing == "measuring":
        desk.background = _to_measure(total - done)
    else:
        desk.background = f"{doing} {done:,} of {total:,}"


def _left_to_do(library: Library) -> str:
    if waiting := library.measuring.waiting():
        return _to_measure(waiting)
    waiting = library.quality.waiting()
    return f"checking the sound, {waiting:,} to go" if waiting else ""


def _to_measure(files: int) -> str:
    return f"measuring, {files:,} to go"


def _in_sight(app: Asker) -> Iterator[str]:
    """The ids of the generations in the lists that are on the screen."""
    from rushes.tui.widgets.history_list import HistoryList

    for rows in app.screen_stack[-1].query(HistoryList):
        yield from (generation.id for _, generation in rows.in_sight())
