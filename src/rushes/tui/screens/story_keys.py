"""What keys do to the items of a story: each change at once, one after another, undoable."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rushes.tui import story_changes
from rushes.tui.screens.story_actions import StoryActions
from rushes.tui.story_changes import Meant, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from rushes.domain.generation import GenerationVersion
    from rushes.domain.story import SceneItem
    from rushes.library import Library
    from rushes.tui.changes import Done
    from rushes.tui.widgets.timeline import Timeline


@dataclass(slots=True)
class _Nudge:
    """A change by an amount: a key that repeats adds to it until it is its turn."""

    kind: str
    meant: Meant
    amount: float


class StoryKeys(StoryActions):
    """Keys that act on ``item``, the one under the cursor."""

    timeline: Timeline

    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Lock()
        self._nudge: _Nudge | None = None

    @property
    def item(self) -> SceneItem | None:
        """The item under the cursor."""
        raise NotImplementedError

    async def read(self, on: str = "") -> None:
        """Read the story and show it, with the cursor on an item."""
        raise NotImplementedError

    def head_ms(self) -> int | None:
        """Give where the playhead stands in this story; None while nothing of it plays."""
        raise NotImplementedError

    def _meant(self) -> Meant | None:
        """Give the item under the cursor where it may be changed; else say why not."""
        item, story = self.item, self._own()
        if story is None:
            return None
        if item is None:
            self.host.say("There is no item in the story yet.")
            return None
        return Meant(story.id, item.id)

    @property
    def _step_ms(self) -> int:
        view = self.timeline.view
        return 100 if view is None else view.step

    # Making changes

    def _change(
        self, make: Callable[[Library, Meant], Done], *, said: bool = True, back: str = ""
    ) -> None:
        meant = self._meant()
        if meant is not None:
            work = partial(self._in_turn, partial(_made, make, meant), said=said, back=back)
            self.host.start(self, work, group="change", exclusive=False)

    async def _in_turn(
        self, make: Callable[[Library], Done], *, said: bool = True, back: str = ""
    ) -> None:
        """Make a change after those that were asked for before, and show it."""
        async with self._turn:
            await self._make(make, said=said, back=back)

    async def _make(self, make: Callable[[Library], Done], *, said: bool, back: str = "") -> None:
        done = await self.host.desk.ask(make)
        if done.change is None:
            self.host.say(f"{done.said}.")
            return
        if said:
            self.told(done, back or "takes it back")
        else:
            self.host.desk.undo.remember(done.change)
        await self.read()

    def after_changes(self, do: Callable[[], None]) -> None:
        """Do something at once, or once the changes that were asked for are shown."""
        if not self._turn.locked():
            do()
            return

        async def work() -> None:
            async with self._turn:
                do()

        self.host.start(self, work, group="change", exclusive=False)

    def _by(self, kind: str, amount: float, make: Callable[[Library, Meant, float], Done]) -> None:
        """Change by an amount; presses that wait for their turn become one change."""
        meant = self._meant()
        if meant is None:
            return
        waiting = self._nudge
        if waiting is not None and (waiting.kind, waiting.meant) == (kind, meant):
            waiting.amount += amount
            return
        nudge = self._nudge = _Nudge(kind, meant, amount)

        async def work() -> None:
            async with self._turn:
                if self._nudge is nudge:
                    self._nudge = None  # what is pressed from now on is another change
                await self._make(
                    lambda library: make(library, nudge.meant, nudge.amount), said=False
                )

        self.host.start(self, work, group="change", exclusive=False)

    # Where it lies

    def action_shift(self, steps: int) -> None:
        """Begin some steps later, earlier by less than none."""
        self._by("shift", steps * self._step_ms, _shift)

    def action_change_track(self, by: int) -> None:
        """Put it on the track below or above."""
        self._by("track", by, _change_track)

    def action_change_places(self, step: int) -> None:
        """Change places with the next item of the track, or the one before."""
        self._change(lambda library, meant: story_changes.swap(library, meant, step))

    def action_close_gaps(self) -> None:
        """Let the items of its track follow one another."""
        self._change(story_changes.close_gaps)

    # What is heard of it

    def action_trim(self, start: int, end: int) -> None:
        """Leave out steps more at its start or end, fewer by less than none."""
        if start:
            self._by("in", start * self._step_ms, _trim_in)
        else:
            self._by("out", end * self._step_ms, _trim_out)

    def action_item_volume(self, by_db: int) -> None:
        """Let it be some dB louder."""
        self._by("volume", by_db, story_changes.louder_by)

    def action_split(self) -> None:
        """Cut it in two at the playhead where that is in it, else in the middle."""
        head = self.head_ms()
        self._change(lambda library, meant: story_changes.split(library, meant, head))

    def action_remove_item(self) -> None:
        """Take it out of the story."""
        self._change(story_changes.remove, back="brings it back")

    # Dialogs

    def action_item_values(self) -> None:
        """Type its start, track, trims and volume."""
        meant, item = self._meant(), self.item
        if meant is not None and item is not None:
            self.host.start(self, partial(self._type_values, meant, item), group="asking")

    async def _type_values(self, meant: Meant, item: SceneItem) -> None:
        from rushes.errors import BadInput
        from rushes.tui.screens.item_values import ItemValues

        values = story_changes.values_of(item)
        while True:
            answer = await self.app.push_screen_wait(ItemValues(item, values))
            if answer is None:
                return
            values = answer
            try:
                await self._in_turn(partial(_set, meant, answer))
            except BadInput as error:
                self.host.trouble(error)
            else:
                return

    def action_pin_version(self) -> None:
        """Choose which version is heard."""
        meant, item = self._meant(), self.item
        if meant is None or item is None:
            return
        if item.generation is None:
            self.host.say("The take is gone, and its versions with it.")
            return
        self.host.start(self, partial(self._pin, meant, item), group="asking")

    async def _pin(self, meant: Meant, item: SceneItem) -> None:
        from rushes.tui.screens.pin import PinDialog

        assert item.generation is not None
        generation_id = item.generation.id
        versions = await self.host.desk.ask(lambda library: library.versions.list(generation_id))
        chosen = await self.app.push_screen_wait(PinDialog(item, versions))
        if chosen is None:
            return
        version: GenerationVersion | None = chosen.version
        if (None if version is None else version.id) == item.item.version_id:
            return
        await self._in_turn(lambda library: story_changes.pin(library, meant, version))


def _made(make: Callable[[Library, Meant], Done], meant: Meant, library: Library) -> Done:
    return make(library, meant)


def _set(meant: Meant, values: Values, library: Library) -> Done:
    return story_changes.set_values(library, meant, values)


def _shift(library: Library, meant: Meant, by: float) -> Done:
    return story_changes.shift(library, meant, int(by))


def _change_track(library: Library, meant: Meant, by: float) -> Done:
    return story_changes.change_track(library, meant, int(by))


def _trim_in(library: Library, meant: Meant, by: float) -> Done:
    return story_changes.trim_by(library, meant, start_ms=int(by))


def _trim_out(library: Library, meant: Meant, by: float) -> Done:
    return story_changes.trim_by(library, meant, end_ms=int(by))
