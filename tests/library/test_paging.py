"""Pages and views: every order is total, and nothing is skipped or told twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rushes.domain.filter_language import parse
from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.text import fold
from rushes.errors import BadInput, Interrupted
from rushes.library import Library
from rushes.store import answers
from tests.library.takes import Take, everything, fill

TEXTS = ("Same words", "same words", "Élan", "elan", "", "Z", "longer " * 60 + "a", "longer " * 60)


def some_takes(count: int, seed: int = 7) -> Iterator[Take]:
    chance = random.Random(seed)
    for _ in range(count):
        yield Take(
            text=chance.choice(TEXTS),
            profile=chance.choice(["Anna", "anna", "Robot"]),
            rating=chance.choice([None, None, 1, 5]),
            duration=chance.choice([None, 0.0, 1.5, 2.25, 1 / 3]),
            minutes=chance.randint(0, 12),
        )


def in_order(takes: list[Generation], sort: Sort) -> list[Generation]:
    newest = sorted(takes, key=lambda take: (take.created_at, take.seq), reverse=True)
    match sort:
        case Sort.NEWEST:
            return newest
        case Sort.OLDEST:
            return newest[::-1]
        case Sort.LONGEST:
            return sorted(newest, key=lambda take: 1.0 if take.duration is None else -take.duration)
        case Sort.RATING:
            return sorted(newest, key=lambda take: -(take.rating or 0))
        case Sort.PROFILE:
            return sorted(newest, key=lambda take: (fold(take.profile_name), take.profile_name))
        case Sort.TEXT:
            # SQLite's substr() ends at a NUL.
            return sorted(newest, key=lambda take: fold(take.text).partition("\0")[0][:200])


@pytest.mark.parametrize("sort", Sort)
def test_pages_one_after_another_are_the_whole_list(library: Library, sort: Sort) -> None:
    fill(library, some_takes(60))
    expected = in_order(list(library.generations.list(HistoryQuery(limit=1000)).items), sort)
    for limit in (1, 7, 60, 61):
        query = HistoryQuery(sort=sort, limit=limit)
        seen: list[Generation] = []
        while True:
            page = library.generations.list(query)
            assert page.total == 60
            seen.extend(page.items)
            if page.next is None:
                break
            assert len(page.items) == limit
            query = replace(query, after=page.next)
        assert [take.id for take in seen] == [take.id for take in expected]


@pytest.mark.parametrize("sort", Sort)
def test_offsets_and_cursors_reach_the_same_rows(library: Library, sort: Sort) -> None:
    fill(library, some_takes(40))
    whole = library.generations.list(HistoryQuery(sort=sort, limit=1000)).items
    for offset in (0, 1, 13, 39, 40, 500):
        page = library.generations.list(HistoryQuery(sort=sort, limit=5, offset=offset))
        assert page.items == whole[offset : offset + 5]
        assert (page.next is None) == (offset + 5 >= 40)


@pytest.mark.parametrize("sort", Sort)
def test_far_offsets_are_reached_from_the_nearer_end(
    library: Library, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_FAR", 3)
    fill(library, some_takes(40))
    whole = library.generations.list(HistoryQuery(sort=sort, limit=1000)).items
    for offset in (0, 4, 15, 25, 35, 38, 40, 500):
        page = library.generations.list(HistoryQuery(sort=sort, limit=5, offset=offset))
        assert page.items == whole[offset : offset + 5]
        assert (page.next is None) == (offset + 5 >= 40)


@pytest.mark.parametrize("sort", Sort)
def test_what_comes_in_between_two_pages_moves_nothing(library: Library, sort: Sort) -> None:
    fill(library, some_takes(50))
    before = [take.id for take in library.generations.list(HistoryQuery(sort=sort, limit=99)).items]
    seen: list[str] = []
    query = HistoryQuery(sort=sort, limit=9)
    for step in range(100):
        page = library.generations.list(query)
        seen.extend(take.id for take in page.items)
        fill(library, some_takes(3, seed=100 + step))
        if page.next is None or len(seen) > 300:
            break
        query = replace(query, after=page.next)
    assert [identity for identity in seen if identity in set(before)] == before
    assert len(seen) == len(set(seen))


def test_a_cursor_takes_the_place_of_an_offset(library: Library) -> None:
    fill(library, some_takes(20))
    first = library.generations.list(HistoryQuery(limit=5))
    after = library.generations.list(HistoryQuery(limit=5, offset=11, after=first.next))
    assert after.items == library.generations.list(HistoryQuery(limit=5, offset=5)).items


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "bm9uZQ", "W10", "WyJuZXdlc3QiXQ", "AAAA", "=" * 9]
)
def test_what_is_no_cursor_is_refused(library: Library, cursor: str) -> None:
    fill(library, some_takes(3))
    with pytest.raises(BadInput, match="cursor"):
        library.generations.list(HistoryQuery(after=cursor))


def test_a_cursor_of_another_order_is_refused(library: Library) -> None:
    fill(library, some_takes(3))
    cursor = library.generations.list(HistoryQuery(limit=1)).next
    with pytest.raises(BadInput, match="oldest"):
        library.generations.list(HistoryQuery(limit=1, sort=Sort.OLDEST, after=cursor))


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (1001, 0), (-1, 0), (5, -1)])
def test_a_page_that_cannot_be_meant_is_refused(library: Library, limit: int, offset: int) -> None:
    with pytest.raises(BadInput):
        library.generations.list(HistoryQuery(limit=limit, offset=offset))


@pytest.mark.parametrize("sort", Sort)
def test_a_view_gives_any_rows_in_any_order_of_asking(library: Library, sort: Sort) -> None:
    fill(library, some_takes(120))
    query = HistoryQuery(sort=sort)
    expected = library.generations.list(replace(query, limit=1000)).items
    chance = random.Random(3)
    counted, uncounted = library.generations.view(query), library.generations.view(query)
    assert counted.total() == 120
    for _ in range(60):
        start, count = chance.randint(0, 130), chance.randint(0, 25)
        assert counted.rows(start, count) == expected[start : start + count]
        assert uncounted.rows(start, count) == expected[start : start + count]
    for row in (0, 1, 60, 119):
        assert counted.position_of(expected[row].id) == row
    assert counted.position_of("nobody") is None


def test_a_view_keeps_its_rows_while_others_come_in(library: Library) -> None:
    fill(library, some_takes(30))
    view = library.generations.view()
    before = view.rows(0, 30)
    fill(library, [Take(minutes=99), Take(minutes=-99)])
    assert view.rows(0, 40) == before
    assert view.total() == 30
    assert view.newer() == 2
    assert library.generations.view().total() == 32


def test_newer_counts_only_what_the_view_asks_for(library: Library) -> None:
    view = library.generations.view(HistoryQuery(filter=parse("is:fav"), search="hello"))
    fill(library, [Take(), Take(is_favorited=True), Take("Other", is_favorited=True)])
    assert view.newer() == 1


def test_a_view_sees_what_is_deleted(library: Library) -> None:
    fill(library, some_takes(40))
    view = library.generations.view()
    before = list(view.rows(0, 40))
    assert view.total() == 40
    view.rows(30, 5)
    library.generations.delete([before[0].id, before[20].id])
    expected = [*before[1:20], *before[21:]]
    assert view.total() == 38
    assert list(view.rows(28, 10)) == expected[28:38]
    assert view.position_of(before[0].id) is None
    assert view.position_of(before[39].id) == 37


def test_a_view_that_was_called_off_asks_no_more(library: Library) -> None:
    fill(library, some_takes(5))
    view = library.generations.view()
    view.rows(0, 5)
    view.cancel()
    with pytest.raises(Interrupted):
        view.rows(0, 5)
    with pytest.raises(Interrupted):
        view.total()
    assert library.generations.count() == 5


def test_a_running_question_can_be_called_off(library: Library) -> None:
    from rushes.store.reader import Call

    call = Call()
    started = threading.Event()
    outcome: list[BaseException] = []

    def begins() -> int:
        started.set()
        return 0

    def asks() -> None:
        with library._store.reader.snapshot(call) as snapshot:
            snapshot._connection.create_function("started", 0, begins)
            try:
                snapshot.all(
                    "WITH RECURSIVE n(i) AS (SELECT started() UNION ALL SELECT i + 1 FROM n)"
                    " SELECT max(i) FROM n"
                )
            except BaseException as error:
                outcome.append(error)
                raise

    def runs() -> None:
        try:
            asks()
        except Interrupted as error:
            outcome.append(error)

    thread = threading.Thread(target=runs)
    thread.start()
    assert started.wait(20)
    call.cancel()
    thread.join(20)
    assert not thread.is_alive()
    assert isinstance(outcome[-1], Interrupted)
    assert library.generations.count() == 0


def test_an_empty_library_has_an_empty_view(library: Library) -> None:
    view = library.generations.view()
    assert (view.total(), view.rows(0, 60), view.newer()) == (0, (), 0)
    assert library.generations.list().next is None
    assert everything(library) == []


def test_rows_that_cannot_be_meant_are_refused(library: Library) -> None:
    with pytest.raises(BadInput):
        library.generations.view().rows(-1, 5)
