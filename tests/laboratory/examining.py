"""Scenarios made ready, and what is left of them examined."""

from __future__ import annotations

import os
from collections.abc import Iterable

from rushes.domain.health import Kind
from rushes.library import Library
from tests.laboratory import oracle, tally
from tests.laboratory.laboratory import Laboratory, Outcome
from tests.laboratory.model import State
from tests.laboratory.scenarios import Scenario, older
from tests.laboratory.steps import Bench, MoveIn, Step, put_outside

FULL = os.environ.get("LABORATORY") == "full"
"""Every change of every scenario, instead of a few of each."""

UNCOMMITTED = {"it ends with a commit that didn't happen", "it is missing, or its end is"}
"""What a commit that didn't happen leaves of the journal; the next one puts it right."""


def prepared(laboratory: Laboratory, scenario: Scenario) -> tuple[Bench, State]:
    """A place where everything is as the scenario wants it, to be copied, and what it holds."""
    if scenario.name not in laboratory.prepared:
        laboratory.prepared[scenario.name] = _prepared(laboratory, scenario)
    return laboratory.prepared[scenario.name]


def _prepared(laboratory: Laboratory, scenario: Scenario) -> tuple[Bench, State]:
    bench = laboratory.bench()
    before = State() if scenario.format is None else older(bench, scenario.format)
    bring(bench, scenario.under_the_knife)
    return bench, laboratory.prepare(bench, scenario.given, before)


def bring(bench: Bench, steps: Iterable[Step]) -> None:
    """Put the files outside that these steps move in."""
    for step in steps:
        if isinstance(step, MoveIn):
            put_outside(bench, step.number)


def examine(bench: Bench, outcome: Outcome) -> State:
    """Open what was left, and find it in a state that it may be in; gives that state.

    Verify names nothing but what such an end may leave, repair brings the library to clean, loses
    no audio and changes nothing else, and done once more it does nothing.
    """
    with Library.open(bench.takes) as library:
        state = oracle.observed(library)
        possible = tuple(one.opened_anew() for one in outcome.possible)
        assert not oracle.differences(state, possible), outcome.struck
        assert oracle.staged(library) <= ("staged" in outcome.leaves), outcome.struck
        report = library.health.check(deep=True)
        found = {kind for kind, tally in report.tallies.items() if tally.unresolved}
        may_stray = {Kind.UNREFERENCED} if "stray" in outcome.leaves else set()
        assert found <= {Kind.JOURNAL} | may_stray, (outcome.struck, report)
        assert {one.detail for one in report.of(Kind.JOURNAL)} <= UNCOMMITTED, outcome.struck
        tally.findings.update(kind.value for kind in found)
        tally.findings["nothing"] += not found
        audio = oracle.audio_files(library)
        assert library.health.repair().is_sound
        assert library.health.repair().mended == 0
        assert library.health.check(deep=True).is_sound
        assert oracle.audio_files(library) == audio
        assert oracle.observed(library) == state
    oracle.sound(bench.takes)
    return state
