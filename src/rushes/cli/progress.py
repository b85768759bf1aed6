"""Progress on standard error, for whatever takes over a second, where somebody looks on."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rushes.cli.output import is_terminal, raw_message

_PATIENCE = 1.0
_BETWEEN = 0.1
_BAR = 24


class Progress:
    """One line that says how far something is; it goes away in the end.

    On a terminal it appears after a second and is drawn ten times a second at most; elsewhere
    nothing is written. Used as a context manager.
    """

    def __init__(self, what: str, *, ascii: bool = False) -> None:  # noqa: A002  # the option's name
        self._what = what
        self._full, self._empty = ("#", ".") if ascii else ("━", "─")
        self._seen = is_terminal(sys.stderr)
        self._next = time.monotonic() + _PATIENCE
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            raw_message("\r\x1b[K")

    def __call__(self, done: int, total: int, doing: str = "") -> None:
        """Say that ``done`` of ``total`` are done; ``doing`` stands for what it began with."""
        now = time.monotonic()
        if not self._seen or now < self._next:
            return
        self._next = now + _BETWEEN
        self._drawn = True
        share = min(1.0, done / total) if total else 0.0
        full = round(share * _BAR)
        bar = self._full * full + self._empty * (_BAR - full)
        raw_message(f"\r\x1b[K{doing or self._what}  {bar}  {done:,} of {total:,}")
