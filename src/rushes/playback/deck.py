"""The deck: what the player means to do, as a value, and how wishes and answers change it.

No threads, no clock, no sound: time comes as an argument, in seconds of ``time.monotonic()``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rushes.playback.clip import Source
from rushes.playback.state import PlayerState, Playing, Route


@dataclass(frozen=True, slots=True)
class Deck:
    """The clip, the playhead, and the number of the newest wish.

    ``position`` in seconds is where the playhead stands, or stood at ``since`` when it moves.
    ``take`` numbers the wishes that start or stop sound: an answer that bears an older number
    comes too late. ``length`` in seconds is 0 until the clip has been read.
    """

    playing: Playing = Playing.STOPPED
    source: Source | None = None
    length: float = 0.0
    position: float = 0.0
    since: float | None = None
    route: Route | None = None
    error: str | None = None
    take: int = 0

    def position_at(self, now: float) -> float:
        """Where the playhead is; never past the end of a clip whose length is known."""
        moved = self.position if self.since is None else self.position + max(0.0, now - self.since)
        return min(moved, self.length) if self.length else moved

    def view(self, now: float) -> PlayerState:
        """What faces see."""
        return PlayerState(
            playing=self.playing,
            key=self.source.key if self.source else None,
            position=self.position_at(now),
            length=self.length,
            route=self.route,
            error=self.error,
        )

    # Wishes

    def play(self, source: Source, at: float) -> Deck:
        """Another clip, or the same one again, from ``at`` on."""
        length = self.length if source == self.source else 0.0
        return self._standing(Playing.LOADING, at, source=source, length=length)

    def pause(self, now: float) -> Deck:
        """Hold the playhead where it is; only while there is sound, or about to be."""
        if self.playing not in (Playing.PLAYING, Playing.LOADING):
            return self
        return self._standing(Playing.PAUSED, self.position_at(now))

    def resume(self) -> Deck:
        """Go on after a pause."""
        if self.playing is not Playing.PAUSED:
            return self
        return self._standing(Playing.LOADING, self.position)

    def toggle(self, now: float) -> Deck:
        """Pause or go on; a clip that stands still starts, from the beginning if it had ended."""
        if self.playing in (Playing.PLAYING, Playing.LOADING):
            return self.pause(now)
        if self.source is None:
            return self
        ended = self.length > 0 and self.position >= self.length
        return self._standing(Playing.LOADING, 0.0 if ended else self.position)

    def seek(self, position: float) -> Deck:
        """Move the playhead; sound goes on from there if there was sound."""
        if self.source is None:
            return self
        if self.playing in (Playing.PLAYING, Playing.LOADING):
            return self._standing(Playing.LOADING, position)
        return self._standing(self.playing, position)

    def nudge(self, seconds: float, now: float) -> Deck:
        """Move the playhead from where it is."""
        return self.seek(self.position_at(now) + seconds)

    def stop(self) -> Deck:
        """Silence, with the playhead at the beginning."""
        return self._standing(Playing.STOPPED, 0.0)

    # Answers

    def loaded(self, take: int, length: float) -> Deck:
        """The clip was read."""
        if take != self.take:
            return self
        return replace(self, length=length, position=min(self.position, length))

    def started(self, take: int, when: float) -> Deck:
        """Sound comes out since ``when``."""
        if take != self.take or self.playing is not Playing.LOADING:
            return self
        return replace(self, playing=Playing.PLAYING, since=when)

    def held(self, take: int, position: float) -> Deck:
        """Sound waits at ``position`` for samples that are on their way."""
        if take != self.take or self.playing not in (Playing.PLAYING, Playing.LOADING):
            return self
        return replace(self, playing=Playing.LOADING, position=position, since=None)

    def ended(self, take: int) -> Deck:
        """The whole clip was heard; the playhead stays at the end."""
        if take != self.take or self.playing not in (Playing.PLAYING, Playing.LOADING):
            return self
        return replace(self, playing=Playing.STOPPED, position=self.length, since=None)

    def failed(self, take: int, error: str, now: float) -> Deck:
        """The wish can't be granted; the playhead stays where sound broke off."""
        if take != self.take:
            return self
        position = self.position_at(now)
        return replace(self, playing=Playing.STOPPED, position=position, since=None, error=error)

    def routed(self, route: Route | None) -> Deck:
        """The way out was chosen, or is open again."""
        return replace(self, route=route)

    def _standing(
        self,
        playing: Playing,
        position: float,
        *,
        source: Source | None = None,
        length: float | None = None,
    ) -> Deck:
        length = self.length if length is None else length
        position = max(0.0, float(position))
        return Deck(
            playing=playing,
            source=source or self.source,
            length=length,
            position=min(position, length) if length else position,
            route=self.route,
            take=self.take + 1,
        )
