"""The log file: what a developer wants to know later and nobody should see on the screen."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from rushes.paths import log_file

_MOST_BYTES = 1_000_000
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
# Text from people may hold escape sequences; a log that is shown in a terminal must not act.
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) != "\n"}


class LogFile(logging.Handler):
    """Appends records to ``path``, which appears with the first one, for its owner's eyes only.

    Each record opens the file anew: records are rare, several processes share the file, and
    nothing stays open across a fork. Beyond ``most_bytes`` the file moves to ``NAME.1``, in place
    of the one before. A record that can't be written is dropped: logging never disturbs the work.
    """

    def __init__(self, path: Path, most_bytes: int = _MOST_BYTES) -> None:
        super().__init__()
        self.path = path
        self.most_bytes = most_bytes
        self.setFormatter(logging.Formatter(_FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record; errors are swallowed, since there is nowhere to tell them."""
        try:
            line = self.format(record).translate(_CONTROL) + "\n"
            self._append(line.encode("utf-8", "backslashreplace"))
        except Exception:  # noqa: BLE001  # a record with broken arguments must not end the program
            return

    def _append(self, data: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, data)
            full = os.fstat(handle).st_size >= self.most_bytes
        finally:
            os.close(handle)
        if full:
            self.path.replace(self.path.with_name(self.path.name + ".1"))


def set_up(level: int = logging.INFO, path: Path | None = None) -> None:
    """Sends this process's log records and warnings to the log file, and none to the terminal.

    For the program's own start; who uses rushes as a library decides on logging themselves.
    ``path`` is :func:`rushes.paths.log_file` unless given. Calling it again replaces the file.
    """
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, LogFile):
            root.removeHandler(handler)
    root.addHandler(LogFile(path or log_file()))
    logging.getLogger("rushes").setLevel(level)
    logging.captureWarnings(capture=True)


def logger(name: str) -> logging.Logger:
    """The logger of a module (``__name__``); silent until somebody sets logging up."""
    ours = logging.getLogger("rushes")
    if not ours.handlers:
        # Without any handler Python would print warnings on the terminal.
        ours.addHandler(logging.NullHandler())
    return logging.getLogger(name)
