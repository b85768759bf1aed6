"""Counters and the text index stay in step with the rows, whatever is done to them."""

from __future__ import annotations

import pytest

from rushes.domain.generation import Status
from rushes.domain.query import HistoryQuery
from rushes.domain.statistics import Totals
from rushes.library import Library
from tests.library.somebody import Somebody
from tests.library.takes import Take, fill

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
