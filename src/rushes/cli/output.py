"""Where words go: results to standard output, messages to standard error, JSON in one piece."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from rushes.domain.text import steady
from rushes.errors import RushesError

WIDTH_UNSEEN = 100
"""Columns of what is printed where there is no terminal and ``COLUMNS`` isn't set."""

WIDTH_LEAST = 60
"""Columns that a line of a list needs; narrower terminals break it."""


def result(line: str = "") -> None:
    """Print one line of a result. Whoever reads may stop reading: the work goes on, unheard.

    Raises:
        RushesError: there is no room for it where it goes.
    """
    _write(sys.stdout, line + "\n")


def json_result(document: object) -> None:
    """Print a result as one strict JSON document.

    Raises:
        RushesError: there is no room for it where it goes.
    """
    import json

    text = json.dumps(document, ensure_ascii=not is_unicode(), allow_nan=False, indent=2)
    result(text)


def message(text: str) -> None:
    """Print a message of one line, whatever characters people put into what it quotes."""
    with contextlib.suppress(OSError, ValueError, RushesError):
        _write(sys.stderr, f"rushes: {steady(text)}\n")


def raw_message(text: str) -> None:
    """Print something for the eye on standard error as it is: progress, a question, a caret."""
    with contextlib.suppress(OSError, ValueError, RushesError):
        _write(sys.stderr, text)


def pass_on(said: bytes) -> None:
    """Hand on to standard error what another program says, byte for byte."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.buffer.write(said)
        sys.stderr.flush()


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether somebody sits at the other end."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def is_unicode() -> bool:
    """Tell whether standard output can carry every character."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return encoding.lower().replace("-", "").startswith("utf")


def has_colour() -> bool:
    """Tell whether results may be coloured (no-color.org)."""
    return (
        is_terminal(sys.stdout)
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM", "dumb") != "dumb"
    )


def width() -> int:
    """Columns that a line of a result may take: the terminal's, else ``COLUMNS``, else 100."""
    import shutil

    columns = shutil.get_terminal_size((WIDTH_UNSEEN, 24)).columns
    return max(columns, WIDTH_LEAST)


def forgive_encodings() -> None:
    """Let every character be printed in some form, and streams be missing altogether."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Closed by whoever started us; never closed again, as it lives as long as we do.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  # open until the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Send off what was printed.

    Raises:
        RushesError: there is no room for it where it goes.
    """
    _write(sys.stdout, "", and_flush=True)


def _write(stream: TextIO, text: str, *, and_flush: bool = False) -> None:
    try:
        stream.write(text)
        if and_flush or stream is sys.stderr:
            stream.flush()
    except BrokenPipeError:
        _discard(stream)
    except OSError as error:
        _discard(stream)
        raise RushesError("the output can't be written", error.strerror or str(error)) from None


def _discard(stream: TextIO) -> None:
    """Lead the stream nowhere, so that neither we nor Python's exit trip over it again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
