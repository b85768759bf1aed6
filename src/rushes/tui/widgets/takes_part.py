"""The other takes of the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain import times
from rushes.domain.generation import Generation, Status
from rushes.domain.waveform import SILENCE, sparkline
from rushes.tui.widgets.part import ListPart
from rushes.words import when
from rushes.words.cells import fit, right

if TYPE_CHECKING:
    from rushes.tui.paint import Line

_LENGTH = 6
_STARS = 5


class TakesPart(ListPart):
    """A row for each other take, the newest first."""

    name_shown = "other takes"

    def __init__(self) -> None:
        super().__init__(id="takes")
        self._takes: tuple[Generation, ...] = ()
        self._playing: str | None = None

    @property
    def count(self) -> int:
        """How many other takes there are."""
        return len(self._takes)

    @property
    def shown(self) -> tuple[Generation, ...]:
        """The other takes."""
        return self._takes

    @property
    def current(self) -> Generation | None:
        """The selected take."""
        return self._takes[self.selected] if self._takes else None

    @property
    def hint(self) -> str:
        """Say what the keys do here."""
        if not self._takes:
            return ""
        opens = f"{self.key('open_part')} opens it, {self.key('compare')} compares it, "
        return f"{opens if self.size.width >= 60 else ''}keys act on this take"

    def show(self, takes: tuple[Generation, ...]) -> None:
        """Show other takes; what was selected stays selected."""
        if takes == self._takes:
            return
        kept = self.current.id if self.current is not None else None
        self._takes = takes
        ids = [take.id for take in takes]
        self.changed(ids.index(kept) if kept in ids else 0)

    def replace(self, changed: tuple[Generation, ...]) -> None:
        """Show changed takes in their places."""
        newer = {take.id: take for take in changed}
        takes = tuple(newer.get(take.id, take) for take in self._takes)
        for index, (before, after) in enumerate(zip(self._takes, takes, strict=True)):
            if before != after:
                self._takes = takes
                self.refresh_row(index)

    def show_playing(self, generation_id: str | None) -> None:
        """Mark the take that is heard."""
        if generation_id != self._playing:
            before, self._playing = self._playing, generation_id
            for index, take in enumerate(self._takes):
                if take.id in (before, generation_id):
                    self.refresh_row(index)

    def row(self, index: int, line: Line) -> Line:
        """Add a take to the line."""
        take, colours, width = self._takes[index], self.colours, self.size.width
        play, heart = (">", "v") if self.is_ascii else ("▶", "♥")
        line.add(play if take.id == self._playing else " ", colours.amber)
        line.add(f"{heart if take.is_favorited else ' '} ", colours.rose)
        time, engine = (8, 15) if width >= 50 else (6, 0)
        made = when.moment(take.created_at, times.now(), time)
        line.add(right(made, time) + "  ", colours.grey)
        if engine:
            line.add(fit(take.engine_name, engine - 1) + " ")
        used = 4 + time + 2 + engine + 1 + _LENGTH + 2 + _STARS + 1
        self._wave(line, take, max(4, min(24, width - used)))
        star = "*" if self.is_ascii else "★"
        line.add(f" {right(when.length(take.duration), _LENGTH)}  ", colours.grey)
        return line.add(star * (take.rating or 0), colours.gold)

    def _wave(self, line: Line, take: Generation, width: int) -> None:
        colours = self.colours
        if take.fault is not None:
            line.add(fit(take.fault.value, width), colours.rose)
        elif take.facts is not None:
            cells = sparkline(take.facts.waveform, width, ascii=self.is_ascii)
            for cell in cells:
                line.add(cell, colours.faint if cell == SILENCE else colours.blue)
        elif take.status is Status.FAILED:
            line.add(fit("failed", width), colours.rose)
        else:
            line.add(fit("running" if take.status.is_running else "–", width), colours.gold)
