"""Somebody at work on a library, at random."""

from __future__ import annotations

import random
from collections.abc import Callable

from rushes.domain.query import HistoryQuery
from rushes.library import Library
from tests.library.takes import RATE, tone


class Somebody:
    """Does one thing after another to a library, at random."""

    PROFILES = ("Anna", "Robot", "児玉")

    def __init__(self, library: Library, seed: int) -> None:
        self.library = library
        self.chance = random.Random(seed)
        takes = library.generations
        self.steps: list[Callable[[], object]] = [
            self.record,
            self.record,
            self.run,
            self.delete_profile,
            self.rename,
            lambda: takes.delete(self.any_of()),
            lambda: library.trash.restore(self.any_of(HistoryQuery(trashed=True))),
            lambda: library.trash.purge(self.any_of()),
            lambda: takes.favorite(self.any_of(), self.chance.random() < 0.5),
            lambda: takes.rate(self.any_of(), self.chance.choice([None, 1, 5])),
            lambda: takes.tag(self.any_of(), add=["keep", "Draft"]),
            lambda: takes.tag(self.any_of(), remove=["draft"], add=["other"]),
            lambda: takes.note(self.any_of(), "too fast"),
            self.compare,
            self.decide,
        ]

    def acts(self) -> None:
        self.chance.choice(self.steps)()

    def any_of(self, query: HistoryQuery | None = None) -> list[str]:
        ids = list(self.library.generations.ids(query or HistoryQuery()))
        return self.chance.sample(ids, min(len(ids), self.chance.randint(0, 3)))

    def record(self) -> None:
        self.library.generations.record(
            profile=self.chance.choice(self.PROFILES),
            text=self.chance.choice(["Hello", "Straße", "a\0b", ""]),
            audio=tone(self.chance.choice([0.01, 0.02])),
            sample_rate=RATE,
            engine=self.chance.choice(["qwen", "luxtts"]),
            language=self.chance.choice(["en", "de"]),
        )

    def run(self) -> None:
        run = self.library.generations.begin(
            profile=self.chance.choice(self.PROFILES), text="Later"
        )
        if self.chance.random() < 0.5:
            self.library.generations.fail(run.id, "out of memory")
        if self.chance.random() < 0.7:
            self.library.generations.complete(run.id, tone(0.03), RATE)

    def compare(self) -> None:
        found = self.library.generations.list(HistoryQuery()).items
        audible = [take.id for take in found if take.is_playable]
        if len(audible) > 2:
            some = self.chance.sample(audible, 3)
            self.library.comparisons.begin(some, blind=True, seed=self.chance.randrange(99))

    def decide(self) -> None:
        for judging in self.library.comparisons.list(1):
            if judging.ranking.asks is not None:
                self.library.comparisons.decide(judging, judging.ranking.asks.one)
            elif self.chance.random() < 0.5 and judging.ranking.winner is not None:
                self.library.comparisons.keep(judging, bin_losers=True)
            elif judging.ranking.decisions:
                self.library.comparisons.undo(judging)
            else:
                self.library.comparisons.delete(judging)

    def delete_profile(self) -> None:
        names = [one.profile.name for one in self.library.profiles.list()]
        if names:
            deleted = self.library.profiles.delete(self.chance.choice(names))
            if self.chance.random() < 0.5:
                self.library.profiles.restore(deleted)

    def rename(self) -> None:
        names = [one.profile.name for one in self.library.profiles.list()]
        if names:
            name = f"Voice {self.chance.random()}"
            self.library.profiles.rename(self.chance.choice(names), name)
