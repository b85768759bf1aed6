"""What can be done to the items of a story, on values alone. Times are milliseconds."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rushes.domain import limits
from rushes.domain.generation import GenerationVersion
from rushes.domain.story import SceneItem, StoryItem
from rushes.errors import BadInput

_TRACKS = f"Tracks are numbered {-limits.HIGHEST_TRACK:,} to {limits.HIGHEST_TRACK:,}."


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an item is to be, checked."""

    start_ms: int
    track: int


@dataclass(frozen=True, slots=True)
class ItemWish:
    """What is to become of an item, all at once; what is None stays as it is.

    ``version``, by what ``versions.get`` takes, is always played from then on; with ``unpin`` and
    without a ``version`` it is the default again.
    """

    start_ms: int | None = None
    track: int | None = None
    trim_start_ms: int | None = None
    trim_end_ms: int | None = None
    volume: float | None = None
    version: str | None = None
    unpin: bool = False

    @property
    def pins(self) -> bool:
        """Whether it says anything of what is to be played."""
        return self.unpin or self.version is not None


@dataclass(frozen=True, slots=True)
class Pin:
    """What an item is to play, and how long that is; ``as_default``: whichever is the default."""

    version: GenerationVersion
    clip_ms: int
    as_default: bool


def placing(start_ms: int, track: int, length_ms: int) -> Placing:
    """A place for something that plays so long.

    Raises:
        BadInput: it lies before the story's beginning, or ends after a day; no track is so called.
    """
    start, number = whole(start_ms, "place"), whole(track, "track")
    if start < 0:
        raise BadInput("nothing begins before the story does", f"{start:,} ms were given")
    if start + length_ms > limits.LONGEST_STORY:
        raise BadInput("that is too late", "a story ends after 24 hours")
    if abs(number) > limits.HIGHEST_TRACK:
        raise BadInput(f"there is no track {number:,}", "", _TRACKS)
    return Placing(start, number)


def moved(shown: SceneItem, start_ms: int, track: int | None) -> StoryItem:
    """The item at another place, on its track where none is named.

    Raises:
        BadInput: as ``placing``.
    """
    there = shown.item.track if track is None else track
    place = placing(start_ms, there, shown.length_ms)
    return replace(shown.item, start_ms=place.start_ms, track=place.track)


def trimmed(shown: SceneItem, start_ms: int, end_ms: int) -> StoryItem:
    """The item with so much left out at the beginning and the end of its clip.

    Raises:
        BadInput: less than nothing would be left out, or all of it.
    """
    start, end = whole(start_ms, "trim"), whole(end_ms, "trim")
    if start < 0 or end < 0:
        raise BadInput("a trim leaves something out", f"{min(start, end):,} ms were given")
    _check_trims(start, end, shown.clip_ms)
    return replace(shown.item, trim_start_ms=start, trim_end_ms=end)


def split(
    shown: SceneItem, at_ms: int, identity: str, moment: datetime
) -> tuple[StoryItem, StoryItem]:
    """The item up to a moment of the story, and the rest of it as another of that id.

    Raises:
        BadInput: it doesn't play at that moment, or just begins.
    """
    at = whole(at_ms, "place")
    if not shown.start_ms < at < shown.end_ms:
        raise BadInput(
            "the item can't be split there",
            f"it plays from {shown.start_ms:,} to {shown.end_ms:,} ms, {at:,} ms were given",
        )
    item, played = shown.item, at - shown.start_ms
    left = replace(item, trim_end_ms=item.trim_end_ms + shown.length_ms - played)
    right = replace(
        item,
        id=identity,
        start_ms=at,
        trim_start_ms=item.trim_start_ms + played,
        created_at=moment,
    )
    return left, right


def with_volume(item: StoryItem, factor: float) -> StoryItem:
    """The item so many times as loud.

    Raises:
        BadInput: it is no number of 0 to 4.
    """
    if not _is_number(factor):
        raise BadInput("the volume must be a number", f"it is {factor!r}")
    if not 0 <= factor <= limits.HIGHEST_VOLUME:
        most = f"{limits.HIGHEST_VOLUME:g}"
        raise BadInput(f"{factor:g} is no volume", "", f"Volumes are 0 to {most}, 1 as it is.")
    return replace(item, volume=float(factor))


def pinned(shown: SceneItem, version_id: str | None, clip_ms: int) -> StoryItem:
    """The item with another version of a clip that is so long.

    Raises:
        BadInput: its trims leave nothing of that one.
    """
    _check_trims(shown.item.trim_start_ms, shown.item.trim_end_ms, clip_ms)
    return replace(shown.item, version_id=version_id, length_ms=clip_ms)


def edited(shown: SceneItem, wish: ItemWish, pin: Pin | None) -> StoryItem:
    """The item as it is wished; ``pin`` is what the wish pins, None where it pins nothing.

    Trims are of the version that it plays then, and so is the length that has to find its place.

    Raises:
        BadInput: as ``moved``, ``trimmed`` and ``with_volume``, or nothing was wished.
    """
    if wish == ItemWish():
        raise BadInput("nothing was said of what is to become of the item")
    now, had = shown, shown.item
    if pin is not None:
        bare = replace(shown, item=replace(had, trim_start_ms=0, trim_end_ms=0))
        version_id = None if pin.as_default else pin.version.id
        now = replace(bare, item=pinned(bare, version_id, pin.clip_ms), version=pin.version)
    start = had.trim_start_ms if wish.trim_start_ms is None else wish.trim_start_ms
    end = had.trim_end_ms if wish.trim_end_ms is None else wish.trim_end_ms
    if pin is not None or (start, end) != (had.trim_start_ms, had.trim_end_ms):
        now = replace(now, item=trimmed(now, start, end))
    if wish.start_ms is not None or wish.track is not None:
        there = had.start_ms if wish.start_ms is None else wish.start_ms
        now = replace(now, item=moved(now, there, wish.track))
    return now.item if wish.volume is None else with_volume(now.item, wish.volume)


def rippled(items: Iterable[SceneItem], gap_ms: int) -> list[StoryItem]:
    """The items of a track one after another, the first where it is, so much between two.

    Raises:
        BadInput: the gap is less than nothing, or the story would get too long.
    """
    gap = whole(gap_ms, "gap")
    if gap < 0:
        raise BadInput("a gap can't be less than nothing", f"{gap:,} ms were given")
    found: list[StoryItem] = []
    at: int | None = None
    for shown in items:
        start = shown.start_ms if at is None else at
        found.append(moved(shown, start, None))
        at = start + shown.length_ms + gap
    return found


def swapped(track: Sequence[SceneItem], identity: str, step: int) -> list[StoryItem]:
    """The two items of a track that change their order when one goes a step on or back.

    What was between them stays between them; of two that sound at once the one begins where the
    other did. Nothing where it is the last or the first.

    Raises:
        BadInput: the step is neither 1 nor -1.
    """
    if step not in (1, -1):
        raise BadInput(f"an item can't go {step!r} steps", "", "Give 1 or -1.")
    here = next(number for number, shown in enumerate(track) if shown.id == identity)
    if not 0 <= here + step < len(track):
        return []
    first, second = sorted((here, here + step))
    early, late = track[first], track[second]
    between = late.start_ms - early.end_ms
    after = early.start_ms + late.length_ms + between if between >= 0 else late.start_ms
    return [
        moved(late, early.start_ms, None),
        # Of two that begin at once nobody could tell which is the first.
        moved(early, max(early.start_ms + 1, after), None),
    ]


def whole(value: int, what: str) -> int:
    """A whole number as a plain int, of whatever type.

    Raises:
        BadInput: it isn't one.
    """
    if isinstance(value, bool):
        raise BadInput(f"the {what} must be a whole number", f"it is {value}")
    try:
        return operator.index(value)
    except TypeError:
        raise BadInput(f"the {what} must be a whole number", f"it is {value!r}") from None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_trims(start_ms: int, end_ms: int, clip_ms: int) -> None:
    if start_ms + end_ms >= clip_ms and (start_ms or end_ms):
        raise BadInput(
            "the trims leave nothing of the clip",
            f"it has {clip_ms:,} ms, {start_ms:,} and {end_ms:,} ms are left out",
        )
