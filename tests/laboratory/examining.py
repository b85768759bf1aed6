"""Scenarios made ready, and what is left of them examined."""

from __future__ import annotations

import os
from collections.abc import Iterable

from rushes.domain.health import Kind
from rushes.library import Library
from rushes.library.verification import verify
from rushes.store.faults import JOURNAL
from rushes.store.sqlite import DATABASE_NAME
from tests.laboratory import oracle, tally
from tests.laboratory.laboratory import Laboratory, Outcome
from tests.laboratory.model import State
from tests.laboratory.scenarios import Scenario, older
from tests.laboratory.steps import Bench, MoveIn, Step, Unpack, put_archive, put_outside

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
    state = laboratory.prepare(bench, scenario.given, before)
    if scenario.spoilt is not None:
        scenario.spoilt(bench)
    return bench, state


def bring(bench: Bench, steps: Iterable[Step]) -> None:
    """Put the files outside that these steps move in or import."""
    for step in steps:
        if isinstance(step, MoveIn):
            put_outside(bench, step.number)
        elif isinstance(step, Unpack):
            put_archive(bench, step)


def examine(bench: Bench, outcome: Outcome, *, rebuilt: bool = FULL) -> State:
    """Open what was left, and find it in a state that it may be in; gives that state.

    Verify names nothing but what such an end may leave, repair brings the library to clean, loses
    no audio and changes nothing else, and done once more it does nothing. With ``rebuilt`` the
    database is taken away at the end and made anew, to the same.
    """
    if "broken" in outcome.leaves:
        assert verify(bench.takes, repair=True).is_sound
    with Library.open(bench.takes) as library:
        state = oracle.observed(library)
        possible = tuple(one.opened_anew() for one in outcome.possible)
        if "broken" in outcome.leaves:
            # Who was making what is no truth that a journal keeps.
            possible += outcome.possible
        wrong = oracle.differences(state, possible)
        assert not wrong, f"struck at {outcome.struck}:\n{wrong}"
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
        again = library.health.repair()
        assert again.is_sound
        assert again.mended == 0
        assert oracle.audio_files(library) == audio
        assert oracle.observed(library) == state
    oracle.sound(bench.takes)
    if rebuilt and (bench.takes / JOURNAL).exists():
        _rebuild(bench, state, audio)
    return state


def _rebuild(bench: Bench, state: State, audio: list[str]) -> None:
    (bench.takes / DATABASE_NAME).unlink()
    assert verify(bench.takes, repair=True).is_sound
    with Library.open(bench.takes) as library:
        assert not oracle.differences(oracle.observed(library), (state,))
        assert oracle.audio_files(library) == audio
