"""What a record in an archive says is taken as it is, or refused with what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.domain.archive_record import recorded
from rushes.domain.strict_json import strict_json
from rushes.errors import BadInput
from tests.exchange import zips

FIRST = f"{'a' * 8}-0000-4000-8000-{'0' * 12}"
VERSION = zips.own_version(FIRST, "audio/a.wav", b"audio")


@pytest.mark.parametrize(
    ("changed", "inside", "why"),
    [
        ({}, {"format": 2}, "Update rushes"),
        ({}, {"rating": 6}, "rating of its rushes can't be kept: it is out of range"),
        ({}, {"rating": True}, "must be a whole number"),
        ({}, {"tags": ["x", 3]}, "must be text"),
        ({}, {"tags": "x"}, "must be a list"),
        ({}, {"params_json": "{"}, "isn't JSON"),
        ({}, {"params_json": "[1]"}, "must hold an object"),
        ({}, {"params_json": '{"a": NaN}'}, "NaN isn't JSON"),
        ({}, {"profile": None}, "profile must be an object"),
        ({}, {"versions": [VERSION, VERSION]}, "two have one id"),
        ({}, {"versions": [VERSION | {"is_default": False}]}, "not exactly one is the default"),
        ({}, {"versions": [VERSION | {"sha256": "x"}]}, "its sha256 isn't one"),
        ({}, {"versions": []}, "it holds no audio"),
        ({"status": "dreaming"}, {}, "nobody knows it"),
        ({"seed": 2**63}, {}, "seed of its record can't be kept: it is out of range"),
        ({"duration": -1}, {}, "duration of its record can't be kept: it is out of range"),
        ({"text": None}, {}, "its record has no text"),
        ({"text": "\ud800"}, {}, "half of a surrogate pair"),
        ({"created_at": "yesterday"}, {}, "is no time: yesterday"),
        ({"created_at": "0001-01-01T00:00:00Z"}, {}, "is out of range"),
        ({"is_favorited": 1}, {}, "must be true or false"),
        ({"engine": "x" * 201}, {}, "over 200 characters"),
    ],
)
def test_a_record_that_can_not_be_kept_is_refused(
    changed: dict[str, Any], inside: dict[str, Any], why: str
) -> None:
    versions = inside.pop("versions", [VERSION])
    with pytest.raises(BadInput) as refused:
        recorded(zips.own_record(versions, changed, **inside))
    assert why in str(refused.value)


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
ANYTHING: st.SearchStrategy[object] = (
    SCALAR | st.lists(SCALAR, max_size=2) | st.just({}) | st.just([{}])
)
RECORD = zips.own_record([VERSION])
KEYS = st.sampled_from([*RECORD, *RECORD["rushes"], *RECORD["rushes"]["profile"], *VERSION])


@settings(max_examples=60)
@given(changes=st.dictionaries(KEYS, ANYTHING, min_size=1, max_size=3))
def test_whatever_stands_in_a_record_it_is_read_or_refused(changes: dict[str, Any]) -> None:
    record = json.loads(json.dumps(RECORD))
    inside = record["rushes"]
    for place in (record, inside, inside["profile"], inside["versions"][0]):
        place.update({key: value for key, value in changes.items() if key in place})
    try:
        found = recorded(record)
    except BadInput:
        return
    assert found.take.text == record["text"]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "isn't JSON"),
        (b"{", "isn't JSON"),
        (b"\xff\xfe{}", "isn't text in UTF-8"),
        (b'{"a": NaN}', "NaN isn't JSON"),
        (b'{"a": -Infinity}', "-Infinity isn't JSON"),
        (b'{"a": 1e999}', "the number 1e999 is out of range"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "limit"),
        (b'{"a": 1, "a": 2}', "has a key twice"),
        (b"[" * 120 + b"]" * 120, "nested over 110 deep"),
        (b"[" * 5_000_000, "holds over 400,000 values"),
        (b"[" + b"0," * 400_001 + b"0]", "holds over 400,000 values"),
        (b'"' + b"x" * 10_000_000 + b'"', "has over 10,000,000 bytes"),
        (b'"\\', "isn't JSON"),
    ],
)
def test_json_of_every_bad_kind_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=r"its x\.json can't be read") as refused:
        strict_json(raw, "x.json")
    assert why in str(refused.value)


def test_brackets_within_texts_are_no_levels() -> None:
    text = "[{" * 1_000 + '\\"' + "]"
    assert strict_json(json.dumps({"a": [text]}).encode(), "x.json") == {"a": [text]}
