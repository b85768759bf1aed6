"""The statistics as groups of bars, each with the filter that lists what it counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rushes.domain.filter_language import exact
from rushes.domain.filters import Flag, TextField
from rushes.domain.generation import RUNNING, Status
from rushes.domain.statistics import LENGTH_BOUNDS, Share, Statistics
from rushes.domain.text import fold
from rushes.words import when
from rushes.words.counts import takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.tui.colours import Colours

NOBODY = "no profile"
"""What generations are called whose profile is gone at the source."""

_NOBODY_KEY = ""  # no id is empty

MORE_THAN_DAYS = 3 * 366
"""Days that a plot is ever made of: more columns than any terminal has."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label and figures, its colour, and the filter that lists what it counts.

    Of a plot's column ``told`` says in words what it counts, and ``tick`` is what stands beneath
    it; there is hardly ever room for its label.
    """

    label: str
    generations: int
    length: str
    size: str
    colour: str
    filter: str
    told: str = ""
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that share a scale; a ``standing`` group is a plot of columns."""

    title: str
    bars: tuple[Bar, ...]
    standing: bool = False

    @property
    def largest(self) -> int:
        """The highest count of its bars."""
        return max((bar.generations for bar in self.bars), default=0)


def groups_of(statistics: Statistics, colours: Colours, today: date) -> tuple[Group, ...]:
    """Give the groups in the order in which one goes through them; empty ones are left out."""
    groups = (
        Group("per day", _days(statistics.days, colours, today), standing=True),
        Group("length", _lengths(statistics.lengths, colours), standing=True),
        Group(
            "profiles",
            tuple(_profile(share, colours) for share in statistics.profiles),
        ),
        Group("engines", _named(statistics.engines, colours.blue, TextField.ENGINE)),
        Group("languages", _named(statistics.languages, colours.teal, TextField.LANGUAGE)),
        Group("status", _statuses(statistics.statuses, colours)),
    )
    return tuple(group for group in groups if group.largest)


def with_nobody(statistics: Statistics, missing: frozenset[str]) -> Statistics:
    """Put the shares of placeholders, whose ids are ``missing``, together as ``no profile``."""
    lost = [share for share in statistics.profiles if share.key in missing]
    if not lost:
        return statistics
    kept = [share for share in statistics.profiles if share.key not in missing]
    together = replace(_sum(NOBODY, lost), key=_NOBODY_KEY)
    profiles = sorted([*kept, together], key=lambda share: -share.generations)
    return replace(statistics, profiles=tuple(profiles))


def _profile(share: Share, colours: Colours) -> Bar:
    if share.key == _NOBODY_KEY:
        return _share(share, colours.grey, f"is:{Flag.ORPHAN.value}")
    return _share(share, colours.of_profile(share.key), exact(TextField.PROFILE, share.label))


def _share(share: Share, colour: str, filter_: str) -> Bar:
    length = when.total(share.duration) if share.duration else ""
    size = when.size(share.bytes) if share.bytes else ""
    return Bar(share.label, share.generations, length, size, colour, filter_)


def _named(shares: Sequence[Share], colour: str, field: TextField) -> tuple[Bar, ...]:
    """Bars of what is filtered whatever its case: ``Qwen`` and ``qwen`` are one."""
    alike: dict[str, list[Share]] = {}
    for share in shares:
        alike.setdefault(fold(share.key), []).append(share)
    sums = [_sum(same[0].label, same) for same in alike.values()]
    sums.sort(key=lambda share: -share.generations)
    return tuple(_share(share, colour, exact(field, share.key)) for share in sums)


def _sum(label: str, shares: Sequence[Share]) -> Share:
    return Share(
        label,
        label,
        sum(share.generations for share in shares),
        sum(share.duration for share in shares),
        sum(share.bytes for share in shares),
    )


def _statuses(shares: Sequence[Share], colours: Colours) -> tuple[Bar, ...]:
    """Completed, running (whatever its stage is) and failed; what doesn't occur is left out."""
    kinds = (
        (Flag.COMPLETED, {Status.COMPLETED}, colours.grey),
        (Flag.RUNNING, RUNNING, colours.gold),
        (Flag.FAILED, {Status.FAILED}, colours.rose),
    )
    bars = []
    for flag, statuses, colour in kinds:
        meant = [share for share in shares if share.key in statuses]
        if meant:
            bars.append(_share(_sum(flag.value, meant), colour, f"is:{flag.value}"))
    return tuple(bars)


def _days(days: Sequence[tuple[date, int]], colours: Colours, today: date) -> tuple[Bar, ...]:
    """Every day up to the last one with generations, the empty ones too.

    Times that lie in the future say something about a clock, not about a day to come.
    """
    counts = {day: count for day, count in days if day <= today} or dict(days)
    if not counts:
        return ()
    last = max(counts)
    first = max(min(counts), last - timedelta(days=MORE_THAN_DAYS))
    bars = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        count = counts.get(day, 0)
        told = f"{when.day(day)}: {takes(count)}"
        tick = when.month(day) if day.day == 1 else ""
        label = when.short_day(day)
        bars.append(Bar(label, count, "", "", colours.blue, f"on:{day}", told, tick))
    return tuple(bars)


def _lengths(lengths: Sequence[int], colours: Colours) -> tuple[Bar, ...]:
    lows = (0.0, *LENGTH_BOUNDS)
    highs = (*LENGTH_BOUNDS, None)
    bars = []
    for low, high, count in zip(lows, highs, lengths, strict=True):
        span = f"over {low:g}, up to {high:g} s" if high is not None else f"over {low:g} s"
        terms = ["is:completed"]
        terms += [f"dur:>{low:g}"] if low else []
        terms += [f"dur:<={high:g}"] if high is not None else []
        label = f"{low:g}"
        told = f"{span if low else f'up to {high:g} s'}: {takes(count)}"
        bars.append(Bar(label, count, "", "", colours.teal, " ".join(terms), told, label))
    return tuple(bars)
