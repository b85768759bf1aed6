"""Long work as a person has it done: one piece at a time, with its progress, to be called off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from rushes.errors import Interrupted
from rushes.tui.work import Work

if TYPE_CHECKING:
    from rushes.domain.watch import Watch
    from rushes.library import Library
    from rushes.tui.host import Host

T = TypeVar("T")

Ask = Callable[[str, str, str], Awaitable[bool]]
"""Asks with a title, a text and the answer that isn't Cancel; False where nobody looks any more."""


class Tasks:
    """One piece of long work at a time; ``say`` is told what each came to, in one line.

    It outlives the screen it was begun on: what is under way is the desk's ``work``.
    """

    reads_sources = False
    """Whether linked sources are read here, which nobody else needs to follow meanwhile."""

    def __init__(self, host: Host, ask: Ask, say: Callable[[str], None]) -> None:
        self.host = host
        self.ask = ask
        self.say = say

    async def do(self, name: str, job: Callable[[Library, Watch], T]) -> T:
        """Give what the job comes to.

        Raises:
            Interrupted: the person called it off.
        """
        desk = self.host.desk
        work = desk.work = Work(name, reads_sources=self.reads_sources)
        try:
            return await desk.ask(lambda library: job(library, work))
        finally:
            desk.work = None

    async def told(self, task: Callable[[], Awaitable[None]]) -> None:
        """Do a piece of work; that it was called off is nothing but said."""
        try:
            await task()
        except Interrupted:
            self.say("Called off: what is done stays, and nothing is half done.")
