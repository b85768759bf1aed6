"""Forks a child for each experiment: all is imported once, no database is open when it forks.

Started with the shim preloaded; ``tests.laboratory.laboratory`` is the other end of its connection.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from rushes.errors import RushesError
from tests.laboratory.shim import PEACE, Shim, Strike
from tests.laboratory.steps import Bench, Place, Step

_LONGEST = 60
"""Seconds after which a child that hangs is ended."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Steps for a child to take in the library beneath ``root``, and the strike in its way."""

    root: Path
    steps: tuple[Step, ...]
    strike: Strike = PEACE
    retried: bool = True
    traced: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """How a child ended (0, or minus the signal) and the lines that it told."""

    ended: int
    lines: tuple[str, ...]


def _work(experiment: Experiment, told: int) -> None:
    """Take the steps; a refused one once more when nothing fails any longer, or it is the last."""
    shim = Shim()
    place = Place(Bench(experiment.root))

    def tell(*words: object) -> None:
        os.write(told, (" ".join(map(str, words)) + "\n").encode())

    if experiment.traced:
        shim.trace(told)
    shim.arm(experiment.root, experiment.strike, told)
    for number, step in enumerate(experiment.steps):
        for _ in range(2):
            tell("begun", number)
            try:
                step.run(place)
            except RushesError as error:
                tell("refused", number, type(error).__name__, ascii(str(error)))
                shim.release()
                if not experiment.retried:
                    return
            else:
                tell("done", number)
                break
    tell("changes", shim.changes())
    place.close()


def _child(experiment: Experiment, told: int) -> None:
    signal.alarm(_LONGEST)
    try:
        _work(experiment, told)
    except BaseException:  # noqa: BLE001  # whatever it is, the parent is to hear of it
        os.write(told, f"crashed {traceback.format_exc()!a}\n".encode())
    finally:
        os._exit(0)


def _answer(experiment: Experiment) -> Answer:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _child(experiment, theirs)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        told = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return Answer(os.waitstatus_to_exitcode(status), tuple(told.splitlines()))


def main(descriptor: int) -> None:
    """Answer experiments until the other end is closed."""
    for part in ("domain", "media", "store", "library"):
        package = importlib.import_module(f"rushes.{part}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    connection = Connection(descriptor)
    while True:
        try:
            experiment = connection.recv()
        except EOFError:
            return
        connection.send(_answer(experiment))
