"""What a library takes of the disk and how it fares, as lines of a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.domain.health import TITLES
from rushes.domain.health import Kind as Finds
from rushes.domain.text import steady
from rushes.tui.charts import bar
from rushes.tui.paint import Line
from rushes.words import when
from rushes.words.cells import fit, right, shorten
from rushes.words.counts import takes
from rushes.words.storage import KINDS
from rushes.words.wrap import wrapped

if TYPE_CHECKING:
    from rushes.domain.health import Finding, Report
    from rushes.domain.storage import Portion, StorageUse
    from rushes.tui.colours import Colours

MOST = 8
"""Findings of a kind that are named."""

_SIZE, _LONGEST_LABEL, _LEAST_BAR = 8, 20, 6
_RUN_ON, _LINES = 2, 4

Draw = Callable[["Canvas"], Line]
"""A line, drawn when its width is known."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a line is drawn on."""

    width: int
    colours: Colours
    ascii: bool

    def line(self) -> Line:
        """Begin a line."""
        return Line(self.colours)


@dataclass(frozen=True, slots=True)
class Said:
    """Words that go on in a next line, further in, where they are wider than the page."""

    text: str
    colour: str
    indent: int = 2

    def lines(self, width: int) -> list[Draw]:
        """Give the lines that it takes in ``width`` cells."""
        lines = islice(wrapped(self.text, width - self.indent - _RUN_ON - 1), _LINES)
        return [self._line(text, _RUN_ON if number else 0) for number, text in enumerate(lines)]

    def _line(self, text: str, further: int) -> Draw:
        def draw(canvas: Canvas) -> Line:
            line = canvas.line().add(" " * (self.indent + further))
            return line.add(text, getattr(canvas.colours, self.colour))

        return draw


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; where there are two columns it may stand at the right."""

    lines: Sequence[Draw | Said]
    at_right: bool = False

    def drawn(self, width: int) -> list[Draw]:
        """Give its lines in a column of ``width`` cells."""
        drawn = list[Draw]()
        for one in self.lines:
            drawn += one.lines(width) if isinstance(one, Said) else [one]
        return drawn


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: what it is called, its bytes, its colour, and what there is to say behind it."""

    label: str
    bytes: int
    colour: str
    told: str = ""
    is_over: bool = False


def disk_sections(use: StorageUse, colours: Colours) -> list[Section]:
    """Give kinds, profiles, engines and months; what takes nothing is left out."""
    kinds = [Share(KINDS[kind], size, colours.amber) for kind, size in use.kinds if size]
    profiles = [
        Share(
            one.label,
            one.bytes,
            colours.of_profile(one.key),
            f"of {when.size(one.quota)}" if one.quota is not None else takes(one.generations),
            one.is_over,
        )
        for one in use.profiles
    ]
    sections = [
        Section(_drawn(f"disk   {when.size(use.total)}", kinds)),
        Section(_drawn("profiles", profiles), at_right=True),
        Section(_drawn("engines", _shares(use.engines, colours.blue))),
        Section(_drawn("months", _shares(use.months[::-1], colours.teal))),
    ]
    if use.linked.generations:
        told = f"{takes(use.linked.generations)} of linked sources, {when.size(use.linked.bytes)}"
        lines: list[Draw | Said] = [_heading("linked")]
        lines.append(Said(f"{told}: their files lie there", "grey"))
        sections.append(Section(lines, at_right=True))
    return [section for section in sections if len(section.lines) > 1]


def _shares(portions: Sequence[Portion], colour: str) -> list[Share]:
    return [Share(one.label, one.bytes, colour, takes(one.generations)) for one in portions]


def _drawn(title: str, shares: Sequence[Share]) -> list[Draw]:
    largest = max((share.bytes for share in shares), default=0)
    label = max(
        (min(cell_len(steady(one.label[:99])), _LONGEST_LABEL) for one in shares), default=0
    )
    told = max((cell_len(one.told) for one in shares), default=0)

    def row(share: Share) -> Draw:
        def draw(canvas: Canvas) -> Line:
            room = canvas.width - 3 - label - 1 - _SIZE
            behind = told if told and room - told - 2 >= _LEAST_BAR else 0
            room = max(0, room - (behind + 2 if behind else 0))
            line = canvas.line().add("  ").add(fit(share.label, label) + " ", share.colour)
            cells = bar(share.bytes, largest, room, ascii=canvas.ascii)
            line.add(f"{cells:<{room}}", share.colour).add(right(when.size(share.bytes), _SIZE))
            if behind:
                words = shorten(share.told, behind)
                line.add(
                    f"  {words}", canvas.colours.rose if share.is_over else canvas.colours.grey
                )
            elif share.is_over:
                line.add("!", canvas.colours.rose)
            return line

        return draw

    return [_heading(title), *(row(share) for share in shares)]


def health_section(report: Report | None, verify: str) -> Section:
    """Give what verify found last; ``verify`` is the key that runs it."""
    lines: list[Draw | Said] = [_heading("health")]
    if report is None:
        lines.append(Said(f"not verified in this sitting: {verify} does it", "grey"))
        return Section(lines, at_right=True)
    lines += [Said(*_verdict(report)), Said(_checked(report), "grey")]
    for kind, tally in report.tallies.items():
        lines.append(
            Said(f"{TITLES[kind]}: {tally.found:,}", "rose" if tally.unresolved else "teal")
        )
        found = report.of(kind)[:MOST]
        lines += [Said(_finding(one), "grey" if one.resolved else "ink", 4) for one in found]
        if tally.found > len(found):
            lines.append(Said(f"  and {tally.found - len(found):,} more", "grey"))
    journal = f"SQLite {report.sqlite_version}, journal {report.journal}: {report.journal_reason}"
    return Section([*lines, Said(journal, "grey")], at_right=True)


def verdict(report: Report) -> str:
    """Say in a few words what verifying came to."""
    return _verdict(report)[0]


def would_mend(report: Report) -> str:
    """Say what repair would take on: ``missing audio: 2, …``; empty where there is nothing."""
    mendable = [
        kind
        for kind in report.tallies
        if any(one.repairable and not one.resolved for one in report.of(kind))
    ]
    return "\n".join(f"{TITLES[kind]}: {report.tallies[kind].unresolved:,}" for kind in mendable)


def is_broken(report: Report) -> bool:
    """Tell whether the database has to be rebuilt, which nobody can do who has it open."""
    tally = report.tallies.get(Finds.DATABASE)
    return tally is not None and tally.unresolved > 0


def _verdict(report: Report) -> tuple[str, str]:
    mended = f"{report.mended:,} mended or marked, " if report.mended else ""
    if is_broken(report):
        return "the database is damaged", "rose"
    if report.is_sound:
        said = "nothing is left to do" if report.findings else "all is well"
        return f"{mended}{said}", "teal"
    left = f"{report.unresolved:,} left to do"
    return f"{mended}{left}{' that repair can’t' if report.repaired else ''}", "rose"


def _checked(report: Report) -> str:
    checked = report.checked
    files = "1 file" if checked.files == 1 else f"{checked.files:,} files"
    how = f"{when.size(checked.hashed)} read whole" if report.deep else "compared by size"
    return f"{takes(checked.generations)} and {files} checked, {how}"


def _finding(finding: Finding) -> str:
    """Say what was found; of a take's file its id is enough, which can be typed behind id:."""
    name = finding.take or finding.path or finding.what
    return "  ".join(part for part in (name, finding.detail, finding.done) if part)


def _heading(title: str) -> Draw:
    def draw(canvas: Canvas) -> Line:
        return canvas.line().add(" ").add(shorten(title, canvas.width - 1), canvas.colours.grey)

    return draw
