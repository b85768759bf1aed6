"""Counters and the text index stay in step with the rows, whatever is done to them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from rushes.domain.generation import Status
from rushes.domain.query import HistoryQuery
from rushes.domain.statistics import Totals
from rushes.library import Library
from tests.library.takes import RATE, Take, fill, tone

FORGETS = (
    "INSERT INTO text_index (text_index, rowid, words)"
    " VALUES ('delete', 1, 'hello' || char(1) || char(1))"
)


def _recounted(library: Library) -> Totals:
    takes = library.generations.list(HistoryQuery(limit=1000)).items
    held = [version for take in takes for version in library.versions.list(take.id)]
    microseconds = sum(round((take.duration or 0) * 1_000_000) for take in takes)
    size = sum(version.facts.bytes for version in held if version.facts is not None)
    return Totals(len(takes), microseconds / 1e6, size)


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


def test_every_kind_of_change_keeps_them_in_step(library: Library) -> None:
    somebody = Somebody(library, seed=11)
    for number in range(150):
        somebody.acts()
        if number % 10 == 0:
            assert library.derived.check() == ()
            assert library.statistics.totals() == _recounted(library)
    library.trash.empty()
    assert library.derived.check() == ()
    assert library.statistics.read().in_trash == library.trash.count() == 0


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE counters SET microseconds = microseconds + 1", "counters"),
        ("DELETE FROM counted_times", "counted_times"),
        ("INSERT INTO counted_lengths VALUES (7, 7)", "counted_lengths"),
        ("DELETE FROM tagged", "tagged"),
        ("INSERT INTO text_index (rowid, words) VALUES (9999, 'ghost')", "text index"),
        (FORGETS, "text index"),
    ],
)
def test_what_is_out_of_step_is_noticed_and_made_anew(
    library: Library, damage: str, told: str
) -> None:
    fill(library, [Take(text="Hello", duration=1.0, tags=("keep",)), Take(status=Status.FAILED)])
    before = library.statistics.read()
    with library._store.transaction() as session:
        session.connection().exec_driver_sql(damage)

    (found,) = library.derived.check()

    assert told in found
    library.derived.rebuild()
    assert library.derived.check() == ()
    assert library.statistics.read() == before
