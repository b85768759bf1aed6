"""How every run ends: with its exit code, and at most one line about what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from rushes.cli.output import flush, forgive_encodings, is_terminal, message, raw_message
from rushes.errors import RushesError

INTERRUPTED = 130
"""128 + SIGINT, as shells count it."""


def guarded(work: Callable[[], int | None]) -> int:
    """Do the work and give the exit code: 0 done, 1 failed, 2 misused, 130 interrupted.

    Errors that people can act on become one line on standard error. What nobody foresaw becomes
    one line as well, and its traceback goes to the log, or to the screen with RUSHES_DEBUG=1.
    """
    forgive_encodings()
    try:
        code = work() or 0
        flush()
    except RushesError as error:
        return told(error)
    except KeyboardInterrupt:
        _end_line()
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the last place that can keep a traceback off the screen
        return _unforeseen(error)
    return code


def told(error: RushesError) -> int:
    """Tell an error in one line; give the exit code that it means."""
    message(str(error))
    return error.exit_code


def _unforeseen(error: Exception) -> int:
    from rushes.logs import logger, set_up
    from rushes.paths import log_file

    if os.environ.get("RUSHES_DEBUG") == "1":
        import traceback

        raw_message("".join(traceback.format_exception(error)))
    set_up()
    logger(__name__).error("unforeseen", exc_info=error)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    message(f"something went wrong that nobody foresaw: {what[:300]}. The log has it: {log_file()}")
    return 1


def _end_line() -> None:
    if is_terminal(sys.stderr):
        raw_message("\n")
