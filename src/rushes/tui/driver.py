"""Textual's way to the terminal, mended where the terminal goes away."""

from __future__ import annotations

import select
import signal
import termios
import threading
from contextlib import suppress

from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """Reads no more from a terminal that has closed.

    A terminal that closes sends SIGHUP and then SIGCONT, upon which Textual 8 begins to read it
    anew. Where the screens were just being left nobody ended that again: the process stayed, and
    took a core.

    Where the terminal isn't the one that the kernel sends SIGHUP for, only a hang-up tells of its
    end, and Textual would go on reading nothing.
    """

    _is_watched = False

    def run_input_thread(self) -> None:
        """Read what is typed, until the screens are left or the terminal closes."""
        if not self._is_watched:
            self._is_watched = True
            threading.Thread(target=self._leave_with_it, daemon=True, name="hang-up").start()
        super().run_input_thread()

    def _leave_with_it(self) -> None:
        """Wait for the terminal to close; then read no more, and leave as for q."""
        closing = select.poll()
        closing.register(self.fileno, 0)  # a hang-up is told unasked
        if any(told & select.POLLHUP for _, told in closing.poll()):
            self.exit_event.set()
            with suppress(RuntimeError):  # they have been left already
                self._loop.call_soon_threadsafe(self._app.exit)

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
