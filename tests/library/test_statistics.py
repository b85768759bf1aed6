"""Statistics add up to what the rows say."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from rushes.domain.filter_language import parse
from rushes.domain.generation import Status
from rushes.domain.query import HistoryQuery
from rushes.domain.statistics import LENGTH_BOUNDS, Totals
from rushes.library import Library
from tests.library.takes import RATE, Take, fill, tone


@pytest.fixture(params=["UTC", "Pacific/Auckland", "America/New_York", "Asia/Kathmandu"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_shares_add_up(library: Library) -> None:
    takes = [
        Take(profile="Anna", engine="qwen", duration=1.5, rating=3, is_favorited=True),
        Take(profile="Anna", engine="luxtts", language="de", duration=0.5),
        Take(profile="Robot", status=Status.FAILED),
        Take(profile="Robot", status=Status.PENDING, language="de"),
        Take(profile="Anna", duration=99.0, rating=1),
    ]
    ids = fill(library, takes)
    library.generations.delete(ids[-1:])
    read = library.statistics.read()
    assert (read.generations, read.duration, read.bytes) == (4, 2.0, 0)
    assert (read.favorites, read.rated, read.in_trash) == (1, 1, 1)
    assert [(share.label, share.generations, share.duration) for share in read.profiles] == [
        ("Anna", 2, 2.0),
        ("Robot", 2, 0.0),
    ]
    assert read.profiles[0].key == library.profiles.get("Anna").id
    assert [(share.key, share.generations) for share in read.engines] == [
        ("qwen", 3),
        ("luxtts", 1),
    ]
    assert {share.key: share.generations for share in read.languages} == {"en": 2, "de": 2}
    assert {share.key: share.generations for share in read.statuses} == {
        "completed": 2,
        "failed": 1,
        "pending": 1,
    }
    assert sum(read.lengths) == 2
    assert len(read.lengths) == len(LENGTH_BOUNDS) + 1
    assert library.statistics.totals() == Totals(4, 2.0, 0)


def test_lengths_are_counted_by_their_upper_bound(library: Library) -> None:
    durations = [0.0, 1.0, 1.0001, 60.0, 60.1, 5000.0]
    fill(library, [Take(duration=duration) for duration in durations])
    lengths = library.statistics.read().lengths
    assert (lengths[0], lengths[1], lengths[-2], lengths[-1]) == (2, 1, 1, 2)


def test_tenths_of_seconds_do_not_drift(library: Library) -> None:
    fill(library, [Take(duration=0.1) for _ in range(1000)])
    assert library.statistics.totals().duration == 100.0
    assert library.statistics.read().duration == 100.0


def test_bytes_are_those_of_all_versions_outside_the_trash(library: Library) -> None:
    takes = [
        library.generations.record(profile="A", text="x", audio=tone(length), sample_rate=RATE)
        for length in (0.1, 0.2, 0.3)
    ]
    sizes = [library.audio.path(take).stat().st_size for take in takes]
    library.generations.delete([takes[1].id])
    assert library.statistics.totals().bytes == sizes[0] + sizes[2]
    read = library.statistics.read()
    assert read.bytes == read.profiles[0].bytes == sizes[0] + sizes[2]


def test_days_are_those_of_the_local_clock(library: Library, zone: str) -> None:
    assert zone
    # Across both changes of the clock, at every hour.
    fill(library, [Take(minutes=60 * hour) for hour in range(0, 24 * 280, 5)])
    takes = library.generations.view().rows(0, 10_000)
    expected: Counter[date] = Counter(take.created_at.astimezone().date() for take in takes)
    days = library.statistics.read().days
    assert dict(days) == expected
    assert [day for day, _ in days] == sorted(expected)


def test_statistics_of_a_question_are_of_its_answer(library: Library) -> None:
    fill(library, [Take(rating=rating, duration=1.0) for rating in (None, 1, 4, 5)])
    read = library.statistics.read(HistoryQuery(filter=parse("rating:>3"), limit=1))
    assert (read.generations, read.duration, read.rated) == (2, 2.0, 2)


def test_an_empty_library_has_empty_statistics(library: Library) -> None:
    read = library.statistics.read()
    assert (read.generations, read.duration, read.bytes, read.days) == (0, 0.0, 0, ())
    assert set(read.lengths) == {0}
    assert library.statistics.totals() == Totals(0, 0.0, 0)
