"""The deck: what the player means to do, as a value, and how wishes and answers change it.

No threads, no clock, no sound: time comes as an argument, in seconds of ``time.monotonic()``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rushes.playback.clip import Source
from rushes.playback.state import PlayerState, Playing, Route

LOWEST_GAIN, HIGHEST_GAIN = -40.0, 20.0
"""Bounds of the gain in dB."""

_SOUNDING = (Playing.PLAYING, Playing.LOADING)


@dataclass(frozen=True, slots=True)
class Deck:
    """The clip, the playhead, and the number of the newest wish.

    ``position`` in seconds is where the playhead stands, or stood at ``since`` when it moves.
    ``take`` numbers the wishes that start, change or stop sound: an answer that bears an older
    number comes too late. ``length`` in seconds is 0 until the clip has been read. ``other`` is
    the clip on the other side, ``side`` "A" or "B" once they have been swapped, and ``matched``
    how many dB louder (softer, if negative) than its file this side is to match the other, as long
    as ``matches`` is on. ``following`` come next.
    """

    playing: Playing = Playing.STOPPED
    source: Source | None = None
    length: float = 0.0
    position: float = 0.0
    since: float | None = None
    route: Route | None = None
    error: str | None = None
    take: int = 0
    loop: bool = False
    gain: float = 0.0
    other: Source | None = None
    side: str = ""
    matched: float = 0.0
    matches: bool = True
    following: tuple[Source, ...] = ()

    def position_at(self, now: float) -> float:
        """Where the playhead is; never past the end of a clip whose length is known."""
        if self.since is None:
            return min(self.position, self.length) if self.length else self.position
        moved = self.position + max(0.0, now - self.since)
        if not self.length:
            return moved
        return moved % self.length if self.loop else min(moved, self.length)

    def view(self, now: float) -> PlayerState:
        """What faces see."""
        return PlayerState(
            playing=self.playing,
            key=self.source.key if self.source else None,
            position=self.position_at(now),
            length=self.length,
            route=self.route,
            error=self.error,
            loop=self.loop,
            gain=self.gain,
            other=self.other.key if self.other else None,
            side=self.side,
            matched=self.matched,
            matches=self.matches,
            following=tuple(source.key for source in self.following),
        )

    # Wishes that start and stop sound

    def play(self, source: Source, at: float, following: tuple[Source, ...] = ()) -> Deck:
        """Another clip, or the same one again, from ``at`` on; then those that follow."""
        deck = replace(self, source=source, following=following)
        if source != self.source:
            fresh = replace(deck, other=self.source)
            deck = replace(fresh, length=0.0, side="", matched=0.0)
        return deck._standing(Playing.LOADING, at)  # noqa: SLF001  # a deck like this one

    def pause(self, now: float) -> Deck:
        """Hold the playhead where it is; only while there is sound, or about to be."""
        if self.playing not in _SOUNDING:
            return self
        return self._standing(Playing.PAUSED, self.position_at(now))

    def resume(self) -> Deck:
        """Go on after a pause."""
        if self.playing is not Playing.PAUSED:
            return self
        return self._standing(Playing.LOADING, self.position)

    def toggle(self, now: float) -> Deck:
        """Pause or go on; a clip that stands still starts, from the beginning if it had ended."""
        if self.playing in _SOUNDING:
            return self.pause(now)
        if self.source is None:
            return self
        return self._standing(Playing.LOADING, 0.0 if self._has_ended else self.position)

    def seek(self, position: float) -> Deck:
        """Move the playhead; sound goes on from there if there was sound."""
        if self.source is None:
            return self
        if self.playing in _SOUNDING:
            return self._standing(Playing.LOADING, position)
        return self._standing(self.playing, position)

    def nudge(self, seconds: float, now: float) -> Deck:
        """Move the playhead from where it is."""
        return self.seek(self.position_at(now) + seconds)

    def stop(self) -> Deck:
        """Silence, with the playhead at the beginning; nothing follows."""
        return replace(self._standing(Playing.STOPPED, 0.0), following=())

    # Wishes that change the sound and leave it on

    def looped(self, now: float, *, on: bool) -> Deck:
        """Begin anew at the end of the clip, or no longer."""
        return self if on == self.loop else replace(self._going_on(now), loop=on)

    def amplified(self, gain: float, now: float) -> Deck:
        """Be louder or softer by so many dB than the clip is, within the bounds."""
        gain = min(max(gain, LOWEST_GAIN), HIGHEST_GAIN)
        return self if gain == self.gain else replace(self._going_on(now), gain=gain)

    def matching(self, now: float, *, on: bool) -> Deck:
        """Let sides be as loud as each other, or as loud as their files are."""
        if on == self.matches:
            return self
        return replace(self._going_on(now), matches=on, matched=0.0)

    def swapped(self, source: Source | None, now: float) -> Deck:
        """Go over to the other side at the same position; a source is put there before."""
        target = source or self.other
        if target is None or target == self.source:
            return self
        if self.source is None:
            return self.play(target, 0.0)
        going_on = replace(self, position=0.0) if self._has_ended else self._going_on(now)
        return replace(
            going_on,
            source=target,
            other=self.source,
            side="A" if self.side == "B" else "B",
            length=0.0,
            matched=0.0,
            following=(),
        )

    def queued(self, sources: tuple[Source, ...]) -> Deck:
        """Let these follow what plays; where nothing does, play them."""
        if not sources or self.playing is not Playing.STOPPED:
            return replace(self, following=self.following + sources)
        return self.play(sources[0], 0.0, sources[1:])

    def taken_over(self, source: Source, now: float) -> Deck:
        """Let another clip take the place of this one where it is, as loud as it is."""
        if self.playing not in _SOUNDING:
            return self.play(source, self.position)
        going_on = replace(self._going_on(now), source=source, other=None, side="", matched=0.0)
        return replace(going_on, length=0.0, following=())

    def followed(self, key: str, sources: tuple[Source, ...]) -> Deck:
        """Let these follow the clip of that key, if it is the last that is to be heard."""
        last = self.following[-1] if self.following else self.source
        if last is None or last.key != key or self.playing is Playing.STOPPED:
            return self
        return replace(self, following=self.following + sources)

    def alone(self, now: float) -> Deck:
        """Let nothing follow any more."""
        return replace(self._going_on(now), following=()) if self.following else self

    # Answers

    def loaded(self, take: int, length: float, matched: float = 0.0) -> Deck:
        """The clip was read, and its level compared with that of the other side."""
        if take != self.take:
            return self
        position = self.position if self.since is not None else min(self.position, length)
        return replace(self, length=length, matched=matched, position=position)

    def started(self, take: int, when: float, position: float | None) -> Deck:
        """Sound comes out, at ``when`` that of ``position``; None: it goes on as before."""
        if take != self.take or self.playing not in _SOUNDING:
            return self
        if position is None:
            return self
        return replace(self, playing=Playing.PLAYING, position=position, since=when)

    def slipped(self, take: int, seconds: float) -> Deck:
        """For some seconds nothing was heard where it should have been."""
        if take != self.take or self.since is None:
            return self
        return replace(self, since=self.since + seconds)

    def turned(self, when: float, length: float) -> Deck:
        """The sound has gone on to what follows, which is heard since ``when``."""
        first, *rest = self.following
        fresh = replace(self, source=first, other=self.source, side="", matched=0.0)
        return replace(fresh, following=tuple(rest), length=length, position=0.0, since=when)

    def held(self, take: int, position: float) -> Deck:
        """Sound waits at ``position`` for samples that are on their way."""
        if take != self.take or self.playing not in _SOUNDING:
            return self
        return replace(self, playing=Playing.LOADING, position=position, since=None)

    def ended(self, take: int) -> Deck:
        """The whole clip was heard: what follows is next, or it again; else the playhead stays."""
        if take != self.take or self.playing not in _SOUNDING:
            return self
        if self.loop and self.since is not None:
            return self._standing(Playing.LOADING, 0.0)
        if self.following:
            return self.play(self.following[0], 0.0, self.following[1:])
        return replace(self, playing=Playing.STOPPED, position=self.length, since=None)

    def skipped(self, error: str) -> Deck:
        """What was to follow can't be played."""
        return replace(self, following=self.following[1:], error=error)

    def broken(self, take: int, error: str | None, now: float) -> Deck:
        """Sound broke off, and is to go on from there; ``error`` is told."""
        if take != self.take or self.playing not in _SOUNDING:
            return self
        position = self.position_at(now)
        return replace(self, playing=Playing.LOADING, position=position, since=None, error=error)

    def failed(self, take: int, error: str, now: float) -> Deck:
        """The wish can't be granted; the playhead stays where sound broke off."""
        if take != self.take:
            return self
        position = self.position_at(now)
        return replace(self, playing=Playing.STOPPED, position=position, since=None, error=error)

    def routed(self, route: Route | None) -> Deck:
        """The way out was chosen, or is open again."""
        return replace(self, route=route)

    @property
    def _has_ended(self) -> bool:
        is_at_end = self.length > 0 and self.position >= self.length
        return is_at_end and self.playing is Playing.STOPPED

    def _standing(self, playing: Playing, position: float) -> Deck:
        position = max(0.0, float(position))
        return replace(
            self,
            playing=playing,
            position=min(position, self.length) if self.length else position,
            since=None,
            error=None,
            take=self.take + 1,
        )

    def _going_on(self, now: float) -> Deck:
        """The same with a new number, if there is sound that must be told of a change."""
        if self.playing not in _SOUNDING:
            return replace(self, error=None)
        position = self.position_at(now)
        since = None if self.since is None else now
        return replace(self, position=position, since=since, error=None, take=self.take + 1)
