"""Changes a person makes to stories, each with what undoes it. Run in the desk's threads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rushes.domain.story_editing import ItemWish
from rushes.domain.story_values import exact, louder
from rushes.errors import NotFound
from rushes.tui import story_words
from rushes.tui.changes import Done
from rushes.tui.undo import Change
from rushes.words.cells import shorten
from rushes.words.counts import takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.generation import GenerationVersion
    from rushes.domain.story import SceneItem, Story, StoryChange
    from rushes.library import Library

LEAST_HEARD = 10
"""Milliseconds that trimming by keys leaves of an item."""

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Meant:
    """An item of a story, by their ids."""

    story_id: str
    item_id: str


# Stories


def create(library: Library, name: str) -> tuple[Story, Done]:
    """Make an empty story."""
    change = library.stories.create(name)
    said = f"Made the story {titled(change.story)}"
    return change.story, _done(said, f"the story {titled(change.story)} is gone again", change)


def rename(library: Library, story: Story, name: str) -> Done:
    """Give a story another name."""
    change = library.stories.rename(story.id, name)
    said = f"{titled(story)} is now called {titled(change.story)}"
    return _done(said, f"the story is called {titled(story)} again", change)


def describe(library: Library, story: Story, text: str) -> Done:
    """Say what a story is about; nothing takes that away."""
    change = library.stories.describe(story.id, text or None)
    said = f"{titled(story)} {'is described' if text else 'has no description any more'}"
    return _done(said, f"{titled(story)} is described as before", change)


def copy(library: Library, story: Story) -> tuple[Story, Done]:
    """Copy a story into one of the library's own."""
    change = library.stories.copy(story.id)
    said = f"Copied into {titled(change.story)}, which is yours"
    return change.story, _done(said, f"the copy {titled(change.story)} is gone again", change)


def delete(library: Library, story: Story) -> Done:
    """Delete a story; the takes in it stay."""
    change = library.stories.delete(story.id)
    said = f"Deleted the story {titled(story)}; its takes stay"
    return _done(said, f"the story {titled(story)} is back", change)


def add(library: Library, story: Story, ids: Sequence[str]) -> Done:
    """Put generations at the end of a story, one after another."""
    change = library.stories.add(story.id, ids)
    came = len(change.items)
    undone = f"{takes(came)} out of the story {titled(story)} again"
    return _done(f"{takes(came)} put into the story {titled(story)}", undone, change)


def add_to_new(library: Library, name: str, ids: Sequence[str]) -> Done:
    """Make a story and put generations into it; undone together."""
    made = library.stories.create(name)
    story = made.story
    try:
        added = library.stories.add(story.id, ids)
    except BaseException:
        library.stories.undo(made)
        raise
    said = f"{takes(len(added.items))} put into the new story {titled(story)}"
    return _done(said, f"the story {titled(story)} is gone again", made, added)


# Items


def shift(library: Library, meant: Meant, by_ms: int) -> Done:
    """Let an item begin so much later, earlier by less than none."""
    shown = _shown(library, meant)
    to = max(0, shown.start_ms + by_ms)
    if to == shown.start_ms:
        return Done("It begins where the story does", (), None)
    return _moved(library, shown, to, shown.item.track)


def change_track(library: Library, meant: Meant, by: int) -> Done:
    """Put an item on another track."""
    shown = _shown(library, meant)
    return _moved(library, shown, shown.start_ms, shown.item.track + by)


def _moved(library: Library, shown: SceneItem, start_ms: int, track: int) -> Done:
    change = library.stories.move(shown.id, start_ms, track)
    where = f"on track {track} at {exact(start_ms)}"
    back = f"{_whose(shown)} on track {shown.item.track} at {exact(shown.start_ms)} again"
    return _done(f"{_whose(shown)} is {where}", back, change)


def trim_by(library: Library, meant: Meant, start_ms: int = 0, end_ms: int = 0) -> Done:
    """Leave out so much more at the start and at the end of an item's clip, or less."""
    shown = _shown(library, meant)
    item, clip = shown.item, shown.clip_ms
    most = clip - LEAST_HEARD
    start = max(0, min(item.trim_start_ms + start_ms, most - item.trim_end_ms))
    end = max(0, min(item.trim_end_ms + end_ms, most - start))
    if (start, end) == (item.trim_start_ms, item.trim_end_ms):
        at_an_end = start_ms < 0 or end_ms < 0
        said = "Nothing more is left out there" if at_an_end else "There is hardly more of it"
        return Done(said, (), None)
    change = library.stories.trim(shown.id, start, end)
    return _done(f"{_whose(shown)} is trimmed", f"{_whose(shown)} trimmed as before", change)


def louder_by(library: Library, meant: Meant, by_db: float) -> Done:
    """Let an item be so many dB louder in the story."""
    shown = _shown(library, meant)
    volume = louder(shown.item.volume, by_db)
    if volume == shown.item.volume:
        return Done("It can't be louder" if by_db > 0 else "It is silent already", (), None)
    return _done(
        f"{_whose(shown)}: volume {story_words.volume_words(volume)}",
        f"{_whose(shown)} as loud as before",
        library.stories.set_volume(shown.id, volume),
    )


def split(library: Library, meant: Meant, head_ms: int | None) -> Done:
    """Cut an item in two where the playhead is, if that is within it, else in the middle."""
    shown = _shown(library, meant)
    inside = head_ms is not None and shown.start_ms < head_ms < shown.end_ms
    at = head_ms if inside and head_ms is not None else (shown.start_ms + shown.end_ms) // 2
    change = library.stories.split(shown.id, at)
    undone = f"{_whose(shown)} is one item again"
    return _done(f"{_whose(shown)} is split at {exact(at)}", undone, change)


def swap(library: Library, meant: Meant, step: int) -> Done:
    """Let an item change places with the one after it on its track, or the one before."""
    shown = _shown(library, meant)
    change = library.stories.shift(shown.id, step)
    if not change.items:
        which = "last" if step > 0 else "first"
        return Done(f"It is the {which} on its track already", (), None)
    way = "later" if step > 0 else "earlier"
    return _done(f"{_whose(shown)} comes {way}", f"{_whose(shown)} in its place again", change)


def pin(library: Library, meant: Meant, version: GenerationVersion | None) -> Done:
    """Let an item stay with a version whatever the default is; with none, follow the default."""
    shown = _shown(library, meant)
    change = library.stories.pin(shown.id, None if version is None else version.id)
    label = "" if version is None else shorten(version.label, _SHOWN)
    said = f"{label} is pinned" if version is not None else "It follows the default version"
    before = f"with {shown.pinned} pinned" if shown.pinned else "following the default"
    return _done(f"{_whose(shown)}: {said}", f"{_whose(shown)} {before} again", change)


def remove(library: Library, meant: Meant) -> Done:
    """Take an item out of its story; the take stays."""
    shown = _shown(library, meant)
    change = library.stories.remove([shown.id])
    said = f"{_whose(shown)} is out of the story; the take stays"
    return _done(said, f"{_whose(shown)} is back in the story", change)


def close_gaps(library: Library, meant: Meant) -> Done:
    """Let the items of an item's track follow one another without gaps."""
    shown = _shown(library, meant)
    change = library.stories.ripple(meant.story_id, track=shown.item.track)
    if not change.items:
        return Done(f"There are no gaps on track {shown.item.track}", (), None)
    said = f"{story_words.items(len(change.items))} of track {shown.item.track}"
    return _done(f"{said} moved up", f"{said} where they were", change)


@dataclass(frozen=True, slots=True)
class Values:
    """All that can be typed of an item: times in milliseconds, ``volume`` a factor."""

    start_ms: int
    track: int
    trim_start_ms: int
    trim_end_ms: int
    volume: float


def values_of(shown: SceneItem) -> Values:
    """Give the values of an item as they are."""
    item = shown.item
    return Values(item.start_ms, item.track, item.trim_start_ms, item.trim_end_ms, item.volume)


def set_values(library: Library, meant: Meant, wanted: Values) -> Done:
    """Let an item have these values, in one change; what stays as it is isn't written."""
    shown = _shown(library, meant)
    before = asdict(values_of(shown))
    wish = {name: value for name, value in asdict(wanted).items() if value != before[name]}
    if not wish:
        return Done("Nothing was changed", (), None)
    made = library.stories.edit(shown.id, ItemWish(**wish))
    return _done(f"{_whose(shown)} is changed", f"{_whose(shown)} as it was before", made)


def titled(story: Story) -> str:
    """Give a story's name, shortened."""
    return shorten(story.name, _SHOWN)


def _whose(shown: SceneItem) -> str:
    return shorten(shown.profile_name, _SHOWN) or "the gap"


def _shown(library: Library, meant: Meant) -> SceneItem:
    found = library.stories.scene(meant.story_id).item(meant.item_id)
    if found is None:
        raise NotFound("the item is gone", "it was taken out of the story meanwhile")
    return found


def _done(said: str, undone: str, *made: StoryChange) -> Done:
    def revert(library: Library) -> None:
        for change in reversed(made):
            library.stories.undo(change)

    return Done(said, (), Change(undone, revert))
