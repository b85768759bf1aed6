"""Killed at any change of a recorded command or a watched folder: a take once, or not yet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from rushes.cli.main import run
from rushes.domain.arrivals import Given
from rushes.domain.generation import Status
from rushes.errors import RushesError
from rushes.library import Library
from rushes.library.runs import INTERRUPTED
from tests.laboratory import oracle, tally
from tests.laboratory.examining import FULL
from tests.laboratory.laboratory import Laboratory
from tests.laboratory.model import Kept, State, heard
from tests.laboratory.shim import How, Strike
from tests.laboratory.steps import STRAY, Bench, Place, Record, put_outside

_STRIDE = 1 if FULL else 17


@dataclass(frozen=True, slots=True)
class Synthesize:
    """``rushes record`` around a command that copies clip 1."""

    leaves = STRAY

    def run(self, at: Place) -> None:
        clip = at.bench.outside / "1.wav"
        tempfile.tempdir = str(at.bench.root)
        command = ["--", "cp", str(clip), "{out}"]
        said = ["record", "--profile", "Anna", "--text", "made"]
        if code := run(["--library", str(at.bench.takes), *said, *command]):
            raise RushesError(f"it ended with {code}")

    def after(self, state: State) -> State:
        return state


@dataclass(frozen=True, slots=True)
class Watch:
    """Two looks at a folder with clips 1 and 2, which are moved in if ``move``."""

    move: bool
    leaves = STRAY

    def run(self, at: Place) -> None:
        take_in(at.library, at.bench, move=self.move)

    def after(self, state: State) -> State:
        return state


def take_in(library: Library, bench: Bench, *, move: bool) -> int:
    watched = library.watching.watch(bench.outside, Given(profile="Anna"), move=move)
    return sum(1 for at in (1.0, 2.0) for arrived in watched.look(at) if arrived.take)


def struck(
    laboratory: Laboratory,
    step: Synthesize | Watch,
    how: How,
    examined: Callable[[Library, Bench], None],
) -> None:
    """Take the step again and again, struck at a later change each time; all must be well after."""
    bench = laboratory.bench()
    laboratory.prepare(bench, (Record("before", "Anna", 9),), State())
    for number in (1, 2):
        put_outside(bench, number)
    at = 1
    while True:
        with laboratory.copy(bench) as copy:
            outcome = laboratory.run(copy, [step], [State()], Strike(at, how))
            with Library.open(copy.takes) as library:
                tally.kills[type(step).__name__] += outcome.killed
                examined(library, copy)
                assert library.derived.check() == ()
                assert library.health.repair().is_sound
                assert library.health.check(deep=True).is_sound
            oracle.sound(copy.takes)
        if outcome.finished:
            break
        at += _STRIDE


@pytest.mark.parametrize("how", [How.KILL, How.TEAR], ids=["before", "within"])
def test_a_kill_at_any_change_of_a_recorded_command(laboratory: Laboratory, how: How) -> None:
    seen: list[object] = []

    def examined(library: Library, bench: Bench) -> None:  # noqa: ARG001  # as the others are called
        kept = oracle.observed(library).kept.get("made")
        assert kept in (
            None,
            Kept("Anna", Status.FAILED, error=INTERRUPTED),
            Kept("Anna", audio=heard(1)),
        )
        seen.append(kept)

    struck(laboratory, Synthesize(), how, examined)
    assert seen[-1] == Kept("Anna", audio=heard(1))
    assert len({str(kept) for kept in seen}) == 3


@pytest.mark.parametrize("move", [False, True], ids=["copied", "moved"])
def test_a_kill_at_any_change_of_a_watched_folder(laboratory: Laboratory, move: bool) -> None:
    def examined(library: Library, bench: Bench) -> None:
        if bench.outside.is_dir():
            there = {path.name for path in bench.outside.iterdir()}
            taken = {f"{text}.wav" for text in oracle.observed(library).kept}
            assert {"1.wav", "2.wav"} <= there | taken
            assert move or there == {"1.wav", "2.wav"}
        take_in(library, bench, move=move)
        kept = oracle.observed(library).kept
        assert {text: one.audio for text, one in kept.items() if text != "before"} == {
            "1": heard(1),
            "2": heard(2),
        }
        assert take_in(library, bench, move=move) == 0

    struck(laboratory, Watch(move), How.KILL, examined)
