"""What all routes work with: the library, and the threads in which it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from rushes.api.events import Hub
from rushes.api.remembered import Remembered
from rushes.errors import Interrupted
from rushes.library import Library

T = TypeVar("T")

QUICK_THREADS = 4
"""Threads for what takes milliseconds; as many connections does the library keep."""

SLOW_THREADS = 3
"""Threads for what may take seconds: decoding, statistics, exports. They keep nobody waiting."""

WRITING_THREADS = 3
"""Threads for what changes the library; commits wait for each other, measuring needn't."""

FILE_THREADS = 4
"""Threads that read parts of files, and write what comes in."""

UPLOADS = 16
"""Uploads that are read at once; the others wait for their turn."""

BETWEEN_UPKEEP = 300.0
"""Seconds between two looks at whether upkeep is due."""


class Service:
    """An open library and the threads that ask it; the event loop never does."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.uploads = asyncio.Semaphore(UPLOADS)
        self._closing = False
        self.hub = Hub(library.changes.token)
        self.pages = Remembered(library.changes.token)
        self._quick = ThreadPoolExecutor(QUICK_THREADS, "rushes-quick")
        self._slow = ThreadPoolExecutor(SLOW_THREADS, "rushes-slow")
        self._writing = ThreadPoolExecutor(WRITING_THREADS, "rushes-writing")
        self._files = ThreadPoolExecutor(FILE_THREADS, "rushes-files")

    async def ask(self, question: Callable[[], T]) -> T:
        """What takes milliseconds and changes nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._quick, question)

    async def labour(self, work: Callable[[], T]) -> T:
        """What may take seconds and changes nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._slow, work)

    async def change(self, work: Callable[[], T]) -> T:
        """What changes the library."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._writing, work)
        finally:
            self.pages.forget()

    async def file(self, step: Callable[[], T]) -> T:
        """A step with a file: a part of it read or written."""
        return await asyncio.get_running_loop().run_in_executor(self._files, step)

    async def look_after(self) -> None:
        """Do what is due of the library's upkeep, now and then, until it is cancelled."""
        while True:
            await asyncio.sleep(BETWEEN_UPKEEP)
            if self.library.has_written:
                await self.labour(partial(self.library.upkeep.run, self.unless_closing))

    def unless_closing(self, done: int, total: int, doing: str = "") -> None:
        """A watch for long work: calls it off once nobody can wait for it any more.

        Raises:
            Interrupted: the server has stopped.
        """
        if self._closing:
            raise Interrupted(f"{doing}: {done:,} of {total:,}")

    def close(self) -> None:
        """Let what is under way come to its end, or call it off; begin nothing more."""
        self._closing = True
        self.hub.close()
        for pool in (self._quick, self._slow, self._writing, self._files):
            pool.shutdown(wait=True, cancel_futures=True)
