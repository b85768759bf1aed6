"""Whatever is typed, the filter language answers with a filter or says where it stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.filter_language import parse
from rushes.domain.filters import (
    EVERYTHING,
    Between,
    Filter,
    Flag,
    Is,
    Made,
    NumberField,
    Term,
    TextField,
    TextIs,
    Words,
)
from rushes.domain.text import fold
from rushes.errors import BadFilter

NOW = datetime(2026, 7, 10, 15, 30, tzinfo=ZoneInfo("Europe/Berlin"))
KEYS = [
    *(field.value for field in (*TextField, *NumberField)),
    *("is", "after", "before", "on", "language", "length", "http", "FAV"),
]
NUMBERS = ["..", "1..", "..2", ">", ">=3", "<1:30", "9" * 18, "9" * 19, "9" * 30, "-1", "٣", "1e5"]
DATES = ["0001-01-01", "9999-12-31", "9999", "0000", "2026-02-30", "today", "0h", "9999w", "12h"]
OTHERS = ["", "=", ",", "fav", '"a b"', '"', "nan", "inf", "0.5s", "99999:59", "2026-04-01T12:00Z"]
VALUES = st.sampled_from([*NUMBERS, *DATES, *OTHERS])
PIECES = st.one_of(
    st.builds("{}{}:{}".format, st.sampled_from(["", "-"]), st.sampled_from(KEYS), VALUES),
    st.text(max_size=6),
    st.sampled_from(['"', "-", '-"', ":", " ", "\t", "\u3000", "\0", "\ud800"]),
)
LINES = st.lists(PIECES, max_size=5).map(" ".join) | st.lists(PIECES, max_size=5).map("".join)


@given(LINES)
def test_a_line_is_read_or_refused_at_one_of_its_characters(line: str) -> None:
    read: Filter | BadFilter
    try:
        read = parse(line, NOW)
    except BadFilter as error:
        read = error
    if isinstance(read, BadFilter):
        assert 0 <= read.position <= len(line)
        assert "\n" not in str(read)
        return
    assert read.source == line.strip()
    assert parse(line, NOW) == read
    for term in read.terms:
        _check(term)


def _check(term: Term) -> None:
    match term:
        case Words():
            assert term.folded == fold(term.folded)
            assert term.folded
        case TextIs():
            assert term.folded
            assert all(value and value == fold(value) for value in term.folded)
        case Between():
            assert not (term.low is None and term.high is None)
            assert all(-(2**63) <= bound < 2**63 for bound in (term.low, term.high) if bound)
        case Made():
            bounds = [bound for bound in (term.since, term.until) if bound is not None]
            assert bounds
            assert all(bound.utcoffset() == timedelta(0) for bound in bounds)
        case Is():
            assert term.flag in Flag


@given(st.lists(st.text("abß%_[]/", min_size=1, max_size=5), max_size=5))
def test_bare_words_are_literal_text(words: list[str]) -> None:
    assert parse("  ".join(words)).terms == tuple(Words(fold(word)) for word in words)


@given(st.text(min_size=1).filter(str.strip))
def test_whatever_stands_in_quotes_is_literal_text(phrase: str) -> None:
    doubled = phrase.replace('"', '""')
    assert parse(f'"{doubled}"').terms == (Words(fold(phrase)),)
    assert parse(f'-"{doubled}"').terms == (Words(fold(phrase), negated=True),)


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_seed_can_be_asked_for(seed: int) -> None:
    assert parse(f"seed:{seed}").terms == (Between(NumberField.SEED, seed, seed),)


@pytest.mark.parametrize("seed", [2**63, -(2**63) - 1, 10**19])
def test_a_seed_beyond_64_bits_is_refused(seed: int) -> None:
    with pytest.raises(BadFilter) as raised:
        parse(f"anna seed:{seed}")
    assert raised.value.position == len("anna seed:")


@pytest.mark.parametrize("line", ["", " ", "\t\u3000"])
def test_nothing_asks_for_everything(line: str) -> None:
    assert parse(line) is EVERYTHING


def _made(line: str) -> tuple[datetime | None, datetime | None]:
    (term,) = parse(line, NOW).terms
    assert isinstance(term, Made)
    return term.since, term.until


def test_days_begin_and_end_where_the_clock_says() -> None:
    assert _made("on:today") == (
        datetime(2026, 7, 9, 22, tzinfo=UTC),
        datetime(2026, 7, 10, 22, tzinfo=UTC),
    )
    # The clock goes forward on the 29th of March: that day has 23 hours.
    assert _made("on:2026-03-29") == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )
    assert _made("after:2026-12")[0] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert _made("before:2026")[1] == datetime(2025, 12, 31, 23, tzinfo=UTC)


def test_ago_counts_hours_that_pass() -> None:
    assert _made("after:12h")[0] == datetime(2026, 7, 10, 1, 30, tzinfo=UTC)
    # Over the change of the clock a week has 168 hours all the same.
    long_ago, _ = _made("after:20w")
    assert long_ago == NOW.astimezone(UTC) - timedelta(weeks=20)


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31", "0000-01", "2026-13", "tomorrow"])
def test_a_date_that_the_calendar_lacks_is_refused(date: str) -> None:
    east = datetime(2026, 7, 10, tzinfo=ZoneInfo("Pacific/Auckland"))
    with pytest.raises(BadFilter, match="is no date"):
        parse(f"on:{date}", east)
