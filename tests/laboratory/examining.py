"""Scenarios made ready, and what is left of them examined."""

from __future__ import annotations

import os

from rushes.library import Library
from tests.laboratory import oracle, tally
from tests.laboratory.laboratory import Laboratory, Outcome
from tests.laboratory.model import State
from tests.laboratory.scenarios import Scenario, older
from tests.laboratory.steps import Bench, MoveIn, put_outside

FULL = os.environ.get("LABORATORY") == "full"
"""Every change of every scenario, instead of a few of each."""


def prepared(laboratory: Laboratory, scenario: Scenario) -> tuple[Bench, State]:
    """A place where everything is as the scenario wants it, to be copied, and what it holds."""
    if scenario.name not in laboratory.prepared:
        laboratory.prepared[scenario.name] = _prepared(laboratory, scenario)
    return laboratory.prepared[scenario.name]


def _prepared(laboratory: Laboratory, scenario: Scenario) -> tuple[Bench, State]:
    bench = laboratory.bench()
    before = State() if scenario.format is None else older(bench, scenario.format)
    for step in scenario.under_the_knife:
        if isinstance(step, MoveIn):
            put_outside(bench, step.number)
    return bench, laboratory.prepare(bench, scenario.given, before)


def examine(bench: Bench, outcome: Outcome) -> State:
    """Open what was left, and find it in a state that it may be in; gives that state."""
    with Library.open(bench.takes) as library:
        state = oracle.observed(library)
        assert not oracle.differences(state, outcome.possible), outcome.struck
        found = oracle.strays(library)
        assert found <= outcome.leaves, (outcome.struck, found)
        tally.findings.update(found)
        assert library.derived.check() == ()
    oracle.sound(bench.takes)
    return state
