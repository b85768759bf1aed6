"""The laptop's side of one connection: which programs there are, and the clips they send."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field, replace

from rushes.errors import PlaybackError
from rushes.logs import logger
from rushes.playback.clip import Clip
from rushes.playback.levels import amplified
from rushes.playback.listening import frames
from rushes.playback.listening.coding import decode
from rushes.playback.listening.frames import PIECE, ClipFacts, Frame, Garbled
from rushes.playback.listening.homecoming import Homecoming
from rushes.playback.listening.stage import Heard, Known, Send, Stage
from rushes.playback.listening.store import LARGEST, ClipStore

MOST_CHANNELS = 64
MOST_CLIPS = 32
"""Programs, and clips of one program, that are kept track of."""

MOST_COMING = 2 * LARGEST
"""Bytes of clips that have been begun and aren't whole."""

_log = logger(__name__)


@dataclass(slots=True)
class _Channel:
    clips: dict[int, Known] = field(default_factory=dict)


class Session:
    """Heeds what the programs on the server ask. Safe from any thread.

    Args:
        store: where clips are kept.
        send: sends kind, channel and body; never waits.
        route: the loudspeaker's, as in the configuration.
        files: takes in what has nothing to do with sound.
    """

    def __init__(
        self,
        store: ClipStore,
        send: Send,
        route: str,
        files: Homecoming,
    ) -> None:
        self._store = store
        self._send = send
        self._files = files
        self._lock = threading.RLock()
        self._channels: dict[int, _Channel] = {}
        self._stage = Stage(store, send, route, self._lock)

    def hear(self, frame: Frame) -> None:
        """Heed one frame.

        Raises:
            Garbled: it makes no sense.
        """
        with self._lock:
            if frame.kind == frames.OPEN:
                self._opened(frames.unpack_number(frame.body))
            elif frame.kind == frames.SHUT:
                self._shut(frames.unpack_number(frame.body))
            elif frame.channel in self._channels:
                self._heed(frame, self._channels[frame.channel])

    def hang_up(self) -> None:
        """The connection is gone: nobody is left who wants to hear anything."""
        with self._lock:
            for channel in list(self._channels):
                self._shut(channel)

    def close(self) -> None:
        """Let everything go."""
        self.hang_up()
        self._stage.close()

    @property
    def sounding(self) -> Heard | None:
        """What is heard now."""
        with self._lock:
            return self._stage.heard

    @property
    def no_sound(self) -> str:
        """What to do where this laptop has no way out for sound; empty where it has one."""
        return self._stage.no_sound

    def _opened(self, channel: int) -> None:
        if len(self._channels) >= MOST_CHANNELS:
            raise Garbled("too many programs at once")
        self._channels[channel] = _Channel()
        self._send(frames.HAVE, channel, self._store.recent())

    def _shut(self, channel: int) -> None:
        self._stage.stop(channel)
        self._files.shut(channel)
        gone = self._channels.pop(channel, None)
        if gone is not None:
            for known in gone.clips.values():
                known.close()

    def _heed(self, frame: Frame, channel: _Channel) -> None:
        if frame.kind in (frames.DATA, frames.LEAN):
            self._take_in(frame, channel)
        elif frame.kind == frames.CLIP:
            self._announced(frame, channel)
        elif frame.kind == frames.MAKE:
            self._asked_to_make(frame, channel)
        elif frame.kind == frames.START:
            self._asked_to_play(frame, channel)
        elif frame.kind == frames.STOP:
            self._stage.stop(frame.channel)
        elif frame.kind == frames.FORGET:
            number = frames.unpack_number(frame.body)
            if not self._stage.uses(channel.clips.get(number)):
                known = channel.clips.pop(number, None)
                if known is not None:
                    known.close()
        else:
            self._files.hear(frame)

    def _announced(self, frame: Frame, channel: _Channel) -> None:
        number, facts = frames.unpack_clip(frame.body)
        if number in channel.clips:
            raise Garbled("two clips of one number")
        channel.clips[number] = Known(facts)
        if len(channel.clips) > MOST_CLIPS:
            unused = (key for key, known in channel.clips.items() if not self._stage.uses(known))
            channel.clips.pop(next(unused)).close()
        descriptor = self._store.find(facts)
        if descriptor is not None:
            os.close(descriptor)
            channel.clips[number].stored = True
            self._send(frames.WHOLE, frame.channel, frames.pack_number(number))

    def _asked_to_make(self, frame: Frame, channel: _Channel) -> None:
        """Make a clip of another that is here; where that can't be, its START says so."""
        number, digest, gain = frames.unpack_make(frame.body)
        known = channel.clips.get(number)
        if known is None or known.stored or known.coming is not None:
            return
        descriptor = self._store.find(replace(known.facts, digest=digest))
        if descriptor is None:
            return
        facts = known.facts
        plain = Clip(descriptor, facts.sample_rate, facts.channels, facts.frames)
        try:
            known.coming = self._store.coming(facts)
            louder = amplified(plain, gain)
            for piece in range(facts.pieces):
                size = min(PIECE, facts.size - piece * PIECE)
                known.coming.write(piece, os.pread(louder.descriptor, size, piece * PIECE))
            louder.close()
            self._keep(frame.channel, number, known)
        except (OSError, PlaybackError) as error:
            _log.warning("a clip can't be made here: %s", error)
            known.close()
        finally:
            plain.close()

    def _asked_to_play(self, frame: Frame, channel: _Channel) -> None:
        wish = frames.unpack_start(frame.body)
        known = channel.clips.get(wish.number)
        if known is None:
            raise Garbled("a start of no clip")
        if not self._stage.ask(frame.channel, wish, known):
            # It was there once, as the server has been told.
            known.stored = False
            self._send(frames.MISSING, frame.channel, frames.pack_number(wish.number))
        if known.facts.size > LARGEST:
            self._stage.failed(known, "it is too long to be heard on the laptop")

    def _take_in(self, frame: Frame, channel: _Channel) -> None:
        number, piece, samples = frames.unpack_data(frame.body)
        self._send(frames.GOT, frame.channel, frames.pack_got(number, piece))
        known = channel.clips.get(number)
        if known is None or known.stored or known.facts.size > LARGEST:
            return
        if known.coming is not None and known.coming.whole:
            return
        try:
            if known.coming is None:
                self._refuse_too_much(known.facts)
                known.coming = self._store.coming(known.facts)
            if frame.kind == frames.LEAN:
                samples = decode(samples, known.facts.channels)
            self._stage.pace.came(len(samples), time.monotonic())
            known.coming.write(piece, samples)
            if known.coming.whole:
                self._keep(frame.channel, number, known)
        except OSError as error:
            self._stage.failed(known, f"the clip can't be kept: {error.strerror or error}")
            return
        self._stage.consider()

    def _keep(self, channel: int, number: int, known: Known) -> None:
        """Take a clip up that is whole; it comes again where it isn't what it says."""
        assert known.coming is not None
        if self._store.keep(known.coming):
            self._send(frames.WHOLE, channel, frames.pack_number(number))
            return
        self._stage.lost(known)
        known.close()
        known.coming = self._store.coming(known.facts)
        self._send(frames.MISSING, channel, frames.pack_number(number))

    def _refuse_too_much(self, facts: ClipFacts) -> None:
        """Keep a server from filling the disk with clips that it never finishes.

        Raises:
            OSError: too much is coming in already.
        """
        coming = [
            known.facts.size
            for channel in self._channels.values()
            for known in channel.clips.values()
            if known.is_growing
        ]
        if sum(coming) + facts.size > MOST_COMING:
            raise OSError(28, "too much is sent at once")
