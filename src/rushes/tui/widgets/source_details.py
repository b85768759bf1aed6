"""All there is to say of one linked source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.source import KIND_NAMES
from rushes.tui.widgets.line import Lines
from rushes.words import when
from rushes.words.cells import short_path
from rushes.words.counts import takes
from rushes.words.sources import missing_words
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from rushes.tui.paint import Line
    from rushes.tui.widgets.source_list import Standing

_LABEL, _MOST_LINES = 12, 4
_TROUBLE = "trouble"


class SourceDetails(Lines):
    """Labels and values; what is long takes several lines."""

    def __init__(self) -> None:
        super().__init__(id="source-details")
        self._standing: Standing | None = None
        self._lines: list[tuple[str, str, bool]] = []

    def show(self, standing: Standing | None) -> None:
        """Show another source, or the same as it stands now."""
        if standing != self._standing:
            self._standing = standing
            self._lay_out()

    def on_resize(self) -> None:
        """Break the values anew."""
        self._lay_out()

    def draw(self, y: int) -> Line | None:
        """Draw one of the lines."""
        if y >= len(self._lines):
            return None
        label, text, is_fault = self._lines[y]
        line = self.line().add(f"  {label:<{_LABEL}}", self.colours.grey)
        return line.add(text, self.colours.rose if is_fault else self.colours.ink)

    def _lay_out(self) -> None:
        self._lines = []
        pairs = [] if self._standing is None else _pairs(self._standing)
        room = max(8, self.size.width - _LABEL - 4)
        for label, value in pairs:
            for number, text in enumerate(wrap(value, room, _MOST_LINES)):
                self._lines.append((label if not number else "", text, label == _TROUBLE))
        self.refresh()


def _pairs(standing: Standing) -> list[tuple[str, str]]:
    source = standing.source
    beside = source.root in (source.place, source.place.rpartition("/")[0])
    gone = f"{source.vanished:,} of them gone there" if source.vanished else ""
    left = f"{source.unmeasured:,} files still to be read" if source.unmeasured else ""
    pairs = [
        (_TROUBLE, source.trouble or ""),
        ("kind", KIND_NAMES[source.kind]),
        ("lies in", short_path(Path(source.place))),
        ("audio in", "" if beside else short_path(Path(source.root))),
        ("takes", ", ".join(part for part in (takes(source.generations), gone) if part)),
        ("audio", ", ".join(part for part in (missing_words(source), left) if part)),
        ("linked", when.full(source.created_at)),
        ("synced", "never" if source.synced_at is None else when.full(source.synced_at)),
    ]
    return [(label, value) for label, value in pairs if value]
