"""What a child does to comparisons, a step at a time; those that go on mean the newest one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.laboratory.model import Compared, State
from tests.laboratory.steps import NOTHING, Place, ids


@dataclass(frozen=True, slots=True)
class Compare:
    """Begin a comparison."""

    texts: tuple[str, ...]
    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.comparisons.begin(ids(at.library, self.texts))

    def after(self, state: State) -> State:
        return replace(state, compared=(Compared(self.texts), *state.compared))


@dataclass(frozen=True, slots=True)
class Decide:
    """Say of the pair that is asked about that nobody can tell, or that the one has won."""

    outcome: int
    leaves = NOTHING

    def run(self, at: Place) -> None:
        newest = at.library.comparisons.list(1)[0]
        assert newest.ranking.asks is not None
        winner = newest.ranking.asks.one if self.outcome else None
        at.library.comparisons.decide(newest, winner)

    def after(self, state: State) -> State:
        return _of_newest(state, outcomes=(*state.compared[0].outcomes, self.outcome))


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take the last decision back."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.comparisons.undo(at.library.comparisons.list(1)[0])

    def after(self, state: State) -> State:
        return _of_newest(state, outcomes=state.compared[0].outcomes[:-1])


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep a place, bin the others, none of them a favourite, and save a preset."""

    place: int
    preset: str
    leaves = NOTHING

    def run(self, at: Place) -> None:
        newest = at.library.comparisons.list(1)[0]
        at.library.comparisons.keep(newest, self.place, bin_losers=True, preset_name=self.preset)

    def after(self, state: State) -> State:
        texts = state.compared[0].texts
        winner = texts[self.place]
        losers = [text for text in texts if text != winner]
        kept = state.change([winner], favorite=True).change(losers, trashed=True)
        return _of_newest(replace(kept, presets=kept.presets | {self.preset}), kept=self.place)


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete the newest comparison."""

    leaves = NOTHING

    def run(self, at: Place) -> None:
        at.library.comparisons.delete(at.library.comparisons.list(1)[0])

    def after(self, state: State) -> State:
        return replace(state, compared=state.compared[1:])


def _of_newest(state: State, **changes: Any) -> State:
    newest, *others = state.compared
    return replace(state, compared=(replace(newest, **changes), *others))
