"""Tags, notes and saved filters."""

from __future__ import annotations

import pytest

from rushes.domain.filter_language import parse
from rushes.domain.filters import SavedFilter
from rushes.domain.query import HistoryQuery
from rushes.errors import BadFilter, BadInput, NotFound
from rushes.library import Library
from tests.library.takes import Take, fill


def _found(library: Library, line: str) -> int:
    return library.generations.count(HistoryQuery(filter=library.filters.parse(line)))


def test_tags_are_given_and_taken_in_one_go(library: Library) -> None:
    ids = fill(library, [Take(), Take()])
    library.generations.tag(ids, add=["Keep", "grüße", "keep"])
    (one,) = library.generations.tag(ids[0], add="best take", remove=["KEEP", "nothing"])
    assert one.tags == ("best take", "grüße")
    assert library.generations.get(ids[1]).tags == ("grüße", "keep")
    assert library.generations.tags() == (("best take", 1), ("grüße", 2), ("keep", 1))
    assert _found(library, "tag:GRÜSSE") == 2
    assert _found(library, 'tag:"best take"') == 1
    assert _found(library, "-tag:keep is:tagged") == 1


def test_a_tag_is_written_as_it_was_last(library: Library) -> None:
    (identity,) = fill(library, [Take()])
    library.generations.tag(identity, add="Keep")
    assert library.generations.tag(identity, add="KEEP")[0].tags == ("KEEP",)


def test_tags_that_cannot_be_meant_change_nothing(library: Library) -> None:
    ids = fill(library, [Take()])
    for add in ([], ["  "], ["x" * 300]):
        with pytest.raises(BadInput):
            library.generations.tag(ids, add=add)
    with pytest.raises(NotFound):
        library.generations.tag([*ids, "nobody"], add="keep")
    assert library.generations.tags() == ()


def test_a_note_is_written_replaced_and_taken_away(library: Library) -> None:
    (identity,) = fill(library, [Take()])
    assert library.generations.note(identity, "[b]too fast\n")[0].note == "[b]too fast\n"
    assert library.generations.note([identity], "fine")[0].note == "fine"
    assert library.generations.note(identity, "  ")[0].note is None
    with pytest.raises(NotFound):
        library.generations.note("nobody", "x")


def test_a_saved_filter_stands_for_its_terms(library: Library) -> None:
    fill(library, [Take("Hello", is_favorited=True), Take("Bye", is_favorited=True), Take("Hello")])
    assert library.filters.save("@Best", " is:fav ") == SavedFilter("Best", "is:fav")
    library.filters.save("said", "hello @best")
    assert _found(library, "@best") == _found(library, "@BEST") == 2
    assert _found(library, "@said") == 1
    assert _found(library, "@best bye") == 1
    library.filters.save("best", "bye")
    assert _found(library, "@best") == 1
    assert [saved.name for saved in library.filters.list()] == ["best", "said"]
    library.filters.delete("@BEST")
    with pytest.raises(NotFound):
        library.filters.delete("best")


def test_an_at_sign_without_a_saved_filter_is_literal_text(library: Library) -> None:
    fill(library, [Take("mail anna@best.example"), Take("@best")])
    assert _found(library, "@best") == 2
    library.filters.save("best", "nothing")
    assert _found(library, "@best") == 0
    assert _found(library, '"@best"') == 2
    assert parse("@best").terms == library.filters.parse('"@best"').terms


def test_what_cannot_be_saved_is_refused(library: Library) -> None:
    for name, line in [("two words", "x"), ("", "x"), ("a:b", "x"), ("x", " "), ("x", "y" * 3000)]:
        with pytest.raises(BadInput):
            library.filters.save(name, line)
    with pytest.raises(BadFilter):
        library.filters.save("x", "rating:>many")
    with pytest.raises(BadFilter, match="itself"):
        library.filters.save("x", "a @x")
    library.filters.save("a", "is:fav")
    library.filters.save("b", "@a")
    with pytest.raises(BadFilter, match="itself"):
        library.filters.save("a", "@b")
    with pytest.raises(BadFilter) as raised:
        library.filters.parse("one -@b")
    assert raised.value.position == 5
    assert library.filters.parse("@a @b").source == "@a @b"
