"""A comparison of generations as lines that people read, on a screen or as a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.domain.difference import ABSENT
from rushes.domain.ids import SHORT
from rushes.domain.text import one_line
from rushes.words import when
from rushes.words.cells import fit, shorten
from rushes.words.snapshot import named_in_words

if TYPE_CHECKING:
    from rushes.domain.difference import Comparison, Differing, Measure

SAME = "settings and parameters are the same"
NOT_THERE = "not there"

_WIDEST_LABEL = 30
NAMES = {
    "model_size": "model size",
    "sample_rate": "sample rate",
    "lufs": "loudness",
    "true_peak": "true peak",
}

_Row = tuple[str, Sequence[str]]


def in_lines(comparison: Comparison, width: int, *, ascii: bool) -> list[str]:  # noqa: A002  # the flag's name everywhere
    """Give it in lines of ``width`` cells: what differs, by name, and what was measured.

    Of two generations what was and what is stand on one line where that has the room.
    """
    ids = [take.id[:SHORT] for take in comparison.takes]
    groups = [
        ("settings", [_differing(one, ascii=ascii) for one in comparison.settings]),
        ("parameters", [_differing(one, ascii=ascii) for one in comparison.params]),
        ("measured", [*(_measured(one) for one in comparison.measures), *_flagged(comparison)]),
    ]
    rows = [row for _, group in groups for row in group]
    label = min(_WIDEST_LABEL, max((cell_len(one_line(name)) for name, _ in rows), default=0))
    arrow = "->" if ascii else "→"
    lines = [] if comparison.settings or comparison.params else [SAME, ""]
    for heading, group in groups:
        if group:
            lines.append(heading)
            for name, values in group:
                lines += _row(f"  {fit(name, label)}  ", values, ids, width, arrow)
            lines.append("")
    return lines[:-1]


def _row(
    label: str, values: Sequence[str], ids: Sequence[str], width: int, arrow: str
) -> Iterator[str]:
    if len(set(values)) == 1 and values[0]:
        yield shorten(f"{label}{values[0]}", width)
        return
    beside = f"{label}{f' {arrow} '.join(one_line(value) for value in values)}"
    if len(values) == 2 and cell_len(beside) <= width:
        yield shorten(beside, width)
        return
    yield label.rstrip()
    for identity, value in zip(ids, values, strict=True):
        yield shorten(f"    {identity}  {one_line(value)}", width)


def _differing(one: Differing, *, ascii: bool) -> _Row:  # noqa: A002  # the flag's name everywhere
    said = [
        NOT_THERE if value is ABSENT else named_in_words(one.path, value, plain=ascii)
        for value in one.values
    ]
    lists = [value for value in one.values if isinstance(value, list)]
    if len(set(said)) == 1 and len(lists) == len(said) == 2:
        # Long lists that look alike in short.
        apart = sum(here != there for here, there in zip(*lists, strict=False))
        apart += abs(len(lists[0]) - len(lists[1]))
        said = [said[0], f"{apart:,} of them differ"]
    return NAMES.get(one.path, one.path), said


def _measured(measure: Measure) -> _Row:
    name = NAMES.get(measure.name, measure.name)
    return name, [_measure(measure, value) for value in measure.values]


def _flagged(comparison: Comparison) -> Iterator[_Row]:
    """What may be wrong with each, where that is with any."""
    if any(comparison.flags):
        none = "not listened to yet", "none"
        yield "flags", [", ".join(one or ()) or none[one is not None] for one in comparison.flags]


def _measure(measure: Measure, value: float | None) -> str:
    if value is None:
        return "none"
    match measure.unit:
        case "s":
            return f"{value:.3f} s"
        case "dBFS" | "dBTP" | "LUFS" as unit:
            return f"{value:.1f} {unit}".replace("-", "−").replace("−0.0 ", "0.0 ")
        case "Hz":
            return f"{value / 1000:g} kHz"
        case "bytes":
            return when.size(int(value))
        case _:
            return f"{value:,.0f}"
