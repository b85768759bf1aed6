"""Whichever way the planner takes, the answer is the one that plain Python gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.domain.filter_language import parse
from rushes.domain.filters import Filter, Term, Words
from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.text import fold
from rushes.library import Library
from rushes.store import answers, planner
from rushes.store.planner import Limits, Way, plan
from tests.library.takes import Take, fill
from tests.library.test_paging import in_order
from tests.library.test_search import ODD, TAKES, TERMS, TEXTS, holds, some_library

LIMITS = {
    "sets": Limits(small=0, few=0, short=0, walk=-1),
    "few": Limits(small=0, few=5_000, short=100, walk=-1),
    "a little of each": Limits(small=0, few=3, short=0.2, walk=1),
    "each trigram": Limits(small=0, few=0, short=100, gram=0, walk=-1),
    "the vocabulary": Limits(small=0, few=0, short=100, gram=1_000, walk=-1),
}
SORTS = st.sampled_from(Sort)
LONG = st.sampled_from(["long " * 50 + "児玉", "x" * 199 + "ab", "x" * 199 + "ab\0cd", "a\0b" * 90])


@contextmanager
def limited(name: str) -> Iterator[None]:
    with mock.patch.object(planner, "LIMITS", LIMITS[name]):
        yield


def expected_of(held: list[Generation], query: HistoryQuery) -> list[Generation]:
    sought = [take for take in held if not query.search or fold(query.search) in fold(take.text)]
    found = [take for take in sought if all(holds(term, take) for term in query.filter.terms)]
    return in_order(found, query.sort)


def check(library: Library, query: HistoryQuery, expected: list[Generation]) -> None:
    names = [take.id for take in expected]
    page = library.generations.list(replace(query, limit=100))
    assert [take.id for take in page.items] == names
    assert page.total == library.generations.count(query) == len(names)
    assert list(library.generations.ids(query)) == names
    cursor, seen = None, []
    while True:
        page = library.generations.list(replace(query, limit=3, after=cursor))
        seen += [take.id for take in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == names
    view = library.generations.view(query)
    middle = len(names) // 2
    assert [take.id for take in view.rows(middle, 4)] == names[middle : middle + 4]
    assert view.total() == len(names)
    assert [take.id for take in view.rows(0, 2)] == names[:2]
    if names:
        assert view.position_of(names[middle]) == middle


@pytest.mark.parametrize("way", LIMITS)
@given(
    takes=st.lists(TAKES, max_size=10),
    trashed=st.integers(0, 10),
    questions=st.lists(
        st.tuples(st.lists(TERMS, max_size=3), SORTS, st.none() | TEXTS), min_size=3, max_size=8
    ),
)
@settings(max_examples=25, deadline=None)
def test_every_way_gives_what_python_gives(
    way: str,
    takes: list[Take],
    trashed: int,
    questions: list[tuple[list[Term], Sort, str | None]],
) -> None:
    with limited(way), some_library() as library:
        ids = fill(library, takes)
        if trashed < len(ids):
            library.generations.delete(ids[trashed])
        held = list(library.generations.list(HistoryQuery(limit=100)).items)
        for terms, sort, search in questions:
            query = HistoryQuery(filter=Filter(tuple(terms)), sort=sort, search=search)
            check(library, query, expected_of(held, query))


@pytest.mark.parametrize("way", LIMITS)
@given(
    texts=st.lists(TEXTS | LONG, min_size=1, max_size=8),
    sought=st.lists(TEXTS | LONG.map(lambda text: text[-3:]), min_size=1, max_size=8),
    sort=SORTS,
)
@settings(max_examples=25, deadline=None)
def test_terms_of_any_length_are_found_literally(
    way: str, texts: list[str], sought: list[str], sort: Sort
) -> None:
    with limited(way), some_library() as library:
        fill(library, [Take(text=text) for text in texts])
        held = list(library.generations.list(HistoryQuery(limit=100)).items)
        parts = [text[at : at + size] for text in texts for size in (1, 2, 3) for at in (0, -size)]
        for search in [*sought, *parts, *ODD, "\1", "\ufffd", "\uffff", "\U0010ffff"]:
            for query in (
                HistoryQuery(search=search, sort=sort),
                HistoryQuery(filter=Filter((Words(fold(search)),)), sort=sort),
                HistoryQuery(filter=Filter((Words(fold(search), negated=True),)), sort=sort),
            ):
                names = [take.id for take in expected_of(held, query)]
                page = library.generations.list(replace(query, limit=100))
                assert [take.id for take in page.items] == names
                assert page.total == len(names)


@pytest.mark.parametrize("way", LIMITS)
@pytest.mark.parametrize("sort", Sort)
def test_a_filtered_view_keeps_its_rows_while_others_come_in(
    library: Library, sort: Sort, way: str
) -> None:
    query = HistoryQuery(filter=parse("hello -draft"), sort=sort)
    with limited(way):
        ids = fill(library, [Take(text=f"Hello {number}", minutes=number) for number in range(9)])
        view = library.generations.view(query)
        before = [take.id for take in view.rows(0, 99)]
        assert sorted(before) == sorted(ids)
        fill(library, [Take(text="Hello again", minutes=minutes) for minutes in (-5, 4, 99)])
        assert [take.id for take in view.rows(0, 99)] == before
        assert view.total() == 9
        assert view.newer() == 3
        library.generations.delete(before[4])
        assert [take.id for take in view.rows(0, 99)] == [*before[:4], *before[5:]]


@pytest.mark.parametrize("sort", Sort)
def test_a_cursor_goes_on_where_its_own_row_is_gone(library: Library, sort: Sort) -> None:
    query = HistoryQuery(filter=parse("hello"), sort=sort, limit=3)
    with limited("sets"):
        fill(library, [Take(text=f"Hello {number}", minutes=number) for number in range(9)])
        whole = [take.id for take in library.generations.list(replace(query, limit=9)).items]
        first = library.generations.list(query)
        library.generations.delete(whole[2])
        following = library.generations.list(replace(query, after=first.next))
        assert [take.id for take in following.items] == whole[3:6]


@pytest.mark.parametrize(
    ("line", "sort", "way"),
    [
        ("", Sort.TEXT, Way.WALK),
        ("is:fav engine:qwen", Sort.NEWEST, Way.WALK),
        ("is:fav engine:qwen", Sort.RATING, Way.MANY),
        ("rare", Sort.NEWEST, Way.FEW),
        ("rare is:fav -hello", Sort.LONGEST, Way.FEW),
        ("hello", Sort.NEWEST, Way.MANY),
        ("-hello", Sort.NEWEST, Way.MANY),
        ("tag:keep", Sort.TEXT, Way.FEW),
        ("玉", Sort.TEXT, Way.FEW),
        ("e", Sort.OLDEST, Way.MANY),
    ],
)
def test_the_way_follows_from_what_the_indexes_hold(
    library: Library, line: str, sort: Sort, way: Way
) -> None:
    fill(library, [Take(text="Hello, hello"), Take(text="Hello")] * 4)
    fill(library, [Take(text="Rare hello", tags=("keep",)), Take(text="児玉")])
    with limited("a little of each"), library._store.reader.snapshot() as snapshot:
        assert plan(snapshot, HistoryQuery(filter=parse(line), sort=sort)).way is way


@pytest.mark.parametrize("sort", Sort)
def test_every_order_is_walked_along_an_index(library: Library, sort: Sort) -> None:
    fill(library, [Take()])
    with library._store.reader.snapshot() as snapshot:
        planned = plan(snapshot, HistoryQuery(sort=sort))
        place = snapshot.one(
            f"SELECT {planned.order.columns} FROM {planned.tables} WHERE {planned.condition.sql}"
        )
        assert place is not None
        for stretch in planned.order.beyond(place):  # type: ignore[arg-type]
            steps = snapshot.all(
                f"EXPLAIN QUERY PLAN SELECT g.seq FROM {planned.tables}"
                f" WHERE {planned.condition.sql} AND {stretch.sql}"
                f" ORDER BY {planned.order.order_by} LIMIT 50",
                (*planned.condition.parameters, *stretch.parameters),
            )
            told = " ".join(str(step[3]) for step in steps)
            assert f"INDEX {planned.order.index}" in told
            assert "SEARCH g" in told
            assert "TEMP B-TREE" not in told


@pytest.mark.parametrize("sort", Sort)
def test_rows_near_the_end_are_walked_to_from_there(
    sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_NEAR", 5)
    monkeypatch.setattr(planner, "LIMITS", Limits(small=0, few=0, short=0, walk=60))
    with some_library() as library:
        fill(library, [Take(f"{number % 7} words", minutes=number % 5) for number in range(40)])
        held = list(library.generations.list(HistoryQuery(limit=100)).items)
        query = HistoryQuery(filter=parse("words"), sort=sort)
        names = [take.id for take in in_order(held, sort)]
        view = library.generations.view(query)
        assert view.total() == len(names) == 40
        walked = mock.Mock(side_effect=AssertionError("a set was made"))
        with mock.patch.object(answers.Answer, "_numbers", walked):
            for start, count in [(39, 5), (35, 5), (36, 2), (0, 5), (40, 3)]:
                assert [take.id for take in view.rows(start, count)] == names[start : start + count]
        for start in range(20, 40):
            assert [take.id for take in view.rows(start, 3)] == names[start : start + 3]
