"""Subtitles and labels: times to the millisecond, and words that no format takes for its signs."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rushes.domain.cues import Cue, CueFormat, labels, srt, vtt, written

CUES = (
    Cue(0, 1_234, "Anna", "Hello <b>you</b> & --> me\n\n\nsecond line"),
    Cue(3_723_004, 3_725_999, "<v Bo> & Co", "[laughs] {\\an8}up\tand\x00down"),
)


def test_srt_numbers_cues_and_keeps_tags_from_being_tags() -> None:
    assert srt(CUES) == (
        "1\n00:00:00,000 --> 00:00:01,234\n"
        "Hello <\u2060b>you<\u2060/b> & --\u2060> me\nsecond line\n"
        "\n2\n01:02:03,004 --> 01:02:05,999\n[laughs] {\u2060\\an8}up    and␀down\n"
    )


def test_vtt_escapes_and_names_the_voice() -> None:
    assert vtt(CUES) == (
        "WEBVTT\n"
        "\n00:00:00.000 --> 00:00:01.234\n"
        "<v Anna>Hello &lt;b&gt;you&lt;/b&gt; &amp; --&gt; me\nsecond line\n"
        "\n01:02:03.004 --> 01:02:05.999\n"
        "<v &lt;v Bo&gt; &amp; Co>[laughs] {\\an8}up    and␀down\n"
    )


def test_labels_are_lines_of_three_fields() -> None:
    rows = [line.split("\t") for line in labels(CUES).splitlines()]
    assert rows[0] == ["0.000000", "1.234000", "Anna: Hello <b>you</b> & --> me second line"]
    assert rows[1][:2] == ["3723.004000", "3725.999000"]


@pytest.mark.parametrize("wanted", list(CueFormat))
def test_without_cues_there_is_an_empty_file_of_its_kind(wanted: CueFormat) -> None:
    assert written((), wanted) == ("WEBVTT\n" if wanted is CueFormat.VTT else "")


@given(
    text=some.text(
        alphabet=some.sampled_from("ab <>&-{}\\/!\n\r\t\x00\x0b\u2028[]1:,.é你"), max_size=60
    ),
    voice=some.text(alphabet=some.sampled_from("ab<>&\n "), max_size=8),
)
def test_whatever_the_words_cues_stay_apart_and_give_them_back(text: str, voice: str) -> None:
    cues = (Cue(1, 2, voice, text), Cue(3, 4, "x", "end"))
    for document in (srt(cues), vtt(cues)):
        timings = [line for line in document.split("\n") if "-->" in line]
        assert len(timings) == 2
        blocks = document.removeprefix("WEBVTT\n\n").rstrip("\n").split("\n\n")
        assert len(blocks) == 2
    payload = re.sub(r"<[^>]*>", "", vtt(cues).partition("0.002\n")[2].partition("\n\n")[0])
    spoken = html.unescape(payload)
    words = "".join(character for character in text if character in "ab<>&-{}\\/![]1:,.é你")
    assert "".join(spoken.split()).replace("␀", "") == words.replace("\r", "")
    assert all(len(line.split("\t")) == 3 for line in labels(cues).splitlines())
