"""Linked sources, a line for each, and the names of the columns over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.source import KIND_NAMES, SourceState
from rushes.domain.times import now
from rushes.tui.widgets.cursor_list import CursorList
from rushes.tui.widgets.line import OneLine
from rushes.words import when
from rushes.words.cells import fit, right
from rushes.words.sources import measured_words, state_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.source import Source
    from rushes.tui.paint import Line

_STATE, _TAKES, _MISSING, _MEASURED, _SYNCED, _KIND = 12, 9, 9, 9, 11, 19
_LEAST_NAME, _MOST_NAME = 14, 40

NOTHING = "Nothing is linked yet: {key} shows takes of other programs here."


@dataclass(frozen=True, slots=True)
class Standing:
    """A source, how many files it has where that is known, and whether it is followed."""

    source: Source
    files: int | None
    followed: bool


@dataclass(frozen=True, slots=True)
class _Columns:
    """What there is room for: the kind and the time of the last sync leave first."""

    name: int
    kind: int
    synced: int

    @classmethod
    def of(cls, width: int) -> _Columns:
        rest = width - 3 - _STATE - _TAKES - _MISSING - _MEASURED - 4
        synced = _SYNCED if rest - _SYNCED - 1 >= _LEAST_NAME else 0
        rest -= synced + 1 if synced else 0
        kind = _KIND if rest - _KIND - 1 >= _LEAST_NAME else 0
        rest -= kind + 1 if kind else 0
        return cls(max(4, min(rest, _MOST_NAME)), kind, synced)


class SourceHead(OneLine):
    """The names of the columns."""

    def __init__(self) -> None:
        super().__init__(id="source-head")

    def draw_line(self) -> Line:
        """Draw the one line."""
        columns = _Columns.of(self.size.width - 1)
        cells = [fit("source", columns.name)]
        if columns.kind:
            cells.append(fit("kind", columns.kind))
        cells += [fit("state", _STATE), right("takes", _TAKES), right("missing", _MISSING)]
        cells.append(right("measured", _MEASURED))
        if columns.synced:
            cells.append(right("synced", columns.synced))
        return self.line().add("  " + " ".join(cells), self.colours.grey)


class SourceList(CursorList):
    """The sources; the state is told in words, and troubles are beneath the list."""

    back = "ground"

    def __init__(self) -> None:
        super().__init__(id="sources")
        self._standings: tuple[Standing, ...] = ()

    @property
    def current(self) -> Standing | None:
        """The source under the cursor."""
        return self._standings[self.cursor] if self._standings else None

    def show(self, standings: Sequence[Standing], said: str) -> None:
        """Show others, or the same as they stand now; the cursor stays on its source."""
        before = self.current
        if tuple(standings) == self._standings and self._said == said:
            return
        self._standings = tuple(standings)
        ids = [standing.source.id for standing in standings]
        keep = before is not None and before.source.id in ids
        cursor = ids.index(before.source.id) if before is not None and keep else self.cursor
        self.show_lines(len(ids), cursor, said)

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw a source."""
        standing, colours, columns = self._standings[at], self.colours, _Columns.of(width)
        source = standing.source
        line.add(" " + fit(source.name, columns.name) + " ", colours.ink)
        if columns.kind:
            line.add(fit(KIND_NAMES[source.kind], columns.kind) + " ", colours.grey)
        state = state_words(source, followed=standing.followed)
        in_trouble = source.state is SourceState.IN_TROUBLE
        line.add(fit(state, _STATE) + " ", colours.rose if in_trouble else colours.teal)
        line.add(right(f"{source.generations:,}", _TAKES) + " ", colours.ink)
        faults = source.missing + source.unreadable
        line.add(right(f"{faults:,}" if faults else "–", _MISSING) + " ", _warns(self, faults))
        measured = measured_words(source, standing.files)
        line.add(right(measured, _MEASURED), colours.amber if source.unmeasured else colours.grey)
        if columns.synced:
            at_last = source.synced_at
            synced = "never" if at_last is None else when.moment(at_last, now(), columns.synced)
            line.add(" " + right(synced, columns.synced), colours.grey)
        return line


def _warns(rows: SourceList, faults: int) -> str:
    return rows.colours.rose if faults else rows.colours.grey
