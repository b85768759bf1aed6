"""Textual's way to the terminal, mended where the terminal goes away."""

from __future__ import annotations

import signal
import termios

from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """Reads no more from a terminal that has closed.

    A terminal that closes sends SIGHUP and then SIGCONT, upon which Textual 8 begins to read it
    anew. Where the screens were just being left nobody ended that again: the process stayed, and
    took a core.
    """

    def _sigcont_application(self, *_: object) -> None:
        """Come back to the terminal, if it is still there."""
        if self._is_there():
            super()._sigcont_application()

    def close(self) -> None:
        """Clean up; from now on nothing is come back to."""
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        super().close()

    def _is_there(self) -> bool:
        try:
            termios.tcgetattr(self.fileno)
        except (termios.error, ValueError):
            return False
        return True
