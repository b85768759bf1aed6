"""Text broken into lines of cells, all at once or as far as somebody looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rushes.domain.text import printable, steady
from rushes.tui.lazily import LazyLines, scrolled
from rushes.words.wrap import wrapped

TEXTS = st.text(
    st.sampled_from("ab [/]\n\t、。今日かﾞ한\u3099é\u0301👩\u200d\x1b\u202e")
    | st.characters(codec="utf-8")
)


@given(TEXTS, st.integers(2, 30))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrapped(text, width))


@given(TEXTS, st.integers(2, 30))
def test_nothing_but_spaces_and_line_breaks_is_lost(text: str, width: int) -> None:
    shown = "".join(wrapped(text, width))
    whole = "".join(steady(line) for line in printable(text).split("\n"))
    assert shown.replace(" ", "") == whole.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Hello and welcome", ["Hello and", "welcome"]),
        ("a\n\nb", ["a", "", "b"]),
        ("  in dented", ["  in", "dented"]),
        ("abcdefghijklmno", ["abcdefghij", "klmno"]),
        ("今日はいい、天気", ["今日はい", "い、天気"]),
        ("say 今日は。", ["say 今日", "は。"]),
        ("[b]x[/b] %s", ["[b]x[/b]", "%s"]),
    ],
)
def test_lines_end_between_words_or_behind_wide_characters(text: str, lines: list[str]) -> None:
    assert list(wrapped(text, 10)) == lines


def test_of_a_long_text_only_what_is_looked_at_is_read() -> None:
    lines = LazyLines("word " * 2_000_000, 20)
    assert lines.slice(3, 2) == ["word word word word", "word word word word"]
    assert lines.has(10)
    assert len(lines._lines) == 11


@given(st.integers(0, 40), st.lists(st.integers(-50, 50), max_size=8), st.integers(1, 12))
def test_scrolling_stays_within_the_text(count: int, moves: list[int], page: int) -> None:
    lines = LazyLines("\n".join(str(number) for number in range(count)), 10)
    top = 0
    for by in moves:
        top = scrolled(lines, top, by, page)
        assert 0 <= top <= max(0, lines.count() - page)
