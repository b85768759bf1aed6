"""The profiles to choose from, drawn line by line however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.text import fold
from rushes.tui.shares import NOBODY
from rushes.tui.widgets.item_list import ItemList
from rushes.words import when
from rushes.words.cells import fit, right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.profile import Profile, ProfileSummary
    from rushes.tui.paint import Line

_COUNT, _LENGTH, _BEFORE, _GAP = 9, 12, 3, 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a profile, or all placeholders of those that are gone at their source."""

    profiles: tuple[Profile, ...]
    generations: int
    duration: float

    @property
    def is_nobody(self) -> bool:
        """Tell whether this stands for what has no profile any more."""
        return self.profiles[0].missing

    @property
    def name(self) -> str:
        """What the line is called."""
        return NOBODY if self.is_nobody else self.profiles[0].name

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its profiles."""
        return frozenset(profile.id for profile in self.profiles)


def entries_of(summaries: Sequence[ProfileSummary]) -> tuple[Entry, ...]:
    """Give a line for each profile in their order, and one for the missing ones together, last."""
    entries = [
        Entry((one.profile,), one.generations, one.duration)
        for one in summaries
        if not one.profile.missing
    ]
    missing = [one for one in summaries if one.profile.missing]
    if missing:
        entries.append(
            Entry(
                tuple(one.profile for one in missing),
                sum(one.generations for one in missing),
                sum(one.duration for one in missing),
            )
        )
    return tuple(entries)


def matching(entries: Sequence[Entry], typed: str) -> tuple[Entry, ...]:
    """Give those whose names hold what was typed, literally, whatever its case."""
    wanted = fold(typed)
    return tuple(entry for entry in entries if wanted in fold(entry.name))


class ProfileList(ItemList[Entry]):
    """Profiles with a cursor and marks; asks nobody for anything."""

    def __init__(self) -> None:
        super().__init__(id="profile-list")
        self._chosen: frozenset[str] = frozenset()

    def choose(self, ids: frozenset[str]) -> None:
        """Show these as chosen and no others."""
        changed, self._chosen = ids ^ self._chosen, ids
        for at in self.in_sight():
            if self.items[at].ids & changed:
                self.refresh_lines(at)

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the name, how many generations, and how long they are together."""
        entry, colours = self.items[at], self.colours
        mark = "#" if self.is_ascii else "◆"
        line.add(mark if entry.ids <= self._chosen else " ", colours.amber).add(" ")
        profile_colour = colours.of_profile(entry.profiles[0].id)
        room = max(4, width - _BEFORE - _COUNT - _LENGTH - _GAP)
        # No more of a name than its cells: 300 characters cost as little as ten.
        name = fit(entry.name[: room * 4], room)
        line.add(name, colours.grey if entry.is_nobody else profile_colour)
        line.add(f"{entry.generations:>{_COUNT},}", colours.ink)
        length = when.total(entry.duration) if entry.duration else "–"
        line.add(right(length, _LENGTH), colours.grey)
        return line.add(" " * _GAP)
