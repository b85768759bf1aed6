"""Whatever a library was doing when it was killed, it is whole afterwards."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from rushes.errors import AudioMissing
from tests.laboratory import tally
from tests.laboratory.examining import FULL, bring, examine, prepared
from tests.laboratory.laboratory import Laboratory
from tests.laboratory.model import State
from tests.laboratory.scenarios import SCENARIOS, Scenario, at_random
from tests.laboratory.shim import How, Strike
from tests.laboratory.steps import Place, Purge, Record, Step, ids

STRIDE = 1 if FULL else 23
CHAINS = 40 if FULL else 2
LINKS = 12 if FULL else 6


@pytest.mark.parametrize("how", [How.KILL, How.TEAR], ids=["before", "within"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_kill_at_any_change_leaves_a_whole_library(
    laboratory: Laboratory, scenario: Scenario, how: How
) -> None:
    bench, state = prepared(laboratory, scenario)
    at = 1 + len(scenario.name) % STRIDE
    while True:
        with laboratory.copy(bench) as copy:
            outcome = laboratory.run(copy, scenario.under_the_knife, [state], Strike(at, how))
            if outcome.finished:
                break
            assert outcome.killed
            tally.kills[scenario.name] += 1
            examine(copy, outcome, rebuilt=FULL or at % 5 == 0)
        at += STRIDE
    assert outcome.changes


@pytest.mark.parametrize("seed", range(CHAINS))
def test_a_library_that_is_killed_again_and_again_is_whole(
    laboratory: Laboratory, seed: int
) -> None:
    chance = random.Random(seed)
    bench = laboratory.bench()
    states: Sequence[State] = [laboratory.prepare(bench, (), State())]
    leaves: frozenset[str] = frozenset()
    for link in range(LINKS):
        steps = at_random(chance, states[0], 6, link * 6)
        bring(bench, steps)
        how = chance.choice([How.KILL, How.TEAR])
        outcome = laboratory.run(bench, steps, states, Strike(chance.randint(1, 90), how))
        leaves |= outcome.leaves
        tally.kills["at random"] += outcome.killed
        states = [examine(bench, replace(outcome, leaves=leaves))]


@dataclass(frozen=True, slots=True)
class Carelessly:
    """Takes a take's file away before its row: what rushes itself never does."""

    text: str
    leaves: frozenset[str] = frozenset()

    def run(self, at: Place) -> None:
        (identity,) = ids(at.library, (self.text,))
        at.library.audio.path(at.library.generations.get(identity)).unlink()
        at.library.trash.purge(identity)

    def after(self, state: State) -> State:
        return state.without([self.text])


def test_the_laboratory_notices_what_is_lost(laboratory: Laboratory) -> None:
    bench = laboratory.bench()
    state = laboratory.prepare(bench, [Record("one", "Anna", 1)], State())
    with laboratory.copy(bench) as copy:
        outcome = laboratory.run(copy, [Carelessly("one")], [state], Strike(2, How.KILL))
        assert outcome.killed
        with pytest.raises(AudioMissing):
            examine(copy, outcome)


def test_every_kind_of_change_is_seen(laboratory: Laboratory) -> None:
    bench = laboratory.bench()
    state = laboratory.prepare(bench, [Record("one", "Anna", 1)], State())
    steps: list[Step] = [Record("two", "Anna", 2), Purge(("one",))]
    trace = laboratory.run(bench, steps, [state], traced=True).trace
    seen = {line.split(" ")[1] for line in trace}
    assert {"create", "write", "flush", "rename", "unlink", "cut", "mkdir"} <= seen
    assert len(trace) > 40
