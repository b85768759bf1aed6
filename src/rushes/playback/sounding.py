"""The sound that the deck asks for, made of clips and given to the sink.

A sink that streams is told of changes while it plays. For one that doesn't, loops and what
follows are laid out in one clip before it starts, and a change starts it anew at the same place.
"""

from __future__ import annotations

from rushes.errors import NoSound, RushesError
from rushes.playback.board import Board
from rushes.playback.clip import Clip, Source, stamp
from rushes.playback.deck import Deck
from rushes.playback.levels import matching
from rushes.playback.outlet import Outlet
from rushes.playback.shelf import Shelf
from rushes.playback.sink import Place, Sink, Stretch
from rushes.playback.state import Playing

LAID_OUT_SECONDS = 600.0
"""How long a loop is laid out for a sink that doesn't stream; then it starts anew."""

LAID_OUT_BYTES = 64_000_000
"""Bytes that such a loop takes at most."""

AHEAD_BYTES = 4_000_000
"""Bytes of what follows that are laid out with a clip for such a sink: 83 s at 24 kHz mono.

It is decoded before the first sample is heard, so that a long file waits for its own turn.
"""


class Sounding:
    """Belongs to the player's thread. ``is_on``: the sink has something to play."""

    def __init__(self, board: Board, outlet: Outlet, shelf: Shelf) -> None:
        self.is_on = False
        self._board = board
        self._outlet = outlet
        self._shelf = shelf
        self._running: Clip | None = None  # what the sink was given last
        self._endless = False
        self._next: tuple[Clip, ...] = ()  # what the sink goes on to by itself
        self._next_is_sure = False
        self._foreseen: Source | None = None

    def stop(self) -> None:
        """Be silent."""
        self._outlet.stop()
        self.over()

    def over(self) -> None:
        """Take up that the sink plays no more."""
        self.is_on = False
        self._running = self._foreseen = None
        self._next = ()

    def begin(self, deck: Deck) -> None:
        """Start what the deck asks for.

        Raises:
            NoSound: there is no way out.
            RushesError: the clip can't be played.
        """
        assert deck.source is not None
        route = self._outlet.choose()
        sink = self._outlet.sink
        if sink is None:
            if not route.hint:
                raise NoSound("Sound is switched off", "it is set to silence", "Set it to auto.")
            raise NoSound("There is no way out for sound", fix=route.hint)
        self._shelf.look(deck.source)
        prepared = self._prepared(deck)
        if prepared is None:
            return
        deck, clip = prepared
        frame = round(deck.position * clip.sample_rate)
        if frame >= clip.frames and not deck.loop:
            self._board.change(lambda now: now.ended(deck.take))
            return
        self._start(sink, deck, clip, frame % max(1, clip.frames))

    def change(self, deck: Deck) -> None:
        """Let what plays be what the deck asks for now, without a gap where that can be.

        Raises:
            RushesError: the clip can't be played.
        """
        assert deck.source is not None
        sink = self._outlet.sink
        prepared = self._prepared(deck)
        if sink is None or prepared is None:
            return
        deck, clip = prepared
        if sink.streams and self._running is not None and self._running.sounds_like(clip):
            self._set_running(clip, endless=deck.loop)
            stretch = self._stretch(clip, _title(deck), loop=deck.loop)
            sink.join(stretch, deck.take, Place.HERE)
            self._shelf.sweep()
            return
        frame = round(deck.position_at(self._board.clock()) * clip.sample_rate)
        self._start(sink, deck, clip, frame if frame < clip.frames else 0)

    def follow(self, deck: Deck) -> None:
        """See to it that what follows is at hand, and joined to what plays."""
        wanted = deck.following[0] if deck.following and not deck.loop else None
        sink = self._outlet.sink
        waits = not self._next and wanted != self._foreseen
        if wanted is None or sink is None or not waits or deck.playing is not Playing.PLAYING:
            return
        self._foreseen = wanted
        try:
            clip = self._at_hand(wanted, deck.gain)
        except RushesError as error:
            line = str(error)
            self._board.change(lambda now: now.skipped(line) if now.take == deck.take else now)
            return
        if sink.streams and self._running is not None and self._running.sounds_like(clip):
            self._next, self._next_is_sure = (clip,), False
            sink.join(self._stretch(clip, wanted.key), deck.take, Place.END)
        self._shelf.sweep()

    def next_is_joined(self) -> None:
        """The sink has said that it will go on to what follows."""
        self._next_is_sure = True

    def turning(self, deck: Deck) -> float | None:
        """When what follows will be heard, on the board's clock; None: not by itself."""
        if not self._next or not self._next_is_sure or deck.since is None or not deck.length:
            return None
        return deck.since + deck.length - deck.position

    def turn(self, deck: Deck, when: float) -> float:
        """Take up that what follows is heard; give its length in seconds."""
        clip, *rest = self._next
        self._set_running(clip, endless=False)
        self._next, self._next_is_sure = tuple(rest), True
        self._board.change(
            lambda now: now.turned(when, clip.duration) if now.take == deck.take else now
        )
        return clip.duration

    def gone_through(self) -> tuple[float, ...]:
        """Lengths in seconds of what the sink has gone on to by itself, once it told the end."""
        return tuple(clip.duration for clip in self._next) if self._next_is_sure else ()

    def seconds_left(self, position: float) -> float | None:
        """How long the sink has to play from a position of the clip on; None: for ever."""
        if self._running is None or self._endless:
            return None
        return self._running.duration - position

    def _prepared(self, deck: Deck) -> tuple[Deck, Clip] | None:
        """The deck's clip at its level, and the deck that knows it; None: the wish was overtaken.

        Raises:
            RushesError: the clip can't be read.
        """
        assert deck.source is not None
        matched = self._matched(deck)
        clip = self._shelf.clip(deck.source, deck.gain + matched)
        now = self._board.change(lambda now: now.loaded(deck.take, clip.duration, matched))
        return (now, clip) if now.take == deck.take else None

    def _matched(self, deck: Deck) -> float:
        """By how many dB the deck's clip is louder than its file, to be as loud as others."""
        source, other = deck.source, deck.other
        if not deck.matches or source is None:
            return 0.0
        if source.aim is not None and source.loudness is not None:
            return source.aim - source.loudness.lufs
        if not deck.side or other is None:
            return 0.0
        if source.loudness is not None and other.loudness is not None:
            return matching(source.loudness.lufs, other.loudness.lufs)
        level = self._shelf.level(source)
        try:
            return matching(level, self._shelf.level(other))
        except RushesError:
            return 0.0  # nobody will go back there

    def _at_hand(self, source: Source, gain: float) -> Clip:
        self._shelf.look(source)
        return self._shelf.clip(source, gain)

    def _start(self, sink: Sink, deck: Deck, clip: Clip, frame: int) -> None:
        ahead: tuple[Clip, ...] = ()
        laid_out = clip
        if deck.loop and not sink.streams:
            laid_out = self._shelf.spliced([clip] * _times(clip))
        elif not sink.streams:
            ahead = self._fitting(deck, clip)
            laid_out = self._shelf.spliced([clip, *ahead]) if ahead else clip
        self._set_running(laid_out, endless=deck.loop and sink.streams)
        self._next, self._next_is_sure = ahead, True
        loop = deck.loop and sink.streams
        sink.start(self._stretch(laid_out, _title(deck), frame, loop=loop), deck.take)
        self._shelf.sweep()

    def _stretch(self, clip: Clip, title: str, frame: int = 0, *, loop: bool = False) -> Stretch:
        return Stretch(clip, frame, loop, title, self._shelf.made_of(clip))

    def _fitting(self, deck: Deck, clip: Clip) -> tuple[Clip, ...]:
        """What follows, as far as it can be laid out with a clip that is to start at once."""
        found: list[Clip] = []
        room = AHEAD_BYTES
        for source in deck.following:
            try:
                if _bytes_of(source) > room:
                    break
                following = self._shelf.passing(source, deck.gain)
            except RushesError:
                break  # it is told when its turn comes
            room -= following.frames * following.frame_bytes
            if room < 0 or not following.sounds_like(clip):
                break
            found.append(following)
        return tuple(found)

    def _set_running(self, clip: Clip, *, endless: bool) -> None:
        self.is_on = True
        self._running, self._endless = clip, endless
        self._next, self._foreseen = (), None


def _title(deck: Deck) -> str:
    """What the face calls the clip in the deck."""
    return "" if deck.source is None else deck.source.key


def _times(clip: Clip) -> int:
    """How often a clip is laid out where it is to go on for ever."""
    size = max(1, clip.frames * clip.frame_bytes)
    return max(2, int(min(LAID_OUT_SECONDS / max(clip.duration, 0.001), LAID_OUT_BYTES / size)))


def _bytes_of(source: Source) -> int:
    found = stamp(source.path)
    return 0 if found is None else found.size
