"""The clips that the player has at hand: decoded once, measured once, louder or softer at will."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.playback.clip import Clip, FileStamp, Source, stamp
from rushes.playback.levels import amplified, level_of, spliced

MOST_CLIPS = 4
"""Clips that are kept: both sides, what follows, and the one before."""

MOST_BYTES = 256_000_000
"""Bytes of samples beyond which only the clips in use are kept."""

_IN_USE = 2


@dataclass(slots=True)
class _Held:
    stamp: FileStamp | None
    clip: Clip
    level: float | None = None
    gain: float = 0.0
    louder: Clip | None = None


class Shelf:
    """Holds clips for the player's thread; ``load`` decodes one.

    A clip that is given out stays open until ``sweep`` has been called after it was replaced:
    a helper that is still starting may be sent its descriptor until then.
    """

    def __init__(self, load: Callable[[Source], Clip]) -> None:
        self._load = load
        self._held: dict[Path, _Held] = {}  # the one used last comes last
        self._joined: Clip | None = None
        self._retired: list[Clip] = []

    def look(self, source: Source) -> None:
        """Forget the clip of a source whose file isn't what was read any more."""
        held = self._held.get(source.path)
        found = stamp(source.path)
        if held is not None and (found is None or held.stamp != found):
            self._drop(source.path)

    def clip(self, source: Source, gain: float = 0.0) -> Clip:
        """The clip of a source, with ``gain`` dB more.

        Raises:
            RushesError: it can't be decoded, or there is no room for it.
        """
        held = self._hold(source)
        if not gain:
            return held.clip
        if held.louder is None or held.gain != gain:
            louder = amplified(held.clip, gain)
            self._retire(held.louder)
            held.louder, held.gain = louder, gain
        return held.louder

    def made_of(self, clip: Clip) -> tuple[Clip, float] | None:
        """What a louder or softer clip was made of, and by how many dB; None for any other."""
        found = (held for held in self._held.values() if held.louder is clip)
        return next(((held.clip, held.gain) for held in found), None)

    def passing(self, source: Source, gain: float = 0.0) -> Clip:
        """The same for the moment: it lasts until the next sweep, and takes nobody's place.

        Raises:
            RushesError: it can't be decoded, or there is no room for it.
        """
        self.look(source)
        if source.path in self._held:
            return self.clip(source, gain)
        clip = self._load(source)
        self._retire(clip)
        if gain:
            clip = amplified(clip, gain)
            self._retire(clip)
        return clip

    def level(self, source: Source) -> float:
        """How loud a source is, in dBFS.

        Raises:
            RushesError: it can't be decoded.
        """
        held = self._hold(source)
        if held.level is None:
            held.level = level_of(held.clip)
        return held.level

    def spliced(self, clips: Sequence[Clip]) -> Clip:
        """Clips of one form as a single one.

        Raises:
            PlaybackError: there is no room for it.
        """
        joined = spliced(clips)
        self._retire(self._joined)
        self._joined = joined
        return joined

    def sweep(self) -> None:
        """Close what was replaced: nobody plays it any more."""
        for clip in self._retired:
            clip.close()
        self._retired.clear()

    def clear(self) -> None:
        """Close everything."""
        for path in list(self._held):
            self._drop(path)
        self._retire(self._joined)
        self._joined = None
        self.sweep()

    def _hold(self, source: Source) -> _Held:
        held = self._held.pop(source.path, None)
        if held is None:
            # The stamp first: what is written meanwhile is noticed the next time.
            found = stamp(source.path)
            held = _Held(found, self._load(source))
        self._held[source.path] = held
        self._make_room()
        return held

    def _make_room(self) -> None:
        while len(self._held) > _IN_USE and (
            len(self._held) > MOST_CLIPS or self._bytes() > MOST_BYTES
        ):
            self._drop(next(iter(self._held)))

    def _bytes(self) -> int:
        return sum(held.clip.frames * held.clip.frame_bytes for held in self._held.values())

    def _drop(self, path: Path) -> None:
        held = self._held.pop(path)
        self._retire(held.clip)
        self._retire(held.louder)

    def _retire(self, clip: Clip | None) -> None:
        if clip is not None:
            self._retired.append(clip)
