"""What all routes work with: the library, and the threads in which it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rushes.api.events import Hub
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


class Service:
    """An open library and the threads that ask it; the event loop never does."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.hub = Hub(library.changes.token)
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
        return await asyncio.get_running_loop().run_in_executor(self._writing, work)

    async def file(self, step: Callable[[], T]) -> T:
        """A step with a file: a part of it read or written."""
        return await asyncio.get_running_loop().run_in_executor(self._files, step)

    def close(self) -> None:
        """Let what is under way come to its end, and begin nothing more."""
        self.hub.close()
        for pool in (self._quick, self._slow, self._writing, self._files):
            pool.shutdown(wait=True, cancel_futures=True)
