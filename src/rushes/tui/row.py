"""One generation drawn as one row of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.generation import HIGHEST_RATING, Generation, Status
from rushes.domain.waveform import SILENCE, sparkline
from rushes.domain.wordless import in_place_of_text
from rushes.tui.paint import Line
from rushes.words import when
from rushes.words.cells import fit, right, shorten

if TYPE_CHECKING:
    from datetime import datetime

    from textual.strip import Strip

    from rushes.domain.takes import Fold
    from rushes.tui.colours import Colours
    from rushes.tui.row_look import Canvas, Look


_MANY = 1_000
"""Takes from which on they are told in thousands."""


def draw(generation: Generation, canvas: Canvas, look: Look, now: datetime) -> Strip:
    """Draw the row in exactly ``canvas.width`` cells; ``now`` is for clocks and running times."""
    colours, columns = canvas.colours, canvas.columns
    line = Line(
        colours, colours.raised if look.cursor else None, bold=look.cursor and _flat(colours)
    )
    _draw_prefix(line, generation, canvas, look)
    gap = " " * columns.gap
    if columns.fold:
        line.add(*_fold(look.fold, canvas)).add(gap)
    if columns.time:
        made = when.moment(generation.created_at, now, columns.time)
        line.add(right(made, columns.time) + gap, colours.grey)
    name = "no profile" if generation.profile_missing else generation.profile_name
    line.add(fit(name, columns.profile) + gap, colours.of_profile(generation.profile_id))
    _draw_wave(line, generation, canvas, look, now)
    line.add(gap + right(when.length(generation.duration), columns.length) + gap, colours.grey)
    if columns.rating:
        star = "*" if canvas.ascii else "★"
        line.add(f"{star * (generation.rating or 0):<{columns.rating}}{gap}", colours.gold)
    _draw_text(line, generation, canvas, look)
    if columns.engine:
        line.add(gap + shorten(generation.engine_name, columns.engine), colours.faint)
    return line.strip(canvas.width)


def draw_absent(canvas: Canvas, cursor: bool) -> Strip:
    """Draw a row that is still to come: dim dots in the waveform's place."""
    colours, columns = canvas.colours, canvas.columns
    line = Line(colours, colours.raised if cursor else None)
    line.add(("|" if canvas.ascii else "▌") if cursor else " ", colours.amber)
    line.add(
        " " * (columns.before_wave - 1) + ("." if canvas.ascii else SILENCE) * columns.wave,
        colours.faint,
    )
    return line.strip(canvas.width)


def _flat(colours: Colours) -> bool:
    """Tell whether the cursor's row can't have a ground of its own, so that it must be bold."""
    return colours.raised == colours.ground


def _draw_prefix(line: Line, generation: Generation, canvas: Canvas, look: Look) -> None:
    colours = canvas.colours
    bar, mark, heart = ("|", "#", "v") if canvas.ascii else ("▌", "◆", "♥")
    line.add(bar if look.cursor else " ", colours.amber)
    line.add(mark if look.marked else " ", colours.amber)
    glyph, colour = _state(generation, canvas, look)
    line.add(glyph + " ", colour)
    line.add((heart if generation.is_favorited else " ") + " ", colours.rose)


def _fold(fold: Fold, canvas: Canvas) -> tuple[str, str]:
    """Give of how many takes the row is, and whether they follow: ``×4``, ``▾4``."""
    colours, width = canvas.colours, canvas.columns.fold
    if fold.member:
        return f"{'|' if canvas.ascii else '│':<{width}}", colours.faint
    if fold.takes == 1:
        return " " * width, colours.grey
    closed, opened = ("x", "-") if canvas.ascii else ("×", "▾")
    takes = str(fold.takes) if fold.takes < _MANY else f"{min(fold.takes // 1_000, 99)}k"
    return f"{opened if fold.opened else closed}{takes:<{width - 1}}", (
        colours.amber if fold.opened else colours.grey
    )


def _state(generation: Generation, canvas: Canvas, look: Look) -> tuple[str, str]:
    colours = canvas.colours
    if look.playing:
        return (("=" if look.paused else ">") if canvas.ascii else "‖" if look.paused else "▶"), (
            colours.amber
        )
    if generation.status is Status.FAILED:
        return ("x" if canvas.ascii else "✗"), colours.rose
    if generation.status.is_running:
        return ("o" if canvas.ascii else "◌"), colours.gold
    if generation.fault is not None:
        return "!", colours.rose
    if generation.flags:
        return ("?" if canvas.ascii else "⚑"), colours.gold
    return " ", colours.ink


def _draw_wave(
    line: Line, generation: Generation, canvas: Canvas, look: Look, now: datetime
) -> None:
    colours, width = canvas.colours, canvas.columns.wave
    if generation.status.is_running:
        verb = "running " if width > 14 else ""
        line.add(fit(f"{verb}{when.since(generation.created_at, now)}", width), colours.gold)
        return
    if generation.vanished_at is not None and not look.playing:
        line.add(fit(_dotted("gone there", width, canvas), width), colours.grey)
        return
    if generation.fault is not None:
        line.add(fit(_dotted(generation.fault.value, width, canvas), width), colours.rose)
        return
    if generation.facts is None:
        failed = generation.status is Status.FAILED
        word = _dotted("failed", width, canvas) if failed else "no audio"
        line.add(fit(word, width), colours.rose if failed else colours.grey)
        return
    cells = sparkline(generation.facts.waveform, width, ascii=canvas.ascii)
    cut = min(width, round(look.played * width)) if look.playing else 0
    line.add(cells[:cut], colours.amber).add(cells[cut:], colours.blue)


def _dotted(word: str, width: int, canvas: Canvas) -> str:
    """Give a fault between dots, where there is room for them."""
    dotted = f"· {word} ·"
    return word if canvas.ascii or len(dotted) > width else dotted


def _draw_text(line: Line, generation: Generation, canvas: Canvas, look: Look) -> None:
    colours, width = canvas.colours, canvas.columns.text
    if generation.status is Status.FAILED and generation.error:
        line.add(fit(generation.error[: width * 2], width), colours.grey)
    elif generation.status.is_running:
        line.add(fit(generation.text[: width * 2], width), colours.grey)
    elif generation.text.strip():
        # Beneath the first of an opened fold it says the same again.
        colour = colours.grey if look.fold.member else None
        line.add(fit(generation.text[: width * 2], width), colour)
    else:
        line.add(fit(in_place_of_text(generation), width), colours.grey)


def stars(rating: int | None, *, ascii: bool = False) -> str:  # noqa: A002  # the flag's name everywhere
    """Give a rating as full and empty stars; empty text for none."""
    if rating is None:
        return ""
    full, empty = ("*", ".") if ascii else ("★", "☆")
    return full * rating + empty * (HIGHEST_RATING - rating)
