"""What a child does to stories, a step at a time, and what each step should come to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rushes.domain.story import StoryItem
from rushes.domain.story_editing import ItemWish
from tests.laboratory.model import Place as Item
from tests.laboratory.model import State
from tests.laboratory.steps import NOTHING, Place, ids


@dataclass(frozen=True, slots=True)
class CreateStory:
    """Begin a story."""

    name: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.stories.create(self.name)

    def after(self, state: State) -> State:
        return state.tell(self.name, ())


@dataclass(frozen=True, slots=True)
class AddItem:
    """Add a generation, which has audio and isn't in the trash."""

    name: str
    text: str
    start: int
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.stories.add(self.name, ids(at.library, (self.text,)), at_ms=self.start)

    def after(self, state: State) -> State:
        return state.tell(self.name, (*state.stories[self.name], Item(self.start, self.text)))


@dataclass(frozen=True, slots=True)
class Split:
    """Make two of the first item, which begins at 0 and is ``length`` long."""

    name: str
    at: int
    length: int
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.stories.split(_first(at, self.name), self.at)

    def after(self, state: State) -> State:
        first, *rest = state.stories[self.name]
        begins, ends = first.trims
        left = replace(first, trims=(begins, ends + self.length - self.at))
        right = replace(first, start=self.at, trims=(begins + self.at, ends))
        return state.tell(self.name, (left, right, *rest))


@dataclass(frozen=True, slots=True)
class Louder:
    """Let the first item be twice as loud and lose 1 ms of its end, in one change."""

    name: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        first = _first(at, self.name)
        wish = ItemWish(volume=2.0, trim_end_ms=first.trim_end_ms + 1)
        at.library.stories.edit(first, wish)

    def after(self, state: State) -> State:
        first, *rest = state.stories[self.name]
        begins, ends = first.trims
        changed = replace(first, volume=2.0, trims=(begins, ends + 1))
        return state.tell(self.name, (changed, *rest))


@dataclass(frozen=True, slots=True)
class RemoveFirst:
    """Take the first item out."""

    name: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.stories.remove(_first(at, self.name))

    def after(self, state: State) -> State:
        return state.tell(self.name, state.stories[self.name][1:])


@dataclass(frozen=True, slots=True)
class DeleteStory:
    """Delete a story, for good or not."""

    name: str
    for_good: bool = False
    leaves = NOTHING

    def run(self, at: Place) -> None:
        stories = at.library.stories
        (stories.purge if self.for_good else stories.delete)(self.name)

    def after(self, state: State) -> State:
        left = {name: items for name, items in state.stories.items() if name != self.name}
        return replace(state, stories=left)


def _first(at: Place, name: str) -> StoryItem:
    return at.library.stories.items(name)[0]
