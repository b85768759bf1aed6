"""One of several processes at one library: records, deletes and marks for as long as it is told.

Says ``ready``, waits for a line, works, and prints what its own takes should be then.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rushes.errors import NotFound, RushesError
from rushes.library import Library
from tests.library.takes import RATE, tone


@dataclass
class Ledger:
    """What one process did. Its takes by id: here with their rating, or in the trash."""

    here: dict[str, int | None] = field(default_factory=dict)
    trashed: dict[str, int | None] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)


class Worker:
    """Random operations on its own takes, and on tags of everybody's."""

    def __init__(self, library: Library, name: str) -> None:
        self._library = library
        self._name = name
        self._chance = random.Random(name)
        self.ledger = Ledger()

    def work(self, seconds: float) -> None:
        """Go on for so long; what is refused is noted."""
        ends = time.monotonic() + seconds
        acts = [self._record, self._record, self._delete, self._restore, self._purge, self._mark]
        while time.monotonic() < ends:
            act = self._chance.choice(acts)
            try:
                act()
            except RushesError as error:
                self.ledger.refused.append(f"{act.__name__}: {type(error).__name__}: {error}")
            else:
                self.ledger.done[act.__name__] += 1

    def _record(self) -> None:
        take = self._library.generations.record(
            profile=f"Voice {self._chance.randint(1, 3)}",
            text=f"{self._name} {self.ledger.done.total()}",
            audio=tone(0.05),
            sample_rate=RATE,
        )
        self.ledger.here[take.id] = None

    def _delete(self) -> None:
        for identity in self._some(self.ledger.here):
            self._library.generations.delete(identity)
            self.ledger.trashed[identity] = self.ledger.here.pop(identity)

    def _restore(self) -> None:
        for identity in self._some(self.ledger.trashed):
            self._library.trash.restore(identity)
            self.ledger.here[identity] = self.ledger.trashed.pop(identity)

    def _purge(self) -> None:
        some = self._some(self.ledger.trashed)
        self._library.trash.purge(some)
        for identity in some:
            del self.ledger.trashed[identity]

    def _mark(self) -> None:
        rating = self._chance.randint(1, 5)
        some = self._some(self.ledger.here)
        self._library.generations.rate(some, rating)
        self.ledger.here.update(dict.fromkeys(some, rating))
        for take in self._library.generations.list().items[:1]:
            try:
                self._library.generations.tag(take.id, self._name)
            except NotFound:
                continue  # somebody purged it this moment

    def _some(self, takes: dict[str, int | None]) -> list[str]:
        return self._chance.sample(sorted(takes), min(2, len(takes)))


def main(folder: Path, name: str, seconds: float) -> None:
    """Work on the library in ``folder`` and print the ledger."""
    with Library.open(folder) as library:
        library.warm()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        worker = Worker(library, name)
        worker.work(seconds)
        json.dump(vars(worker.ledger), sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
