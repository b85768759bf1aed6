"""The profiles to choose from, drawn line by line however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView

from rushes.domain.text import fold
from rushes.tui import when
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.cells import fit, right, shorten
from rushes.tui.colours import DARK, Colours
from rushes.tui.paint import Line
from rushes.tui.shares import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.strip import Strip

    from rushes.domain.profile import Profile, ProfileSummary

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


class ProfileList(ScrollView, can_focus=True):
    """Lines with a cursor and marks; asks nobody for anything."""

    BINDINGS = bindings_of(Scope.MOVE)

    @dataclass
    class Clicked(Message):
        """The line under the cursor was clicked."""

    def __init__(self) -> None:
        super().__init__(id="profile-list")
        self.cursor = 0
        self._entries: tuple[Entry, ...] = ()
        self._chosen: frozenset[str] = frozenset()
        self._said = ""

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return getattr(self.app, "colours", DARK)

    @property
    def current(self) -> Entry | None:
        """The line under the cursor."""
        return self._entries[self.cursor] if self._entries else None

    def show(self, entries: tuple[Entry, ...], cursor: int, said: str = "") -> None:
        """Show other lines with the cursor given; ``said`` stands there where there are none."""
        self._entries, self._said = entries, said
        self.cursor = max(0, min(cursor, len(entries) - 1))
        self.virtual_size = Size(self._width, len(entries))
        self._follow(step=False)
        self.refresh()

    def choose(self, ids: frozenset[str]) -> None:
        """Show these as chosen and no others."""
        changed, self._chosen = ids ^ self._chosen, ids
        top = self._top
        for y, entry in enumerate(self._entries[top : top + self._height], top):
            if entry.ids & changed:
                self.refresh_lines(y)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(self._width, len(self._entries))
        self._follow(step=False)

    # Moving

    @property
    def _top(self) -> int:
        return int(self.scroll_offset.y)

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def go(self, position: int) -> None:
        """Move the cursor; the list follows where it has to."""
        position = max(0, min(position, len(self._entries) - 1))
        if position == self.cursor:
            return
        before, self.cursor = self.cursor, position
        if self._follow(step=abs(position - before) == 1):
            self.refresh()
        else:
            self.refresh_lines(before)
            self.refresh_lines(position)

    def _follow(self, *, step: bool) -> bool:
        """Scroll until the cursor is in sight, half a screen for a step; tell whether it did."""
        top, height, cursor = self._top, self._height, self.cursor
        if top <= cursor < top + height:
            return False
        slack = height // 2 if step else 0
        wanted = cursor - slack if cursor < top else cursor - height + 1 + slack
        highest = max(0, len(self._entries) - height)
        self.scroll_to(y=max(0, min(wanted, highest)), animate=False, force=True)
        return True

    def action_cursor_down(self) -> None:
        """Go to the next line."""
        self.go(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Go to the line before."""
        self.go(self.cursor - 1)

    def action_cursor_top(self) -> None:
        """Go to the first line."""
        self.go(0)

    def action_cursor_bottom(self) -> None:
        """Go to the last line."""
        self.go(len(self._entries) - 1)

    def action_half_down(self) -> None:
        """Go down half a page."""
        self.go(self.cursor + max(1, self._height // 2))

    def action_half_up(self) -> None:
        """Go up half a page."""
        self.go(self.cursor - max(1, self._height // 2))

    def action_page_down(self) -> None:
        """Go down a page."""
        self.go(self.cursor + self._height)

    def action_page_up(self) -> None:
        """Go up a page."""
        self.go(self.cursor - self._height)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the line and say that it was clicked."""
        position = self._top + event.y
        if position < len(self._entries):
            self.go(position)
            self.post_message(self.Clicked())

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw the entry that stands at line ``y`` of the screen."""
        at, colours = self._top + y, self.colours
        if at < len(self._entries):
            return self._draw(self._entries[at], at == self.cursor).strip(self._width)
        line = Line(colours, colours.surface)
        if y == 0 and not self._entries:
            line.add(shorten(self._said, self._width), colours.grey)
        return line.strip(self._width)

    def _draw(self, entry: Entry, here: bool) -> Line:
        colours, plain = self.colours, bool(getattr(self.app, "ascii", False))
        bar, mark = ("|", "#") if plain else ("▌", "◆")
        flat = here and colours.raised == colours.ground
        line = Line(colours, colours.raised if here else colours.surface, bold=flat)
        line.add(bar if here else " ", colours.amber)
        line.add(mark if entry.ids <= self._chosen else " ", colours.amber).add(" ")
        profile_colour = colours.of_profile(entry.profiles[0].id)
        width = max(4, self._width - _BEFORE - _COUNT - _LENGTH - _GAP)
        # No more of a name than its cells: 300 characters cost as little as ten.
        name = fit(entry.name[: width * 4], width)
        line.add(name, colours.grey if entry.is_nobody else profile_colour)
        line.add(f"{entry.generations:>{_COUNT},}", colours.ink)
        length = when.total(entry.duration) if entry.duration else "–"
        line.add(right(length, _LENGTH), colours.grey)
        return line.add(" " * _GAP)
