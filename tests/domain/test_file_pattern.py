"""File names by pattern: safe on every system, whatever people wrote."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.export_formats import DEFAULT_PATTERN, FIELDS
from rushes.domain.file_pattern import parse_pattern
from rushes.domain.safe_name import MOST_BYTES, numbered, safe_stem
from rushes.errors import BadPattern

VALUES = dict.fromkeys(FIELDS, "") | {
    "profile": "Anna",
    "date": "2026-04-01",
    "text": "Good evening, dear listeners of this programme",
    "id": "3f2a9c01-1111-4222-8333-444455556666",
}
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])\s*(\..*)?")

ODD = st.sampled_from(
    [
        *("..", "../../etc/passwd", "/", "C:\\x", "CON", "nul.txt", "COM1", "LPT¹", ".hidden", " "),
        *("{id}", "{0.__class__}", "%s", "a\0b", "line\nline", "é", "e\u0301", "\u202egnol"),
        *(
            "👩‍👩‍👧" * 60,
            "児" * 200,
            "x" * 5_000,
            "\ud800",
            "e" + "\u0301" * 300,
            "-rf",
            "~",
            "dot.",
        ),
    ]
)
TEXTS = st.one_of(ODD, st.text(st.characters(), max_size=300))
PATTERNS = st.sampled_from(
    [
        *(DEFAULT_PATTERN, "{text}", "{text:.5}", "{profile} {text}", "{{{id}}}", "{tags}.{text}"),
        *("{label}", "x{text}y", "{text}-{profile}-{text}-{id}", "...", "con", "{profile:.3}{id}"),
    ]
)


def check(name: str) -> None:
    assert name
    assert len(name.encode()) <= MOST_BYTES
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert name == unicodedata.normalize("NFC", name)
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert not DEVICES.fullmatch(name)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in name)


def test_the_default_says_whose_when_what_and_which() -> None:
    stem = parse_pattern(DEFAULT_PATTERN).stem(VALUES, ".zip")
    assert stem == "Anna-2026-04-01-Good evening, dear listeners o-3f2a9c01"


@given(PATTERNS, st.dictionaries(st.sampled_from(FIELDS), TEXTS), st.sampled_from(["", ".flac"]))
def test_whatever_people_wrote_the_name_is_safe(
    pattern: str, values: dict[str, str], suffix: str
) -> None:
    stem = parse_pattern(pattern).stem(values, suffix)
    check(stem)
    names = [name for _, name in islice(numbered(stem, suffix), 12)]
    for name in names:
        check(name)
    assert len(set(names)) == len(names)
    assert names[0] == f"{stem}{suffix}"


@given(TEXTS)
def test_text_is_put_in_as_it_is_never_read_as_a_pattern(text: str) -> None:
    braces = text.replace("{", "{{").replace("}", "}}")
    values = VALUES | {"text": "{profile}{id}"}
    assert parse_pattern("{text}").stem(values) == "{profile}{id}"
    try:
        literal = parse_pattern(braces or "x")
    except BadPattern:
        return
    assert all(isinstance(piece, str) for piece in literal.pieces)


@given(st.text("{}abct:.3ex/-", max_size=12))
def test_any_line_is_a_pattern_or_told_where_it_is_not(line: str) -> None:
    refused: BadPattern | None = None
    try:
        check(parse_pattern(line).stem(VALUES))
    except BadPattern as error:
        refused = error
    if refused is not None:
        assert 0 <= refused.position <= len(line)
        assert "\n" not in str(refused)


@pytest.mark.parametrize(
    ("line", "position"),
    [
        ("", 0),
        ("a{foo}", 2),
        ("{", 0),
        ("ab}", 2),
        ("{text:30}", 6),
        ("{text:.0}", 6),
        ("{text!r}", 1),
        ("{text.__class__}", 1),
        ("{0}", 1),
        ("{}", 1),
        ("a/{id}", 1),
        ("..\\{id}", 2),
        ("a\0", 1),
        ("a\u202e", 1),
    ],
)
def test_what_is_no_pattern_is_refused_with_its_place(line: str, position: int) -> None:
    with pytest.raises(BadPattern) as raised:
        parse_pattern(line)
    assert raised.value.position == position


def test_the_id_stays_when_other_values_are_too_long() -> None:
    values = VALUES | {"profile": "声" * 200, "text": "児" * 500}
    stem = parse_pattern("{profile}-{date}-{text}-{id}").stem(values, ".zip")
    assert stem.endswith(f"-{VALUES['id']}")
    assert "-2026-04-01-" in stem
    assert len(f"{stem}.zip".encode()) <= MOST_BYTES


def test_an_empty_value_leaves_no_second_separator() -> None:
    assert parse_pattern("{profile}-{text}-{id:.4}").stem(VALUES | {"text": ""}) == "Anna-3f2a"
    assert parse_pattern("{label}-{profile}").stem(VALUES) == "Anna"
    assert parse_pattern("{profile}-{label}_{id:.4}").stem(VALUES) == "Anna-_3f2a"


def test_a_cut_parts_no_letter_from_its_marks() -> None:
    assert parse_pattern("{text:.2}").stem({"text": "aq\u0323\u0307z"}) == "a"


def test_nothing_becomes_a_name_all_the_same() -> None:
    assert parse_pattern("{text}").stem({"text": "..."}) == "take"
    assert safe_stem("aux.wav", 100) == "_aux.wav"
