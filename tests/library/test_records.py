"""Pages of records: what generations would give, read from the rows at once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from rushes.domain.generation import Status
from rushes.domain.query import HistoryQuery, Page, RecordPage, Sort
from rushes.domain.record import generation_record
from rushes.errors import BadInput
from rushes.library import Library
from rushes.store.sqlite import DATABASE_NAME
from tests.library.takes import RATE, Take, fill, tone

NASTY = 'Zoë says "no\\" — 児玉 \x1b[31m\u2028\x00 </script> %s {} 👩\u200d🚀'
PARAMS = json.dumps(
    {"temperature": 0.1, "big": 2**70, "tiny": 5e-324, "half": "\ud800", NASTY: [None, {"a": []}]}
)
ODD = (
    ("created_at = '2026-04-01 12:00:00'",),
    ("created_at = '2026-04-01 12:00:00.123'",),
    ("created_at = '0999-12-31 23:59:59.999999'",),
    ("params = ?", PARAMS),
    ("params = ?", '{"a": NaN, "b": [-Infinity, 1e400]}'),
    ("params = ''",),
    ("flags = 4095, has_twin = 1",),
    ("flags = 0, has_twin = 1",),
    ("error = ?, note = ?, instruct = ?", NASTY, "", NASTY),
    ("seed = ?, duration = 1e-7, rating = 5, is_favorited = 1", -(2**63)),
    ("vanished_at = created_at, source_key = ?", NASTY),
    ("deleted_at = '2026-05-01 01:02:03.000004'",),
)
"""What one row after another gets, as somebody else may have left it."""

ODD_VERSIONS = (
    "measures = NULL, lufs = -20.5, true_peak = -1",
    "fault = 'missing'",
    "sample_rate = NULL, fault = 'damaged'",
    "lufs = NULL, true_peak = NULL",
    "bytes = 9223372036854775807",
)


@pytest.fixture
def odd(library: Library) -> Library:
    """A library of rows that differ in whatever can be odd about them."""
    for number in range(len(ODD_VERSIONS)):
        library.generations.record(
            profile="Anna",
            text=f"Heard {number}",
            audio=tone(level=0.1 * number),
            sample_rate=RATE,
            params={"number": number},
        )
    takes = [Take(NASTY, NASTY, tags=(NASTY, "b", 'c"]')), *(Take(f"{n}") for n in range(11))]
    ids = fill(library, [*takes, *(Take(status=status, profile="Robot") for status in Status)])
    with closing(sqlite3.connect(library.path / DATABASE_NAME)) as connection, connection:
        for identity, (change, *values) in zip(ids, ODD, strict=False):
            connection.execute(f"UPDATE generations SET {change} WHERE id = ?", (*values, identity))
        for number, change in enumerate(ODD_VERSIONS, 1):
            connection.execute(f"UPDATE generation_versions SET {change} WHERE seq = ?", (number,))
    return library


def told(page: Page | RecordPage) -> str:
    """A page as JSON, in which no key may stand elsewhere."""
    items = (
        page.items
        if isinstance(page, RecordPage)
        else [generation_record(item, None) for item in page.items]
    )
    return json.dumps([items, page.total, page.next])


def test_records_are_those_of_the_generations(odd: Library) -> None:
    for sort in Sort:
        everything = HistoryQuery(sort=sort, limit=100)
        page = odd.generations.list(everything)
        assert len(page.items) == page.total > 20
        assert told(odd.generations.records(everything)) == told(page)
        trash = odd.trash.records(everything)
        assert told(trash) == told(odd.trash.list(everything))
        assert trash.total == 1


def test_pages_of_records_go_on_where_pages_do(odd: Library) -> None:
    for query in (HistoryQuery(limit=7, offset=3), HistoryQuery(limit=4, search="heard")):
        while True:
            page = odd.generations.list(query)
            assert told(odd.generations.records(query)) == told(page)
            if page.next is None:
                break
            query = replace(query, offset=0, after=page.next)  # noqa: PLW2901  # on to the next
    assert odd.generations.records().total == odd.generations.count()


def test_a_page_of_records_that_cannot_be_meant_is_refused(library: Library) -> None:
    for query in (HistoryQuery(limit=0), HistoryQuery(offset=-1), HistoryQuery(after="?")):
        with pytest.raises(BadInput):
            library.generations.records(query)
