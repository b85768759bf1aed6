"""Following linked sources while somebody looks on: a little at a time, again and again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rushes.domain.watch import Watch, unwatched
from rushes.errors import Interrupted, SourceError
from rushes.library.measuring import Measuring
from rushes.library.quality import QualityCheck
from rushes.library.sources import Sources

_AT_A_TIME = 1.5
"""Seconds that one step reads files: then the sources are looked at again."""

_LONG = 1.0
"""Seconds that a sync may take without being left alone for as long afterwards."""

_AFTER_TROUBLE = 30.0
"""Seconds until a source that couldn't be read is tried again."""


class _Enough(Interrupted):
    """The step has lasted long enough."""


@dataclass(slots=True)
class Following:
    """``library.following``: what changes there comes in, and files are read, by itself."""

    sources: Sources
    measuring: Measuring
    quality: QualityCheck
    _not_before: dict[str, float] = field(default_factory=dict)

    def step(self, on_screen: Sequence[str] = (), watch: Watch = unwatched) -> None:
        """Sync what has changed, then read files for a second or two, those on the screen first.

        ``on_screen`` are ids of generations. A source that takes long to sync is left alone as
        long again. What is wrong with one is noted, as ``library.sources.list`` tells.

        Raises:
            Interrupted: ``watch`` called it off.
            LibraryError: it can't be read or written.
        """
        for source_id in self.sources.changed():
            began = time.monotonic()
            if began < self._not_before.get(source_id, 0.0):
                continue
            rest = 0.0
            try:
                self.sources.sync(source_id, watch=watch)
            except SourceError:
                rest = _AFTER_TROUBLE  # noted; it is tried again
            ended = time.monotonic()
            if ended - began > _LONG:
                rest = max(rest, ended - began)
            self._not_before[source_id] = ended + rest
        self.measuring.first(on_screen)
        self.quality.first(on_screen)
        ends = time.monotonic() + _AT_A_TIME

        def until_then(done: int, total: int, doing: str = "") -> None:
            watch(done, total, doing)
            if done and time.monotonic() > ends:
                raise _Enough(f"{doing}: {done:,} of {total:,}")

        try:
            self.measuring.run(until_then)
            self.quality.run(until_then)
        except _Enough:
            return
