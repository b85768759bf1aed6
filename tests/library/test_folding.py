"""Folding gives what plain Python gives: for any library, filter and order, whichever the way."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.domain.filter_language import parse
from rushes.domain.filters import Filter, Term
from rushes.domain.generation import Generation, Status
from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.takes import Fold, Listed
from rushes.domain.text import fold
from rushes.errors import BadInput, Interrupted
from rushes.library import Library
from rushes.store import folded_answers
from tests.library.takes import Take, fill
from tests.library.test_paging import in_order
from tests.library.test_search import TERMS, some_library
from tests.library.test_ways import SORTS, expected_of, limited

LONG = "long " * 50
WORDS = (
    *("Hello", "hello", "HELLO ", "Straße", "STRASSE", "", "  ", "\u3000", "\0a", "\0b", "a\0b"),
    *("a\0c", f"{LONG}one", f"{LONG}two", f"{LONG}One", " " * 201, " " * 201 + "x"),
)
TAKES = st.builds(
    Take,
    text=st.sampled_from(WORDS),
    profile=st.sampled_from(["Anna", "anna", "Robot"]),
    status=st.sampled_from([Status.COMPLETED, Status.COMPLETED, Status.FAILED, Status.PENDING]),
    rating=st.sampled_from([None, None, 1, 5]),
    is_favorited=st.sampled_from([False, False, True]),
    duration=st.sampled_from([None, 1.5, 2.25]),
    minutes=st.integers(0, 3),
)
WAYS = ("sets", "few", "a little of each")


def forget(library: Library) -> None:
    """Let the next question be answered from the beginning."""
    for memory in (library._store.reader.memory, library._store.reader.folds):
        memory.put(-1, "nothing", None)


def folds_of(rows: list[Generation]) -> list[list[Generation]]:
    """What folds together, in order: the model."""
    folds: dict[object, list[Generation]] = {}
    for row in rows:
        beginning = fold(row.text).partition("\0")[0][:200]
        has_words = bool(beginning.strip())
        folds.setdefault((row.profile_id, fold(row.text)) if has_words else row.id, []).append(row)
    return list(folds.values())


def shown_of(rows: list[Generation]) -> Generation:
    def worth(row: Generation) -> tuple[object, ...]:
        completed = row.status is Status.COMPLETED
        return completed, row.is_favorited, row.rating or 0, row.created_at, row.seq

    return max(rows, key=worth)


def laid_out(folds: list[list[Generation]], opened: list[str]) -> list[Listed]:
    """The rows of a view on these folds."""
    rows = []
    for takes in folds:
        shown = shown_of(takes)
        if len(takes) > 1 and any(take.id in opened for take in takes):
            rows.append(Listed(shown, Fold(len(takes), opened=True)))
            others = [take for take in takes if take != shown]
            rows += [Listed(take, Fold(len(takes), opened=True, member=True)) for take in others]
        else:
            rows.append(Listed(shown, Fold(len(takes))))
    return rows


def check(library: Library, query: HistoryQuery, rows: list[Generation], opened: list[str]) -> None:
    folds = folds_of(rows)
    page = library.generations.folded(replace(query, limit=100))
    found = [(one.shown.id, one.takes) for one in page.items]
    assert found == [(shown_of(takes).id, len(takes)) for takes in folds]
    assert (page.total, page.takes) == (len(folds), len(rows))
    page = library.generations.folded(replace(query, limit=2, offset=1))
    assert [(one.shown.id, one.takes) for one in page.items] == found[1:3]
    cursor, seen = None, []
    while True:
        page = library.generations.folded(replace(query, limit=3, after=cursor))
        seen += [(one.shown.id, one.takes) for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == found
    closed = library.generations.folded_view(query)
    assert closed.total() == len(folds)
    expected = laid_out(folds, opened)
    assert list(closed.opening(opened).listed(0, 100)) == expected
    view = library.generations.folded_view(query, opened)
    middle = len(expected) // 2
    assert list(view.listed(middle, 4)) == expected[middle : middle + 4]
    assert list(view.listed(0, 100)) == expected
    assert (view.total(), view.takes()) == (len(expected), len(rows))
    at = {one.generation.id: row for row, one in enumerate(expected)}
    for takes in folds:
        for take in takes:
            assert view.position_of(take.id) == at.get(take.id, at[shown_of(takes).id])
    for row, one in enumerate(expected):
        (own,) = [takes for takes in folds if one.generation in takes]
        ids = {take.id for take in own} if one.fold.closed else {one.generation.id}
        assert view.ids(row, row) == ids
    assert view.ids(0, len(expected)) == {row.id for row in rows}


@given(
    takes=st.lists(TAKES, max_size=14),
    trashed=st.integers(0, 14),
    questions=st.lists(
        st.tuples(st.lists(TERMS, max_size=1), SORTS, st.lists(st.integers(0, 13), max_size=2)),
        min_size=2,
        max_size=4,
    ),
)
@settings(max_examples=15, deadline=None)
def test_every_way_folds_as_python_does(
    takes: list[Take], trashed: int, questions: list[tuple[list[Term], Sort, list[int]]]
) -> None:
    with some_library() as library:
        ids = fill(library, takes)
        if trashed < len(ids):
            library.generations.delete(ids[trashed])
        held = list(library.generations.list(HistoryQuery(limit=100)).items)
        for terms, sort, numbers in questions:
            query = HistoryQuery(filter=Filter(tuple(terms)), sort=sort)
            rows = expected_of(held, query)
            opened = [ids[number] for number in numbers if number < len(ids)]
            opened = [name for name in opened if any(row.id == name for row in rows)]
            for way in WAYS:
                forget(library)
                with limited(way):
                    check(library, query, rows, opened)


@given(takes=st.lists(TAKES, min_size=8, max_size=14), sort=SORTS)
@settings(max_examples=8, deadline=None)
def test_the_first_folds_are_those_of_the_whole(takes: list[Take], sort: Sort) -> None:
    with some_library() as library, mock.patch.object(folded_answers, "_AHEAD", 6):
        fill(library, takes)
        held = list(library.generations.list(HistoryQuery(limit=100)).items)
        for line in ("", "-is:failed", "hello"):
            query = HistoryQuery(sort=sort, filter=parse(line))
            expected = laid_out(folds_of(expected_of(held, query)), [])
            view = library.generations.folded_view(query)
            for count in (1, 2, 3):
                assert list(view.listed(0, count)) == expected[:count]
            assert view.total() == len(expected)


def test_texts_that_begin_alike_or_say_nothing_stay_apart(library: Library) -> None:
    takes = [Take(text, profile) for text in WORDS for profile in ("Anna", "Robot", "Anna")]
    fill(library, takes)
    held = list(library.generations.list(HistoryQuery(limit=100)).items)
    for way in WAYS:
        forget(library)
        with limited(way):
            check(library, HistoryQuery(sort=Sort.TEXT), in_order(held, Sort.TEXT), [])


def test_a_fold_is_found_by_a_take_that_left_it(library: Library) -> None:
    ids = fill(library, [Take("Hello", minutes=at) for at in range(3)] + [Take("Bye", minutes=9)])
    view = library.generations.folded_view(HistoryQuery(), ids[:1])
    library.generations.delete(ids[2])
    assert [row.fold for row in view.listed(0, 9)] == [
        Fold(),
        Fold(2, opened=True),
        Fold(2, opened=True, member=True),
    ]
    assert view.position_of(ids[2]) is None
    closed = library.generations.folded_view(HistoryQuery())
    assert closed.position_of(ids[2]) == 1
    library.generations.delete(ids)
    assert closed.total() == 2
    emptied = library.generations.folded_view(HistoryQuery())
    assert emptied.position_of(ids[2]) is None
    assert emptied.total() == 0
    trash = library.generations.folded(HistoryQuery(trashed=True))
    assert [(one.shown.text, one.takes) for one in trash.items] == [("Bye", 1), ("Hello", 3)]


def test_a_view_that_was_called_off_answers_no_more(library: Library) -> None:
    fill(library, [Take("Hello")] * 2)
    view = library.generations.folded_view()
    view.cancel()
    with pytest.raises(Interrupted):
        view.total()
    assert view.again().total() == 1


def test_rows_that_come_in_while_a_view_is_looked_through_are_left_out(library: Library) -> None:
    for way in WAYS:
        with limited(way), mock.patch.object(folded_answers, "_AHEAD", 2):
            fill(library, [Take("Hello"), Take("Bye")])
            for line in ("", "-is:failed", "hello bye", "-hello"):
                query = HistoryQuery(filter=parse(line))
                view = library.generations.folded_view(query)
                expected = library.generations.count(query)
                view.listed(0, 1)
                fill(library, [Take("Hello"), Take("Bye"), Take("hello bye")])
                assert view.takes() == expected


def test_a_view_leaves_out_what_comes_in_later(library: Library) -> None:
    fill(library, [Take("Hello")] * 2)
    view = library.generations.folded_view()
    fill(library, [Take("Hello"), Take("Bye")])
    assert (view.total(), view.takes(), view.newer()) == (1, 2, 2)
    assert library.generations.folded_view().takes() == 4


def test_pages_are_checked(library: Library) -> None:
    for wrong in (HistoryQuery(limit=0), HistoryQuery(offset=-1), HistoryQuery(after="x")):
        with pytest.raises(BadInput):
            library.generations.folded(wrong)
    with pytest.raises(BadInput):
        library.generations.folded_view().listed(-1, 2)
