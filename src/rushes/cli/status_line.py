"""The one line that a listener shows: which host, what is heard, how loud."""

from __future__ import annotations

import math
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from rushes.cli.output import is_terminal, message, raw_message
from rushes.domain.text import steady
from rushes.tui.blind_keys import is_blind
from rushes.words.when import playhead

if TYPE_CHECKING:
    from rushes.playback.listening.listener import Listener, Told
    from rushes.playback.listening.stage import Heard
    from rushes.playback.listening.store import ClipStore

_EVERY = 0.2
_CELLS = 10
_QUIETEST = -50.0  # dBFS at the left end of the meter
_LONGEST_TITLE = 24


class StatusLine:
    """Tells what happens on standard error; on a terminal its last line shows what is heard.

    Nothing is written while nothing changes.
    """

    def __init__(self, host: str, *, ascii: bool) -> None:  # noqa: A002  # the option's name
        self._host = steady(host)
        self._ascii = ascii
        self._seen = is_terminal(sys.stderr)
        self._listening = False
        self._shown = ""
        self._said = ""
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> StatusLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self._show("")

    def tell(self, told: Told) -> None:
        """Tell what has happened."""
        self._listening = told.listening
        self._say(told.line)

    def watch(self, listener: Listener, store: ClipStore) -> None:
        """Show what the listener plays, until the end; tell once what its laptop lacks."""

        def look() -> None:
            while not self._over.wait(_EVERY):
                if listener.no_sound:
                    self._say_once(f"there is no way out for sound here: {listener.no_sound}")
                elif store.problem:
                    self._say_once(f"the cache can't be written ({store.problem}): memory serves")
                self._show(self.line(listener.sounding))

        self._thread = threading.Thread(target=look, name="rushes-status", daemon=True)
        self._thread.start()

    def line(self, sounding: Heard | None) -> str:
        """The line as it is now."""
        if not self._listening:
            return ""
        if sounding is None:
            return f"{self._host}  {'-' if self._ascii else '·'}"
        note = "~" if self._ascii else "♪"
        title = steady(sounding.title)[:_LONGEST_TITLE]
        if is_blind(sounding.title):  # whoever judges may sit before this line too
            return f"{self._host}  {note} {title}"
        place = f"{playhead(sounding.position)} / {playhead(sounding.length)}"
        return f"{self._host}  {note} {title}  {place}  {self._meter(sounding.peak)}"

    def _meter(self, peak: float) -> str:
        level = max(_QUIETEST, 20 * math.log10(peak)) if peak > 0 else _QUIETEST
        cells = round((level - _QUIETEST) / -_QUIETEST * _CELLS)
        full, empty = ("#", ".") if self._ascii else ("■", "·")
        return f"{full * cells}{empty * (_CELLS - cells)} {level:4.0f} dBFS"

    def _say_once(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._say(text)

    def _say(self, text: str) -> None:
        self._show("")
        message(text)

    def _show(self, line: str) -> None:
        with self._lock:
            if self._seen and line != self._shown:
                self._shown = line
                raw_message(f"\r\x1b[K{line}")
