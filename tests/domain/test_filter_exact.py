"""Whole names in the filter language, whatever characters they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.filter_language import exact, parse
from rushes.domain.filters import Filter, TextField, TextIs, Words
from rushes.domain.text import fold
from rushes.errors import BadFilter


@given(st.sampled_from(TextField), st.text(min_size=1), st.text("ab x", max_size=5))
def test_an_exact_term_reads_back_as_the_whole_value_beside_other_terms(
    field: TextField, value: str, words: str
) -> None:
    term = TextIs(field, (fold(value),), exact=True)
    assert parse(exact(field, value)).terms == (term,)
    assert parse(f"{words} {exact(field, value)} end").terms == (
        *parse(words).terms,
        term,
        Words("end"),
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Anna", "profile:=Anna"),
        ("Old Anna", 'profile:="Old Anna"'),
        ("Anna, Bob", 'profile:="Anna, Bob"'),
        ('the "real" Anna', 'profile:="the ""real"" Anna"'),
        ("[red]", "profile:=[red]"),
    ],
)
def test_a_plain_name_needs_no_quotes(name: str, written: str) -> None:
    assert exact(TextField.PROFILE, name) == written


def test_commas_mean_or_without_quotes_only() -> None:
    assert parse("profile:=Anna,Bob").terms == (
        TextIs(TextField.PROFILE, ("anna", "bob"), exact=True),
    )
    assert parse('profile:="Anna,Bob"').terms == (
        TextIs(TextField.PROFILE, ("anna,bob",), exact=True),
    )


def test_quotes_without_the_equals_sign_still_ask_for_a_part() -> None:
    assert parse('-profile:"Old Anna"').terms == (
        TextIs(TextField.PROFILE, ("old anna",), negated=True),
    )


def test_two_quotes_inside_quotes_are_one() -> None:
    assert parse('"say ""hi"" again"').terms == (Words('say "hi" again'),)


def test_empty_quotes_are_no_term() -> None:
    assert parse('"" ').terms == ()
    assert parse('one "" two').terms == (Words("one"), Words("two"))


def test_an_unknown_key_before_quotes_is_literal_text() -> None:
    assert parse('note:="a b"').terms == (Words("note:=a b"),)


def test_nothing_asked_is_everything() -> None:
    assert parse("   ") == Filter()


@pytest.mark.parametrize("line", ["x " * 501, "profile:" + "a," * 500 + "b", "is:fav " * 501])
def test_a_filter_that_no_database_would_take_is_told(line: str) -> None:
    with pytest.raises(BadFilter, match="too long"):
        parse(line)
