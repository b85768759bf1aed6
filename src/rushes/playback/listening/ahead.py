"""Clips that are likely to be played next: decoded before anybody asks, and sent ahead."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from rushes.errors import RushesError
from rushes.logs import logger
from rushes.playback.clip import Clip, FileStamp, Source, import_decoders, load_clip, stamp

MOST_KEPT = 12
"""Clips that are kept decoded."""

LARGEST = 16_000_000
"""Bytes of a file, and of samples, that are worth it: five minutes at 24 kHz mono."""

_log = logger(__name__)


class Ahead:
    """Decodes in a thread of its own what ``expect`` names; the newest wish counts.

    Args:
        ready: gets the clips that are expected, in their order, as more and more are decoded.
    """

    def __init__(self, ready: Callable[[Sequence[Clip]], None]) -> None:
        self._ready = ready
        self._lock = threading.Condition()
        self._kept: OrderedDict[tuple[str, FileStamp], Clip] = OrderedDict()
        self._wanted: tuple[Source, ...] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def expect(self, sources: Sequence[Source]) -> None:
        """These may be played next, the first one most likely."""
        with self._lock:
            self._wanted = tuple(sources)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="rushes-ahead", daemon=True)
                self._thread.start()
            self._lock.notify_all()

    def load(self, source: Source) -> Clip:
        """The clip, decoded now unless it was before; the caller's own.

        Raises:
            RushesError: as ``load_clip``.
        """
        found = stamp(source.path)
        with self._lock:
            kept = self._kept.get((str(source.path), found)) if found else None
            if kept is not None:
                return replace(kept, descriptor=os.dup(kept.descriptor))
        return load_clip(source)

    def close(self) -> None:
        """Let everything go."""
        with self._lock:
            self._closed = True
            for clip in self._kept.values():
                clip.close()
            self._kept.clear()
            self._lock.notify_all()

    def _work(self) -> None:
        import_decoders()
        while True:
            with self._lock:
                self._lock.wait_for(self._has_news)
                if self._closed:
                    return
                wanted, self._wanted = self._wanted or (), None
            for count in range(1, len(wanted) + 1):
                self._keep(wanted[count - 1])
                with self._lock:
                    if self._has_news():
                        break
                    there = self._copies(wanted[:count])
                try:
                    self._ready(there)
                finally:
                    for clip in there:
                        clip.close()

    def _has_news(self) -> bool:
        return self._wanted is not None or self._closed

    def _keep(self, source: Source) -> None:
        found = stamp(source.path)
        if found is None or found.size > LARGEST:
            return
        key = (str(source.path), found)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return
        try:
            clip = load_clip(source)
        except RushesError as error:
            _log.info("not sent ahead: %s", error)
            return
        with self._lock:
            if self._closed or clip.frames * clip.frame_bytes > LARGEST:
                clip.close()
                return
            self._kept[key] = clip
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)[1].close()

    def _copies(self, sources: Sequence[Source]) -> list[Clip]:
        copies = []
        for source in sources:
            found = stamp(source.path)
            clip = self._kept.get((str(source.path), found)) if found else None
            if clip is not None:
                copies.append(replace(clip, descriptor=os.dup(clip.descriptor)))
        return copies
