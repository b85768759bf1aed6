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


def _recounted(library: Library) -> Totals:
    takes = library.generations.list(HistoryQuery(limit=1000)).items
    held = [version for take in takes for version in library.versions.list(take.id)]
    microseconds = sum(round((take.duration or 0) * 1_000_000) for take in takes)
    size = sum(version.facts.bytes for version in held if version.facts is not None)
    return Totals(len(takes), microseconds / 1e6, size)


def test_every_kind_of_change_keeps_them_in_step(library: Library) -> None:
    chance = random.Random(11)
    profiles = ("Anna", "Robot", "児玉")

    def record() -> None:
        library.generations.record(
            profile=chance.choice(profiles),
            text=chance.choice(["Hello", "Straße", "a\0b", ""]),
            audio=tone(chance.choice([0.01, 0.02])),
            sample_rate=RATE,
            engine=chance.choice(["qwen", "luxtts"]),
            language=chance.choice(["en", "de"]),
        )

    def any_of(query: HistoryQuery | None = None) -> list[str]:
        ids = list(library.generations.ids(query or HistoryQuery()))
        return chance.sample(ids, min(len(ids), chance.randint(0, 3)))

    def running() -> None:
        run = library.generations.begin(profile=chance.choice(profiles), text="Later")
        if chance.random() < 0.5:
            library.generations.fail(run.id, "out of memory")
        if chance.random() < 0.7:
            library.generations.complete(run.id, tone(0.03), RATE)

    def profile() -> None:
        names = [one.profile.name for one in library.profiles.list()]
        if not names:
            return
        deleted = library.profiles.delete(chance.choice(names))
        if chance.random() < 0.5:
            library.profiles.restore(deleted)

    def rename() -> None:
        names = [one.profile.name for one in library.profiles.list()]
        if names:
            library.profiles.rename(chance.choice(names), f"Voice {chance.random()}")

    trash = HistoryQuery(trashed=True)
    steps: list[Callable[[], object]] = [
        record,
        record,
        running,
        profile,
        rename,
        lambda: library.generations.delete(any_of()),
        lambda: library.trash.restore(any_of(trash)),
        lambda: library.trash.purge(any_of()),
        lambda: library.generations.favorite(any_of(), chance.random() < 0.5),
        lambda: library.generations.rate(any_of(), chance.choice([None, 1, 5])),
        lambda: library.generations.tag(any_of(), add=["keep", "Draft"]),
        lambda: library.generations.tag(any_of(), remove=["draft"], add=["other"]),
        lambda: library.generations.note(any_of(), "too fast"),
    ]
    for number in range(150):
        chance.choice(steps)()
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
        (
            "INSERT INTO text_index (text_index, rowid, words)"
            " VALUES ('delete', 1, 'hello' || char(1) || char(1))",
            "text index",
        ),
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
