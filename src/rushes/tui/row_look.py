"""How a row stands at the moment, and what it is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.takes import SINGLE, Fold

if TYPE_CHECKING:
    from rushes.tui.colours import Colours
    from rushes.tui.columns import Columns


@dataclass(frozen=True, slots=True)
class Look:
    """How a row stands at the moment. ``played`` is how much of its waveform, 0 to 1."""

    cursor: bool = False
    marked: bool = False
    playing: bool = False
    paused: bool = False
    played: float = 0.0
    fold: Fold = SINGLE


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Canvas:
    """What all rows of a list share: width in cells, columns, colours, and plain glyphs or not."""

    width: int
    columns: Columns
    colours: Colours
    ascii: bool = False
