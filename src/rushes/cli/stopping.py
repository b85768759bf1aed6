"""Being asked to stop, by Ctrl+C, a kill or a terminal that closes: told, not torn out of work."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stopping(tell: Callable[[int], None]) -> Iterator[None]:
    """Within it, each signal that would end rushes is told by its number instead.

    Those that are ignored, as nohup has it, stay ignored. For the main thread.
    """
    before = {number: signal.getsignal(number) for number in _ENDING}
    heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, lambda told, _: tell(told))
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])


def exit_code(number: int) -> int:
    """The exit code of a run that a signal ended, as shells count it."""
    return 128 + number
