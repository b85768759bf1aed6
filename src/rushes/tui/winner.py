"""Keeping the winner of a comparison: all that goes with it, in words, and undone. Off the loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.judging import SparedBecause
from rushes.tui.comparing import again
from rushes.tui.undo import Change
from rushes.words.cells import shorten
from rushes.words.counts import takes

if TYPE_CHECKING:
    from rushes.domain.judging import Kept
    from rushes.library import Library
    from rushes.tui.candidates import Candidate
    from rushes.tui.gathered import Gathered

_SHOWN = 40
_SPARED = {SparedBecause.FAVORITE: "a favourite", SparedBecause.STORY: "in a story"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done besides making the winner a favourite; no ``preset`` where it is empty."""

    bin_losers: bool = False
    preset: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeping a winner came to: in a line, and what undoes it."""

    said: str
    change: Change


def keep(
    library: Library, gathered: Gathered, winner: Candidate, wish: Wish
) -> tuple[Keeping | None, Gathered]:
    """Keep one of them, with what is wished for besides, and gather the rest anew.

    Nothing is kept where the order or the losers aren't any longer what the person was shown.
    """
    now = again(library, gathered)
    if not gathered.asks_the_same(now, winner):
        return None, now
    preset = wish.preset or None
    place = next((at for at, one in gathered.by_place.items() if one.side == winner.side), None)
    if gathered.judging is not None and place is not None:
        kept = library.comparisons.keep(
            gathered.judging, place, bin_losers=wish.bin_losers, preset_name=preset
        )
    else:
        losers = [one.side for one in gathered.candidates if one.side != winner.side]
        kept = library.comparisons.keep_side(
            winner.side, losers, bin_losers=wish.bin_losers, preset_name=preset
        )
    said = _kept_in_words(kept, winner)
    change = Change(_undone_in_words(kept), lambda lib: lib.comparisons.take_back(kept))
    return Keeping(said, change), again(library, gathered)


def _undone_in_words(kept: Kept) -> str:
    """Say what came back."""
    parts = ["the winner is no longer kept"]
    if kept.binned:
        parts.append(f"{takes(len(kept.binned))} back from the trash")
    if kept.preset is not None:
        parts.append(f"the preset {shorten(kept.preset.path, _SHOWN)} is gone again")
    return ", ".join(parts)


def _kept_in_words(kept: Kept, winner: Candidate) -> str:
    """Say what was done: ``Kept as a favourite, 3 takes moved to the trash``."""
    parts = []
    if kept.new_default is not None and winner.version is not None:
        parts.append(f"{shorten(winner.version.label, _SHOWN)} is the default now")
    elif winner.version is not None:
        parts.append(f"{shorten(winner.version.label, _SHOWN)} is the default already")
    else:
        parts.append("Kept as a favourite")
    if kept.binned:
        parts.append(f"{takes(len(kept.binned))} moved to the trash")
    if kept.spared:
        reasons = {_SPARED[one.because] for one in kept.spared}
        verb = "stays" if len(kept.spared) == 1 else "stay"
        parts.append(f"{len(kept.spared)} {verb} ({' or '.join(sorted(reasons))})")
    if kept.preset is not None:
        parts.append(f"saved as the preset {shorten(kept.preset.path, _SHOWN)}")
    return ", ".join(parts)
