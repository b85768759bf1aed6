"""Sizes and spans are read as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.amounts import read_days, read_size, size_words
from rushes.errors import BadInput


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("2000000", 2_000_000),
        ("2,000,000", 2_000_000),
        ("5GB", 5_000_000_000),
        (" 5 gb ", 5_000_000_000),
        ("5G", 5_000_000_000),
        ("500 MB", 500_000_000),
        ("1.5 GiB", 1_610_612_736),
        ("10 KiB", 10_240),
        ("7 B", 7),
        ("0.0001 KB", 1),
        ("999999999999999999", 999_999_999_999_999_999),
        ("1.1TB", 1_100_000_000_000),
    ],
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "GB", "-5GB", "5 XB", "1e9", "5GBs", "½ GB", "٥GB", "9" * 400]
)
def test_what_is_no_size_is_told(text: str) -> None:
    with pytest.raises(BadInput):
        read_size(text)


@given(st.integers(0, 999_000_000_000_000))
def test_what_is_shown_can_be_read_again(count: int) -> None:
    assert read_size(size_words(count)) == pytest.approx(count, rel=0.06)


@pytest.mark.parametrize(
    ("text", "days"),
    [("30", 30), ("30d", 30), (" 2 W", 14), ("1y", 365), ("3 weeks", 21), ("1 day", 1)],
)
def test_a_span_of_days_is_read(text: str, days: int) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["", "d", "-3d", "1.5w", "3m", "2 deeks", "3 dd", "9" * 400])
def test_what_is_no_span_is_told(text: str) -> None:
    with pytest.raises(BadInput):
        read_days(text)
