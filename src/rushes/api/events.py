"""Changes of the library as they happen: one watcher, however many listen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rushes.errors import RushesError

BETWEEN = 0.25
"""Seconds between two looks at the library, while anybody listens."""


class Hub:
    """Tells whoever waits that the library has changed, be it by another process.

    ``look`` gives a number that differs after any commit. It is called by one thread, however
    many wait, and not at all while nobody does. Everything else is for the event loop alone.
    """

    def __init__(self, look: Callable[[], int], between: float = BETWEEN) -> None:
        self.count = 0
        self.looks = 0
        self.closed = False
        self._look = look
        self._between = between
        self._seen: int | None = None
        self._waiting = 0
        self._changed: asyncio.Event | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "rushes-watch")

    @property
    def waiting(self) -> int:
        """How many listen."""
        return self._waiting

    @property
    def is_watching(self) -> bool:
        """Whether the library is looked at now and then."""
        return self._watching is not None

    async def enter(self) -> int:
        """Somebody listens: what changes after this is told. Gives the number of changes so far."""
        self._waiting += 1
        if self._watching is None and not self.closed:
            self._ready.clear()
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        if not self.closed:
            await self._ready.wait()
        return self.count

    def leave(self) -> None:
        """Somebody listens no longer; after the last the watching ends."""
        self._waiting -= 1
        if not self._waiting and self._watching is not None:
            self._watching.cancel()
            self._watching = None
            self._seen = None

    async def beyond(self, count: int, patience: float) -> int:
        """The number of changes, once there are more than ``count`` or ``patience`` s are over.

        At once where the hub is closed.
        """
        ends = asyncio.get_running_loop().time() + patience
        while self.count <= count and not self.closed:
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                break
            if self._changed is None:
                self._changed = asyncio.Event()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                break
        return self.count

    def close(self) -> None:
        """Send everybody home."""
        self.closed = True
        self._ready.set()
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
        self._wake()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                self.looks += 1
                token = await loop.run_in_executor(self._thread, self._look)
            except RushesError:
                token = self._seen if self._seen is not None else 0  # it is looked at again
            if self._seen is not None and token != self._seen:
                self.count += 1
                self._wake()
            self._seen = token
            self._ready.set()
            await asyncio.sleep(self._between)

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()
            self._changed = None
