"""Clips laid over each other at their places, in blocks: memory doesn't grow with the length.

Each clip is brought to the mix's rate whole (``resampling``), and only then are its ends cut off:
what was split goes on as if it hadn't been. Silence is where nothing plays.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.story import ms_to_frames
from rushes.media.decode import open_audio
from rushes.media.resampling import Resampler

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rushes.media.resampling import Tables

    Floats = NDArray[np.float64]

Tick = Callable[[int], None]
"""Told, between blocks, how many frames are done; what it raises ends the work."""

BLOCK = 1 << 16
"""Frames of a block of the mix."""


@dataclass(frozen=True, slots=True)
class Part:
    """A clip in a mix, in the mix's frames: where it would begin untrimmed, plays from and to."""

    path: Path
    origin: int
    begin: int
    end: int
    volume: float


@dataclass(frozen=True, slots=True)
class Mix:
    """What is to be mixed: Hz, channels, frames, and the clips by where they begin."""

    sample_rate: int
    channels: int
    frames: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """A file's rate and frames, and its place in milliseconds; ``end_ms`` is None for its end."""

    path: Path
    sample_rate: int
    frames: int
    start_ms: int
    trim_start_ms: int
    end_ms: int | None
    volume: float


def planned(clips: Sequence[Clip], sample_rate: int, channels: int, length_ms: int) -> Mix:
    """The mix of these clips, at least so many milliseconds long.

    Every place is rounded to the next frame of the mix, halves up. A clip begins, untrimmed, at
    the frame of ``start_ms - trim_start_ms``; it plays from that of ``start_ms`` to that of
    ``end_ms``, or to its own end.
    """
    parts = []
    for clip in clips:
        origin = ms_to_frames(clip.start_ms - clip.trim_start_ms, sample_rate)
        whole = origin + -(-clip.frames * sample_rate // clip.sample_rate)
        end = whole if clip.end_ms is None else min(whole, ms_to_frames(clip.end_ms, sample_rate))
        begin = ms_to_frames(clip.start_ms, sample_rate)
        if begin < end:
            parts.append(Part(clip.path, origin, begin, end, clip.volume))
    parts.sort(key=lambda part: part.begin)
    frames = max([ms_to_frames(length_ms, sample_rate), *(part.end for part in parts)])
    return Mix(sample_rate, channels, frames, tuple(parts))


def mixed(mix: Mix, tick: Tick) -> Iterator[Floats]:
    """The mix in float64 blocks of shape (frames, channels), full scale being 1.0, not limited.

    A clip of one channel sounds in the first two, one of several in as many of the first.

    Raises:
        AudioMissing: a file is gone.
        BadAudio: a file is damaged.
        RushesError: a file can't be read, or what ``tick`` raises.
    """
    import numpy as np

    waiting = list(reversed(mix.parts))
    playing: list[_Voice] = []
    tables: Tables = {}
    try:
        for start in range(0, mix.frames, BLOCK):
            tick(start)
            end = min(start + BLOCK, mix.frames)
            block = np.zeros((end - start, mix.channels))
            while waiting and waiting[-1].begin < end:
                playing.append(_Voice(waiting.pop(), mix.sample_rate, tables))
            for voice in playing:
                voice.add_to(block, start)
            for voice in [one for one in playing if one.part.end <= end]:
                voice.close()
                playing.remove(voice)
            yield block
        tick(mix.frames)
    finally:
        for voice in playing:
            voice.close()


class _Voice:
    """A part that plays: its clip is decoded and resampled as far as it is needed."""

    def __init__(self, part: Part, sample_rate: int, tables: Tables) -> None:
        self.part = part
        self._open = ExitStack()
        self._blocks = self._resampled(sample_rate, tables)
        self._block: Floats | None = None
        self._at = part.origin

    def close(self) -> None:
        """Give the file up."""
        self._blocks.close()
        self._open.close()

    def add_to(self, block: Floats, start: int) -> None:
        """Add what plays in a block of the mix that begins with that frame."""
        at = max(start, self.part.begin)
        end = min(start + len(block), self.part.end)
        while at < end:
            held = self._holding(at)
            if held is None:  # shorter than its header promised, as compressed files may be
                return
            some = held[at - self._at : end - self._at]
            _add(block[at - start : at - start + len(some)], some, self.part.volume)
            at += len(some)

    def _holding(self, frame: int) -> Floats | None:
        """The resampled block that holds that frame of the mix; None behind the last."""
        while self._block is None or self._at + len(self._block) <= frame:
            self._at += 0 if self._block is None else len(self._block)
            self._block = next(self._blocks, None)
            if self._block is None:
                return None
        return self._block

    def _resampled(self, sample_rate: int, tables: Tables) -> Generator[Floats]:
        reader = self._open.enter_context(open_audio(self.part.path))
        resampler = Resampler(reader.sample_rate, sample_rate, reader.channels, tables)
        for block in reader.mixing_blocks():
            yield resampler.push(block)
        yield resampler.finish()


def _add(block: Floats, some: Floats, volume: float) -> None:
    channels = block.shape[1]
    if some.shape[1] == 1:
        block[:, :2] += some * volume
    else:
        together = min(channels, some.shape[1])
        block[:, :together] += some[:, :together] * volume
