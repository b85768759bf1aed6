"""One line of an item's box on the timeline: its words, or a row of its waveform."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.domain.braille import CORE, SILENCE, DrawnRow, braille, plain
from rushes.domain.part_of_wave import part_of_wave
from rushes.tui.shade import bright, dimmed, tinted
from rushes.words.cells import fit, shorten
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from rushes.domain.envelope import Envelope
    from rushes.tui.colours import Colours
    from rushes.tui.paint import Line
    from rushes.tui.piece import Piece

_HEAD, _BODY = 0.26, 0.11
"""How much of the voice's colour lies under its words, and under its waveform."""

_GREY_HEAD = 0.1
"""The same with greys alone, as 256 colours have no dark shades of a colour."""

_NAMED = 16
"""Cells of words from which on the voice is named before them."""

_OWN_ROW, _TWO_ROWS = 5, 7
"""Lines of a track from which on the words have a row of their own beneath the voice, or two."""


@dataclass(frozen=True, slots=True)
class Box:
    """What of a piece is drawn: its cells ``first`` to ``last`` of ``whole``, ``height`` lines."""

    piece: Piece
    first: int
    last: int
    whole: int
    height: int
    chosen: bool

    @property
    def heads(self) -> int:
        """How many of its lines are words."""
        return heads_of(self.height)


def heads_of(height: int) -> int:
    """Give how many of a track's lines are words; a bar beside them tells which is chosen."""
    return 1 + (height >= _OWN_ROW) + (height >= _TWO_ROWS)


@dataclass(frozen=True, slots=True)
class Pens:
    """What boxes are drawn with; without ``tints`` dark shades of a colour would come out black."""

    colours: Colours
    plain: bool
    tints: bool = True

    def beneath(self, voice: str, *, head: bool) -> str:
        """Give the ground under a voice's words, or under its waveform."""
        colours = self.colours
        if self.tints:
            return tinted(colours.ground, voice, _HEAD if head else _BODY)
        return tinted(colours.raised, colours.ink, _GREY_HEAD if head else 0.0)


@dataclass(frozen=True, slots=True)
class _Tint:
    """A voice's colour, and what lies beneath it."""

    voice: str
    back: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a clip, as it is drawn in so many cells."""

    waveform: bytes | Envelope
    begins: float
    ends: float
    width: int
    height: int
    volume: float
    plain: bool


def draw_row(line: Line, box: Box, row: int, pens: Pens) -> Line:
    """Add row ``row`` of a box, exactly ``last - first`` cells."""
    colours, piece = pens.colours, box.piece
    voice = colours.grey if piece.gap else colours.of_profile(piece.profile_id)
    is_head = row == 0
    back = colours.ground if piece.gap else pens.beneath(voice, head=is_head)
    room = box.last - box.first
    if box.first == 0 and room > 0:
        is_marked = box.chosen and row < box.heads
        edge = ("▌", ">") if is_marked else ("▏", "|")
        edge_colour = colours.amber if is_marked else colours.rose if piece.gap else voice
        line.add(edge[pens.plain], edge_colour, back=back)
        room -= 1
    if room < 1:
        return line
    if is_head and box.chosen:
        return _chosen_head(line, box, voice, room, pens)
    if is_head:
        return _head(line, box, _Tint(voice, back), room, pens)
    if piece.gap:
        return line.add(("╱", "/")[pens.plain] * room, colours.faint, back=back)
    if row < box.heads:
        lines = wrap(piece.text[: 8 * room], room, box.heads - 1)
        text = lines[row - 1] if row <= len(lines) else ""
        return line.add(fit(text, room), colours.ink, back=back)
    return _wave(line, box, row - box.heads, _Tint(voice, back), pens)


def _words(box: Box, room: int, pens: Pens) -> tuple[str, str]:
    """Give the voice and the words that there is room for in the first row."""
    piece = box.piece
    pin = ("◆ ", "* ")[pens.plain] if piece.pinned else ""
    if piece.gap:
        return f"{piece.gap}  ", piece.text
    if box.heads > 1:
        return f"{pin}{piece.name}", ""
    return (f"{pin}{piece.name}  ", piece.text) if room >= _NAMED else (pin, piece.text)


def _chosen_head(line: Line, box: Box, voice: str, room: int, pens: Pens) -> Line:
    """Draw the words the other way round: on the voice's colour."""
    colours = pens.colours
    name, text = _words(box, room, pens)
    said = fit(f"{name}{text[: 4 * room]}", room)
    if colours.is_terminal:  # whose colours we don't know: nothing is sure to be read on them
        return line.add(said, colours.amber, bold=True)
    return line.add(said, colours.ground, bold=True, back=voice)


def _head(line: Line, box: Box, tint: _Tint, room: int, pens: Pens) -> Line:
    colours, voice, back = pens.colours, tint.voice, tint.back
    name, text = _words(box, room, pens)
    colour = colours.rose if box.piece.gap else voice
    said = shorten(name, room) if cell_len(name.rstrip()) > room else name
    line.add(said, colour, bold=not box.piece.gap, back=back)
    rest = room - cell_len(said)
    ink = colours.grey if box.piece.gap else colours.ink
    return line.add(fit(text[: 4 * rest], rest) if rest > 0 else "", ink, back=back)


def _wave(line: Line, box: Box, row: int, tint: _Tint, pens: Pens) -> Line:
    piece, colours, back = box.piece, pens.colours, tint.back
    each = (piece.ends - piece.begins) / box.whole
    part = _Part(
        piece.waveform,
        piece.begins + each * box.first,
        piece.begins + each * box.last,
        box.last - box.first,
        box.height - box.heads,
        piece.volume,
        pens.plain,
    )
    drawn = _drawn(part)[row]
    at = 1 if box.first == 0 else 0  # the edge stands there
    edge = dimmed(tint.voice, back)
    shades = {CORE: bright(colours, tint.voice), SILENCE: edge}
    for kind, run in groupby(drawn.kinds[at:]):
        end = at + len(list(run))
        line.add(drawn.text[at:end], shades.get(kind, edge), back=back)
        at = end
    return line


@lru_cache(maxsize=512)
def _drawn(part: _Part) -> tuple[DrawnRow, ...]:
    """Draw a part of a clip to the fixed scale; what was drawn before is kept."""
    columns = part.width if part.plain else 2 * part.width
    wave = part_of_wave(part.waveform, part.begins, part.ends, columns, gain=part.volume)
    return (plain if part.plain else braille)(wave, part.width, part.height)
