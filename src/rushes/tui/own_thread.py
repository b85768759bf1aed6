"""Work that may never come back, as reading a folder of a network disk that hangs."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def in_own_thread(work: Callable[[], T]) -> T:
    """Give what ``work`` comes to, done in a thread that nobody waits for at the end.

    The desk's threads are for the library, and leaving waits for them. Whoever is cancelled
    meanwhile hears no more of it.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def give(result: T | None, error: BaseException | None) -> None:
        if answer.done():  # cancelled
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]  # of work, which may give None

    def run() -> None:
        result: T | None = None
        failed: BaseException | None = None
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  # raised again where it is awaited
            failed = error
        with suppress(RuntimeError):  # everybody has left
            loop.call_soon_threadsafe(give, result, failed)

    Thread(target=run, name="alone", daemon=True).start()
    return await answer
