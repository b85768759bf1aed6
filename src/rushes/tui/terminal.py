"""The terminal is the screens' alone: what C libraries print goes to the log."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def driver() -> type[Driver] | None:
    """Textual's way to the terminal as it is mended here; None leaves it to Textual."""
    if sys.platform == "win32":
        return None
    from rushes.tui.driver import TerminalDriver

    return TerminalDriver


@contextmanager
def own_screen(log: Path) -> Iterator[None]:
    """Draw on a descriptor of our own while descriptor 2 leads to the log file.

    Textual draws on ``sys.__stderr__``. Decoders (libmpg123) and sound libraries print to
    descriptor 2, in the middle of the screen if it were still the terminal.
    """
    terminal = os.dup(2)
    sink = _open(log)
    ours = os.fdopen(os.dup(terminal), "w", encoding="utf-8", errors="replace")
    before = sys.__stderr__
    os.dup2(sink, 2)
    os.close(sink)
    sys.__stderr__ = ours  # type: ignore[misc]  # where Textual draws
    try:
        yield
    finally:
        sys.__stderr__ = before  # type: ignore[misc]  # where Textual draws
        ours.close()
        os.dup2(terminal, 2)
        os.close(terminal)


def _open(log: Path) -> int:
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
