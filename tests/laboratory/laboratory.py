"""Experiments on a library: a child works and is struck at the N-th change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from pathlib import Path
from signal import SIGKILL

from tests.laboratory.model import State
from tests.laboratory.server import Answer, Experiment
from tests.laboratory.shim import PEACE, Strike
from tests.laboratory.steps import Bench, MoveIn, Step, put_outside

_PROJECT = Path(__file__).parents[2]
_SERVER = "import sys; from tests.laboratory.server import main; main(int(sys.argv[1]))"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a child, and the states that its library may be in."""

    killed: bool
    possible: tuple[State, ...]
    leaves: frozenset[str]
    refusals: tuple[str, ...]
    changes: int
    struck: str
    trace: tuple[str, ...]

    @property
    def finished(self) -> bool:
        """Whether no change was struck: N lay beyond the last."""
        return not self.struck


class Laboratory:
    """A server that forks children; experiments on copies of prepared libraries."""

    def __init__(self, shim: Path, folder: Path) -> None:
        self._folder = folder
        self._ours, theirs = Pipe()
        environment = {
            **os.environ,
            "LD_PRELOAD": str(shim),
            # Threads of a mathematics library would be lost in a fork.
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._server = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(theirs.fileno())],
            env=environment,
            cwd=_PROJECT,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._runs = 0
        self.prepared: dict[str, tuple[Bench, State]] = {}

    def close(self) -> None:
        """End the server."""
        self._ours.close()
        self._server.wait(30)

    def bench(self) -> Bench:
        """A fresh place to work at."""
        self._runs += 1
        return Bench(self._folder / f"run-{self._runs}")

    @contextmanager
    def copy(self, prepared: Bench) -> Iterator[Bench]:
        """A copy of a prepared place, for one experiment."""
        bench = self.bench()
        shutil.copytree(prepared.root, bench.root)
        try:
            yield bench
        finally:
            shutil.rmtree(bench.root)

    def ask(self, experiment: Experiment) -> Answer:
        """Have a child take the steps."""
        self._ours.send(experiment)
        answer = self._ours.recv()
        assert isinstance(answer, Answer)
        return answer

    def run(
        self,
        bench: Bench,
        steps: Sequence[Step],
        possible: Sequence[State],
        strike: Strike = PEACE,
        *,
        retried: bool = True,
        traced: bool = False,
    ) -> Outcome:
        """Take steps from one of the ``possible`` states on; gives what they came to."""
        experiment = Experiment(bench.root, tuple(steps), strike, retried, traced)
        return _outcome(self.ask(experiment), steps, possible)

    def prepare(self, bench: Bench, steps: Sequence[Step], state: State) -> State:
        """Take steps in peace."""
        for step in steps:
            if isinstance(step, MoveIn):
                put_outside(bench, step.number)
        bench.root.mkdir(parents=True, exist_ok=True)
        outcome = self.run(bench, steps, [state])
        (only,) = outcome.possible
        assert not outcome.refusals, outcome.refusals
        return only


def _outcome(answer: Answer, steps: Sequence[Step], possible: Sequence[State]) -> Outcome:
    lines = [line.split(" ", 1) for line in answer.lines]
    told: dict[str, list[str]] = {}
    for word, rest in lines:
        told.setdefault(word, []).append(rest)
    assert "crashed" not in told, told["crashed"][0]
    assert answer.ended in (0, -SIGKILL), answer
    states = list(possible)
    leaves: frozenset[str] = frozenset()
    done = {int(number) for number in told.get("done", [])}
    for number in dict.fromkeys(int(number) for number in told.get("begun", [])):
        step = steps[number]
        followed = [step.after(state) for state in states]
        if number in done:
            states = followed
        else:
            # Cut off or refused: all of it, or nothing.
            states += followed
            leaves |= step.leaves
    return Outcome(
        killed=answer.ended == -SIGKILL,
        possible=tuple(states),
        leaves=leaves,
        refusals=tuple(told.get("refused", [])),
        changes=int(told.get("changes", ["0"])[0]),
        struck=told.get("struck", [""])[0],
        trace=tuple(told.get("did", [])),
    )
