"""The waveform of the detail, with a line beneath it: position, length, peak and clipping."""

from __future__ import annotations

from array import array
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region

from rushes.domain import times
from rushes.domain.envelope import Envelope
from rushes.domain.generation import Generation, Status
from rushes.domain.quality import QualityFlag
from rushes.domain.quality_words import Finding, findings
from rushes.domain.waveform import unpack
from rushes.playback.state import PlayerState, Playing
from rushes.tui import particulars
from rushes.tui.widgets.large_wave import LargeWave
from rushes.tui.widgets.part import MARGIN, Part
from rushes.words import when
from rushes.words.cells import shorten
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from textual.timer import Timer

    from rushes.tui.paint import Line


class WavePart(Part, LargeWave):
    """The large waveform; where there is no audio, why there is none."""

    indent = MARGIN
    foot = 1

    def __init__(self) -> None:
        super().__init__(id="wave")
        self._generation: Generation | None = None
        self._label = ""
        self._fault = ""
        self._clipped = ""
        self._findings: tuple[Finding, ...] = ()
        self._position: float | None = None
        self._length = 0.0
        self._seconds: Timer | None = None

    def on_mount(self) -> None:
        """Begin counting the seconds of what is running, while it is shown."""
        self._seconds = self.set_interval(1.0, self._count_seconds, pause=True)
        self._watch_running()

    # What is shown

    def show_generation(self, generation: Generation, label: str = "") -> None:
        """Show a generation, its small waveform at first; ``label`` names a version of it."""
        before, self._generation = self._generation, generation
        self._label, self._fault = label, ""
        facts = generation.facts
        if facts is None:
            self._envelope = None
        elif before is None or before.facts != facts or self._envelope is None:
            self._envelope = small_envelope(generation)
            self._clipped = ""
        self._length = facts.duration if facts is not None else 0.0
        self._findings = findings(generation.flags, facts, generation.text)
        self.mark(parts_of(self._findings, self._length))
        self._watch_running()
        self.redraw()

    def show(self, envelope: Envelope) -> None:
        """Draw what was measured in the file itself."""
        self._clipped = clipped_in_words(envelope)
        super().show(envelope)

    def say_fault(self, fault: str) -> None:
        """Say why the audio can't be shown."""
        self._envelope, self._fault = None, fault
        self.redraw()

    def show_playing(self, state: PlayerState, key: str) -> None:
        """Move the playhead where ``key`` is what plays; repaints nothing but what changes."""
        on = state.key == key and state.playing is not Playing.STOPPED
        old, self._position = self._position, state.position if on else None
        length = state.length or self._length
        self.playhead(state.position / length if on and length else None)
        if _tenth(old) != _tenth(self._position):
            same = (old is None) == (self._position is None)
            self.refresh(self._foot_area(len(_tenth(self._position)) if same else None))

    @property
    def is_long_fault(self) -> bool:
        """Tell whether what stands in the waveform's place doesn't fit there."""
        generation = self._generation
        return generation is not None and bool(generation.error) and self._envelope is None

    # Being a part

    @property
    def hint(self) -> str:
        """Say what the keys do here."""
        generation = self._generation
        if generation is None or not generation.is_playable:
            return f"{self.key('open_part')} reads the error" if self.is_long_fault else ""
        return f"{self.key('play')} plays"

    def marks(self) -> list[Region]:
        """The bar, and the line beneath."""
        return [Region(0, 0, 1, self.size.height), self._foot_area(None)]

    # Drawing

    def draw(self, y: int) -> Line | None:
        """Draw a row of the waveform, or the line beneath."""
        if y == self._height:
            return self._foot()
        if self._envelope is None:
            return self._instead(y)
        line = self.bar(self.line()).add(" ")
        return self.row(line, y)

    def _instead(self, y: int) -> Line:
        """Draw what stands in the waveform's place, from the middle on where it is one line."""
        line = self.bar(self.line()).add(" ")
        generation, colours = self._generation, self.colours
        if generation is None:
            return line
        text, colour = self._why(generation)
        lines = wrap(text, max(1, self._width), max(1, self._height))
        index = y - (self._height - len(lines)) // 2
        return line.add(lines[index] if 0 <= index < len(lines) else "", colour or colours.grey)

    def _why(self, generation: Generation) -> tuple[str, str]:
        colours = self.colours
        if generation.status.is_running:
            loading = generation.status is Status.LOADING_MODEL
            verb = "loading the model" if loading else "running"
            return f"{verb}   {when.since(generation.created_at, times.now())}", colours.gold
        if self._fault:
            return self._fault, colours.rose
        if generation.status is Status.FAILED:
            cross = "x" if self.is_ascii else "✗"
            return f"{cross} failed: {generation.error or 'no reason given'}", colours.rose
        return "no audio", colours.grey

    def _foot(self) -> Line:
        colours, generation = self.colours, self._generation
        line = self.bar(self.line()).add(" ")
        if generation is None:
            return line
        if self._envelope is None:
            return line.add(self.hint if self.chosen else "", colours.grey)
        room = self._width
        facts = generation.facts
        loudest = f"peak {particulars.peak(facts)}" if facts is not None else ""
        now = "" if self._position is None else _tenth(self._position)
        total = f"{' / ' if now else ''}{when.playhead(self._length)}"
        line.add(now, colours.amber, bold=True).add(total, colours.grey)
        room -= len(now) + len(total)
        for text, colour in self._remarks():
            said = shorten(f"   {text}", room) if text else ""
            line.add(said, colour)
            room -= cell_len(said)
        if len(loudest) + 3 <= room:
            line.add(" " * (room - len(loudest))).add(loudest, colours.grey)
        return line

    def _remarks(self) -> list[tuple[str, str]]:
        colours = self.colours
        return [
            (self._label, colours.teal),
            (self._clipped, colours.rose),
            (self.hint if self.chosen else "", colours.grey),
            (self._found(), colours.gold),
        ]

    def _found(self) -> str:
        """Say what else is wrong with it; where, is marked in the waveform."""
        return ", ".join(
            finding.told
            for finding in self._findings
            if finding.flag is not QualityFlag.CLIPPED or not self._clipped
        )

    def _foot_area(self, width: int | None) -> Region:
        whole = max(0, self.size.width - 1)
        return Region(1, self._height, whole if width is None else width + 1, 1)

    # The seconds of what is running

    def _watch_running(self) -> None:
        if self._seconds is None:
            return
        generation = self._generation
        if generation is not None and generation.status.is_running:
            self._seconds.resume()
        else:
            self._seconds.pause()

    def _count_seconds(self) -> None:
        if self.is_on_screen and self._envelope is None:
            middle = (self._height - 1) // 2
            self.refresh(Region(MARGIN, middle, min(32, self._width), 1))


def small_envelope(generation: Generation) -> Envelope | None:
    """Give the envelope that the row holds, to be drawn until the file itself has been read."""
    facts = generation.facts
    if facts is None:
        return None
    small = unpack(facts.waveform)
    lanes = 2 if facts.channels == 2 else 1
    peaks = array("f", small.peak)
    return Envelope(
        sample_rate=facts.sample_rate,
        frames=facts.frames,
        minima=(array("f", (-value for value in peaks)),) * lanes,
        maxima=(peaks,) * lanes,
        rms=(array("f", small.rms),) * lanes,
        clipped=(bytes(len(peaks)),) * lanes,
    )


def clipped_in_words(envelope: Envelope) -> str:
    """Say where it is clipped: ``clipped at 0:01.2``, ``clipped in 3 places from 0:01.2 on``."""
    if not envelope.buckets:
        return ""
    together = [any(column) for column in zip(*envelope.clipped, strict=True)]
    places = sum(1 for clipped, _ in groupby(together) if clipped)
    if not places:
        return ""
    first = when.playhead(together.index(True) / envelope.buckets * envelope.duration)
    return f"clipped at {first}" if places == 1 else f"clipped in {places} places from {first} on"


def parts_of(found: tuple[Finding, ...], length: float) -> tuple[tuple[float, float], ...]:
    """The parts of the waveform that findings are about; clipping is marked where it is."""
    return tuple(
        (finding.begins / length, finding.ends / length)
        for finding in found
        if finding.begins is not None
        and finding.ends is not None
        and finding.flag is not QualityFlag.CLIPPED
        and length
    )


def _tenth(position: float | None) -> str:
    return "" if position is None else when.playhead(position)
