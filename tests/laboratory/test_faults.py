"""Whatever the disk refuses, it is told in a line, nothing is lost, and afterwards all works."""

from __future__ import annotations

import errno
from dataclasses import dataclass, replace

import pytest

from rushes.media.ballast import BALLAST
from rushes.store import sqlite
from rushes.store.sqlite import DATABASE_NAME
from tests.laboratory import tally
from tests.laboratory.examining import FULL, examine, prepared
from tests.laboratory.laboratory import Laboratory
from tests.laboratory.model import State
from tests.laboratory.scenarios import GIVEN, SCENARIOS, Scenario
from tests.laboratory.shim import NEEDS_LEAVE, NEEDS_ROOM, Change, How, Strike
from tests.laboratory.steps import NOTHING, STRAY, Delete, Empty, Open, Place, Purge, Step


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to fail; ``leaves`` is what may lie about afterwards.

    Every ``stride``-th change is tried, in the full run twenty times as many.
    """

    name: str
    strike: Strike
    leaves: frozenset[str]
    retried: bool = True
    stride: int = 61


FAULTS = (
    Fault("full", Strike(0, How.FAIL_ON, NEEDS_ROOM, errno.ENOSPC), NOTHING),
    Fault("full halfway", Strike(0, How.SHORTEN, NEEDS_ROOM, errno.ENOSPC), NOTHING),
    Fault("over quota", Strike(0, How.FAIL_ONCE, NEEDS_ROOM, errno.EDQUOT), NOTHING),
    # A flush that failed may have reached the disk: nobody can say, so it isn't tried again.
    Fault("broken", Strike(0, How.FAIL_ONCE, Change.ANY, errno.EIO), STRAY, retried=False),
    Fault("broken for good", Strike(0, How.FAIL_ON, Change.ANY, errno.EIO), STRAY, retried=False),
    Fault("forbidden", Strike(0, How.FAIL_ON, NEEDS_LEAVE, errno.EACCES), STRAY, stride=4),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.name.replace(" ", "-"))
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_failure_at_any_change_loses_nothing(
    laboratory: Laboratory, scenario: Scenario, fault: Fault
) -> None:
    bench, state = prepared(laboratory, scenario)
    stride = max(1, fault.stride // 20) if FULL else fault.stride
    at = 1 + (len(scenario.name) * len(fault.name)) % stride
    while True:
        with laboratory.copy(bench) as copy:
            outcome = laboratory.run(
                copy,
                scenario.under_the_knife,
                [state],
                replace(fault.strike, at=at),
                retried=fault.retried,
            )
            if outcome.finished:
                break
            assert not outcome.killed
            # What was refused was done when it was tried again: each once, in words of one line.
            assert len(outcome.refusals) <= 1, outcome.refusals
            assert not any("\\n" in refusal for refusal in outcome.refusals)
            tally.faults[fault.name] += 1
            # With the database itself in half nobody can tell whether a row names the new file.
            halfway = outcome.struck.endswith(f"/{DATABASE_NAME}")
            leaves = STRAY if halfway else fault.leaves
            if scenario.spoilt:
                leaves |= {"broken"}
            examine(copy, replace(outcome, leaves=leaves))
        at += stride


@pytest.mark.parametrize("step", [Empty(), Purge(("one", "two", "three"))])
def test_on_a_full_disk_the_ballast_lets_the_trash_be_emptied(
    laboratory: Laboratory, step: Step
) -> None:
    steps = (Delete(("one", "two", "three")),)
    bench, state = prepared(laboratory, Scenario("full", (*GIVEN, *steps), ()))
    assert (bench.takes / BALLAST).exists()
    full = Strike(1, How.FAIL_ON, NEEDS_ROOM, errno.ENOSPC, freed_by=BALLAST)
    with laboratory.copy(bench) as copy:
        outcome = laboratory.run(copy, [step], [state], full)
        assert outcome.struck
        assert outcome.refusals == ()
        assert examine(copy, outcome) == step.after(state).opened_anew()


@dataclass(frozen=True, slots=True)
class Impatiently:
    """Waits for no lock from now on."""

    leaves: frozenset[str] = NOTHING

    def run(self, at: Place) -> None:  # noqa: ARG002  # what a step takes
        sqlite.BUSY_TIMEOUT = 0.01

    def after(self, state: State) -> State:
        return state


@pytest.mark.parametrize("error", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_recognised(laboratory: Laboratory, error: int) -> None:
    bench, state = prepared(laboratory, Scenario("no locks", GIVEN, ()))
    unlocked = Strike(1, How.FAIL_ON, Change.LOCK, error)
    with laboratory.copy(bench) as copy:
        outcome = laboratory.run(copy, [Impatiently(), Open()], [state], unlocked)
        (told,) = outcome.refusals
        assert "can't be locked" in told
        examine(copy, outcome)
