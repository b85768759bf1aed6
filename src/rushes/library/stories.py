"""Stories: made, edited, mixed and exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain import limits
from rushes.domain.ids import new_id
from rushes.domain.story import Scene, Story, StoryChange, StoryItem, StoryState
from rushes.domain.times import now
from rushes.domain.watch import Watch, unwatched
from rushes.errors import BadInput
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.library.story_items import AnItem, AStory, StoryItems, item_id
from rushes.paths import story_cache
from rushes.store import stories
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session

    from rushes.domain.story_sound import ExportedStory, StorySound, StoryWish

_COPIED = " (copy)"


class Stories(StoryItems):
    """``library.stories``. Their items point at generations, whose audio is never copied.

    A linked source's stories are listed, played and exported, and changed only where they come
    from: ``copy`` makes one that is the library's own. A deleted story stays until ``purge``
    ends it; emptying the trash, which is of generations, leaves it be.
    """

    def __init__(self, store: Store, audio: Audio, root: Path) -> None:
        super().__init__(store)
        self._audio = audio
        self._root = root

    def list(self, *, deleted: bool = False) -> tuple[Story, ...]:
        """Every story, or the deleted ones, the one changed last first.

        Raises:
            LibraryError: the database can't be read.
        """
        return stories.listed(self._store.reader, deleted=deleted)

    def get(self, story: str) -> Story:
        """The story of that id, of that name, or whose id begins so; a deleted one goes last.

        Raises:
            NotFound: there is none.
            Ambiguous: several fit.
            LibraryError: the database can't be read.
        """
        return stories.find(self._store.reader, story)

    def items(self, story: AStory) -> tuple[StoryItem, ...]:
        """The items of a story in the order in which they begin.

        Raises:
            NotFound: there is no such story.
            LibraryError: the database can't be read.
        """
        return stories.items(self._store.reader.all, self._story_id(story))

    def item(self, item: AnItem) -> StoryItem:
        """The item of that id, or the one whose id begins so, as it is now.

        Raises:
            BadInput: the beginning is too short.
            NotFound: there is none.
            Ambiguous: several begin so.
            LibraryError: the database can't be read.
        """
        return stories.find_item(self._store.reader.all, item_id(item))

    def scene(self, story: AStory) -> Scene:
        """A story whole, as of one moment: its items with the takes and versions that they play.

        Raises:
            NotFound: there is no such story.
            LibraryError: the database can't be read.
        """
        meant = self._story_id(story)
        with self._store.reader.snapshot() as snapshot:
            return stories.scene(snapshot.all, meant)

    def using(self, generation_ids: Sequence[str] | str) -> tuple[Story, ...]:
        """The stories that use any of these generations, the one changed last first.

        Deleted stories don't count.

        Raises:
            LibraryError: the database can't be read.
        """
        return stories.using(self._store.reader.all, checks.ids(generation_ids))

    def create(self, name: str, description: str | None = None) -> StoryChange:
        """Make an empty story; several may bear one name.

        Raises:
            BadInput: the name is empty or too long.
            LibraryError: it can't be written.
        """
        moment = now()
        new = _new(
            checks.name(name, "story's name"),
            checks.optional_text(description, "description"),
            moment,
        )
        with self._store.transaction() as session:
            return _added(session, new, ())

    def copy(self, story: AStory, name: str | None = None) -> StoryChange:
        """Make a story of one's own that plays the same as another, a linked source's or not.

        Without a name it is called as that one is, with “(copy)” behind it.

        Raises:
            BadInput: the name is empty or too long.
            NotFound, Ambiguous: as for ``get``.
            LibraryError: it can't be written.
        """
        meant = self._story_id(story)
        with self._store.transaction() as session:
            from rushes.store import write_stories

            scene = stories.scene(write_stories.asking(session), meant)
            room = limits.LONGEST_NAME - len(_COPIED)
            called = f"{scene.story.name[:room]}{_COPIED}" if name is None else name
            moment = now()
            new = _new(checks.name(called, "story's name"), scene.story.description, moment)
            items = [
                replace(
                    shown.item,
                    id=new_id(),
                    story_id=new.id,
                    generation_key=shown.item.generation_key if shown.generation is None else None,
                    length_ms=shown.clip_ms or None,
                    created_at=moment,
                )
                for shown in scene.items
            ]
            return _added(session, new, items)

    def rename(self, story: AStory, name: str) -> StoryChange:
        """Give a story another name.

        Raises:
            BadInput: the name is empty or too long.
            NotFound: there is no such story.
            Ambiguous: several fit.
            Conflict: it is a linked source's, or deleted.
            LibraryError: it can't be written.
        """
        called = checks.name(name, "story's name")
        return self._change(story, lambda own: replace(own, name=called, updated_at=now()))

    def describe(self, story: AStory, description: str | None) -> StoryChange:
        """Say what a story is, or nothing any more.

        Raises:
            BadInput: the text can't be kept.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``rename``.
        """
        text = checks.optional_text(description, "description")
        return self._change(story, lambda own: replace(own, description=text, updated_at=now()))

    def revise(
        self, story: AStory, *, name: str | None = None, description: str | None = None
    ) -> StoryChange:
        """Rename and describe a story in one change; what is None stays as it is.

        An empty description takes away the one that it had.

        Raises:
            BadInput: neither was given, or as for ``rename`` and ``describe``.
            NotFound, Ambiguous, Conflict, LibraryError: as for ``rename``.
        """
        if name is None and description is None:
            raise BadInput("neither a name nor a description was given")
        called = None if name is None else checks.name(name, "story's name")
        text = checks.optional_text(description, "description")

        def revised(own: Story) -> Story:
            said = own.description if text is None else text or None
            return replace(own, name=called or own.name, description=said, updated_at=now())

        return self._change(story, revised)

    def delete(self, story: AStory) -> StoryChange:
        """Delete a story; takes are not touched, and ``restore`` brings it back as it was.

        Raises:
            NotFound, Ambiguous, Conflict, LibraryError: as for ``rename``.
        """
        return self._change(story, lambda own: replace(own, deleted_at=now()))

    def restore(self, story: AStory) -> StoryChange:
        """Bring a deleted story back as it was; one that isn't deleted stays as it is.

        Raises:
            NotFound: there is no such story.
            Ambiguous: several fit.
            Conflict: it is a linked source's.
            LibraryError: it can't be written.
        """
        meant = self._story_id(story)
        with self._store.transaction() as session:
            from rushes.store import write_stories

            before = write_stories.own_story(session, meant, deleted=True)
            write_stories.put_story(session, replace(before, deleted_at=None))
            return _changed(session, before)

    def purge(self, story: AStory) -> StoryChange:
        """Delete a story for good, deleted before or not; takes are not touched.

        Raises:
            NotFound, Ambiguous, Conflict, LibraryError: as for ``restore``.
        """
        meant = self._story_id(story)
        with self._store.transaction() as session:
            from rushes.store import write_stories

            before = write_stories.own_story(session, meant, deleted=True)
            items = stories.items(write_stories.asking(session), meant)
            write_stories.drop_story(session, meant)
        return StoryChange(meant, StoryState(before, items), StoryState(None, ()))

    def undo(self, change: StoryChange) -> StoryChange:
        """Take a change back whole, in one commit; gives what does it again.

        What others changed since of other items, or of the story itself, stays. What an item
        played may be gone by now: then it comes back as a gap.

        Raises:
            NotFound: the story is gone for good.
            Conflict: the change made the story, which holds more by now.
            LibraryError: it can't be written.
        """
        with self._store.transaction() as session:
            from rushes.store import write_stories

            write_stories.revert(session, change)
        return change.reversed()

    def export(
        self,
        story: AStory,
        target: str | Path,
        wish: StoryWish | None = None,
        watch: Watch = unwatched,
    ) -> ExportedStory:
        """Mix a story into one WAV or FLAC file, and lay subtitles and labels beside it.

        ``target`` is a file that ends with ``.wav`` or ``.flac``, or a folder, made where there is
        none, in which the story's name is the file's, with a number where that is taken. Gaps are
        silence; where the mix would pass full scale, all of it gets softer by one gain. What can't
        be heard is told.

        Raises:
            BadInput: the target lies in the library or a linked source, or the wish can't be met.
            NotFound, Ambiguous: as for ``get``.
            Conflict: nothing of the story can be heard, or a file is there already.
            TargetError: the target can't be written.
            BadAudio: a file of it is damaged.
            LibraryError: the library can't be read.
            RushesError: whatever ``watch`` raises; nothing is left in half.
        """
        from rushes.domain.exporting import AudioAlone
        from rushes.domain.story_sound import StoryWish
        from rushes.library.export_target import check_outside, target_of
        from rushes.library.story_export import export_story

        asked = StoryWish() if wish is None else wish
        scene = self.scene(story)
        place = target_of(target, AudioAlone(asked.format), single=True)
        check_outside(place.folder, self._root, self._store.reader)
        return export_story(scene, self._audio, place, asked, watch)

    def sound(self, story: AStory, watch: Watch = unwatched) -> StorySound:
        """A story as a file to be played, in the user's cache: mixed once until it changes.

        Decodes every clip twice, some hundred times as fast as they play: not for an event loop.

        Raises:
            NotFound, Ambiguous: as for ``get``.
            Conflict: nothing of it can be heard.
            BadInput: it is longer than a day, or than a WAV file can be.
            TargetError: the cache can't be written.
            BadAudio: a file of it is damaged.
            LibraryError: the library can't be read.
            RushesError: whatever ``watch`` raises; nothing is left in half.
        """
        from rushes.library.story_export import sound_of

        return sound_of(self.scene(story), self._audio, story_cache(), watch)

    def _change(self, story: AStory, edit: Callable[[Story], Story]) -> StoryChange:
        meant = self._story_id(story)
        with self._store.transaction() as session:
            from rushes.store import write_stories

            before = write_stories.own_story(session, meant)
            write_stories.put_story(session, edit(before))
            return _changed(session, before)


def _new(name: str, description: str | None, moment: datetime) -> Story:
    return Story(new_id(), name, description, moment, moment, source_id=None, items=0)


def _added(session: Session, story: Story, items: Sequence[StoryItem]) -> StoryChange:
    from rushes.store import write_stories

    write_stories.put_story(session, story)
    write_stories.put_items(session, items)
    there = stories.scene(write_stories.asking(session), story.id)
    after = StoryState(there.story, tuple(shown.item for shown in there.items))
    return StoryChange(story.id, StoryState(None, ()), after)


def _changed(session: Session, before: Story) -> StoryChange:
    from rushes.store import write_stories

    after = stories.by_id(write_stories.asking(session), before.id)
    return StoryChange(before.id, StoryState(before, ()), StoryState(after, ()))
