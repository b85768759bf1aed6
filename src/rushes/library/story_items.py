"""What is done to the items of stories, each change of which can be taken back whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from rushes.domain import limits, story_editing
from rushes.domain.ids import new_id
from rushes.domain.picking import pick_version
from rushes.domain.story import Scene, SceneItem, Story, StoryChange, StoryItem, frames_to_ms
from rushes.domain.story_editing import ItemWish, Pin
from rushes.domain.text import valid
from rushes.domain.times import now
from rushes.errors import BadInput, Conflict
from rushes.library import checks
from rushes.store import history, stories
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.generation import Generation, GenerationVersion

AnItem: TypeAlias = StoryItem | SceneItem | str
"""An item, its id, or the first 4 characters or more of that."""

AStory: TypeAlias = Story | str
"""A story, its id, its name, or the first 4 characters or more of its id."""


class StoryItems:
    """The half of ``library.stories`` that changes items; times are milliseconds.

    Every change is one commit, and gives what ``undo`` takes. Stories of linked sources are only
    read: what would change one is refused.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        story: AStory,
        generation_ids: Sequence[str] | str,
        *,
        at_ms: int | None = None,
        track: int | None = None,
        version: str | None = None,
        gap_ms: int = 0,
    ) -> StoryChange:
        """Add generations, by their whole ids, one behind the other with ``gap_ms`` between them.

        They begin at ``at_ms``, or behind the last item of the track, which is 0 where none is
        named. ``version`` pins what ``versions.get`` takes; without it the default is played,
        whichever that is by then.

        Raises:
            BadInput: a place, a track or a gap can't be meant, or nothing or too much was named.
            NotFound: there is no such story, generation or version.
            Conflict: the story is a linked source's or deleted, or a generation is in the trash or
                has no audio (yet).
            LibraryError: it can't be written.
        """
        meant = self._story_id(story)
        clips = [self._clip(one, version) for one in _named(generation_ids)]
        gap = story_editing.whole(gap_ms, "gap")
        if gap < 0:
            raise BadInput("a gap can't be less than nothing", f"{gap:,} ms were given")
        number = 0 if track is None else track

        def put(scene: Scene) -> list[StoryItem]:
            at = _end_of(scene, number, gap) if at_ms is None else at_ms
            added = []
            for generation, chosen, length in clips:
                place = story_editing.placing(at, number, length)
                added.append(
                    StoryItem(
                        id=new_id(),
                        story_id=meant,
                        generation_id=generation.id,
                        version_id=None if version is None else chosen.id,
                        start_ms=place.start_ms,
                        track=place.track,
                        trim_start_ms=0,
                        trim_end_ms=0,
                        volume=1.0,
                        created_at=now(),
                        generation_key=None,
                        length_ms=length,
                    )
                )
                at = place.start_ms + length + gap
            return added

        return self._change_story(meant, put)

    def move(self, item: AnItem, start_ms: int, track: int | None = None) -> StoryChange:
        """Let an item begin there, on its track where none is named.

        Raises:
            BadInput: the place or the track can't be meant.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``trim``.
        """
        return self._change_item(item, lambda shown: [story_editing.moved(shown, start_ms, track)])

    def trim(self, item: AnItem, start_ms: int, end_ms: int) -> StoryChange:
        """Leave so much out at the beginning and the end of an item's clip; it begins where it did.

        Raises:
            BadInput: a trim is less than nothing, or nothing would be left.
            NotFound: there is no such item.
            Ambiguous: several begin so.
            Conflict: its story is a linked source's, or deleted.
            LibraryError: it can't be written.
        """
        return self._change_item(
            item, lambda shown: [story_editing.trimmed(shown, start_ms, end_ms)]
        )

    def split(self, item: AnItem, at_ms: int) -> StoryChange:
        """Make two of an item at that moment of the story; nothing is heard of the cut.

        Raises:
            BadInput: the item doesn't play at that moment, or just begins.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``trim``.
        """
        return self._change_item(
            item, lambda shown: list(story_editing.split(shown, at_ms, new_id(), now()))
        )

    def set_volume(self, item: AnItem, factor: float) -> StoryChange:
        """Let an item be so many times as loud: 0 to 4, 1 is as it is.

        Raises:
            BadInput: the factor is another.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``trim``.
        """
        return self._change_item(
            item, lambda shown: [story_editing.with_volume(shown.item, factor)]
        )

    def pin(self, item: AnItem, version: str | None) -> StoryChange:
        """Let an item always play that version, by what ``versions.get`` takes; None: the default.

        Raises:
            BadInput: its trims leave nothing of that version.
            NotFound: its generation has no such version, or is gone; or as for ``trim``.
            Ambiguous, Conflict, LibraryError: as for ``trim``.
        """
        return self.edit(item, ItemWish(version=version, unpin=version is None))

    def edit(self, item: AnItem, wish: ItemWish) -> StoryChange:
        """Move, trim, pin and set the volume of an item in one change: all that is wished, or none.

        Raises:
            BadInput: nothing is wished, or what ``move``, ``trim``, ``set_volume`` and ``pin``
                refuse, of the item as it is to be.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``pin``.
        """

        def edited(shown: SceneItem) -> list[StoryItem]:
            pin = self._pin_of(shown, wish.version) if wish.pins else None
            return [story_editing.edited(shown, wish, pin)]

        return self._change_item(item, edited)

    def remove(self, items: Sequence[AnItem] | AnItem) -> StoryChange:
        """Take items out of their story; the rest stays where it is.

        Raises:
            BadInput: none was named, or they are of several stories.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``trim``.
        """
        listed = [items] if isinstance(items, str | StoryItem | SceneItem) else list(items)
        if not listed:
            raise BadInput("no item was named")
        with self._store.transaction() as session:
            from rushes.store import write_stories

            found = [write_stories.own_item(session, item_id(one)) for one in listed]
            story = found[0][0]
            if any(other.id != story.id for other, _ in found):
                raise BadInput("these items are of several stories", "", "Name those of one.")
            gone = [shown.id for _, shown in found]
            return write_stories.change_items(session, story, (), gone, now())

    def ripple(self, story: AStory, *, track: int | None = None, gap_ms: int = 0) -> StoryChange:
        """Let the items of a track, or of each, follow each other with ``gap_ms`` between them.

        The first stays where it is, and their order what it is.

        Raises:
            BadInput: the gap can't be meant.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``rename``.
        """

        def follow(scene: Scene) -> list[StoryItem]:
            wanted = scene.tracks if track is None else (track,)
            return [
                item
                for number in wanted
                for item in story_editing.rippled(scene.on_track(number), gap_ms)
            ]

        return self._change_story(self._story_id(story), follow)

    def shift(self, item: AnItem, step: int) -> StoryChange:
        """Let an item change places with the next one of its track (1), or the one before (-1).

        Where there is none, nothing changes, and the change holds no items.

        Raises:
            BadInput: the step is another.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``trim``.
        """
        with self._store.transaction() as session:
            from rushes.store import write_stories

            story, shown = write_stories.own_item(session, item_id(item))
            scene = stories.scene(write_stories.asking(session), story.id)
            swapped = story_editing.swapped(scene.on_track(shown.item.track), shown.id, step)
            return write_stories.change_items(session, story, swapped, (), now())

    def _change_item(
        self, item: AnItem, edit: Callable[[SceneItem], list[StoryItem]]
    ) -> StoryChange:
        with self._store.transaction() as session:
            from rushes.store import write_stories

            story, shown = write_stories.own_item(session, item_id(item))
            return write_stories.change_items(session, story, edit(shown), (), now())

    def _change_story(self, story_id: str, edit: Callable[[Scene], list[StoryItem]]) -> StoryChange:
        with self._store.transaction() as session:
            from rushes.store import write_stories

            story = write_stories.own_story(session, story_id)
            scene = stories.scene(write_stories.asking(session), story_id)
            return write_stories.change_items(session, story, edit(scene), (), now())

    def _story_id(self, story: AStory) -> str:
        return story.id if isinstance(story, Story) else stories.find(self._store.reader, story).id

    def _pin_of(self, shown: SceneItem, version: str | None) -> Pin:
        if shown.generation is None:
            raise Conflict("no version can be pinned", "the take is gone")
        _, chosen, length = self._clip_of(shown.generation, version)
        return Pin(chosen, length, as_default=version is None)

    def _clip(self, generation_id: str, version: str | None) -> _Clip:
        found = history.by_ids(self._store.reader, [generation_id])
        if not found:
            raise history.missing([generation_id])
        if found[0].deleted_at is not None:
            said = f"the take {generation_id} can't be added"
            raise Conflict(said, "it is in the trash", "Restore it first.")
        return self._clip_of(found[0], version)

    def _clip_of(self, generation: Generation, version: str | None) -> _Clip:
        """A generation, the version that is meant, and how long that is."""
        versions = history.versions(self._store.reader, generation.id)
        if not versions:
            why = "it is still running" if generation.status.is_running else "it has no audio"
            raise Conflict(f"the take {generation.id} can't be heard", why)
        if version is None:
            chosen = next((one for one in versions if one.is_default), versions[0])
        else:
            chosen = pick_version(versions, version)
        facts = chosen.facts
        if facts is not None:
            return generation, chosen, frames_to_ms(facts.frames, facts.sample_rate)
        return generation, chosen, round(1000 * (generation.duration or 0.0))


_Clip: TypeAlias = "tuple[Generation, GenerationVersion, int]"


def _named(generation_ids: Sequence[str] | str) -> tuple[str, ...]:
    listed = (generation_ids,) if isinstance(generation_ids, str) else tuple(generation_ids)
    checks.ids(listed)
    if not listed:
        raise BadInput("no take was named")
    if len(listed) > limits.MOST_ADDED:
        raise BadInput("too many takes at once", f"{limits.MOST_ADDED:,} are the most")
    return listed


def _end_of(scene: Scene, track: int, gap_ms: int) -> int:
    there = scene.on_track(track)
    return max(one.end_ms for one in there) + gap_ms if there else 0


def item_id(item: AnItem) -> str:
    """The id that was given, or that of the item.

    Raises:
        BadInput: it is no text that an id could be.
    """
    if not isinstance(item, str):
        return item.id
    return valid(item, "id")
