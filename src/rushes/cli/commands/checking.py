"""``check``: takes that didn't come out well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from rushes.cli.options import AsJson, Context, Looked
from rushes.cli.outcome import takes
from rushes.cli.output import json_result, message, result
from rushes.cli.progress import Progress
from rushes.cli.queries import read_words, whole_ids
from rushes.cli.session import session_of
from rushes.cli.takes import SHORT_ID, profile_of
from rushes.domain import limits
from rushes.domain.filters import Filter, Flag, Is
from rushes.domain.generation import Generation
from rushes.domain.quality import QualityFlag
from rushes.domain.quality_record import quality_record
from rushes.domain.quality_words import findings
from rushes.domain.query import HistoryQuery
from rushes.domain.text import steady
from rushes.words.when import playhead

if TYPE_CHECKING:
    from rushes.library import Library

HELP = """Tell which takes didn't come out well, and why: check is:completed -draft.

Takes are named by ids or by a query, as for list; without either all are looked at. What nobody
has listened to yet is read first. Exits with 1 when anything is flagged, else with 0.

\b
clipped     peaks cut flat                    silent      nothing to be heard
leading     over 1 s of silence before it     trailing    over 1.5 s after it
cutoff      ends in the middle of a sound     dc          off centre
quiet loud  below -33, above -9 LUFS          fast slow   for its text
length      another than the record's         duplicate   the same sound as another

Each is a filter: list is:clipped, list lufs:<-30, list peak:>-1; is:flagged is any of them.
"""

_ID = re.compile(r"[0-9a-f]{4,8}|[0-9a-f]{8}-[0-9a-f-]{0,27}", re.IGNORECASE)
_AT_ONCE = 500


def check(context: Context, *, words: Looked = None, as_json: AsJson = False) -> None:
    """Tell which takes didn't come out well, and why: check is:completed -draft."""
    session = session_of(context)
    with session.library() as library:
        ids, query = _asked(library, words or [])
        with Progress("checking the sound", ascii=session.ascii) as progress:
            _listen(library, library.generations.ids(query) if ids is None else ids, progress)
        flagged = _flagged(library, ids, query)
        checked = library.generations.count(query) if ids is None else len(ids)
        if as_json:
            items = [quality_record(one, _twins(library, one)) for one in flagged]
            json_result({"items": items, "total": len(items), "checked": checked})
        else:
            for one in flagged:
                for line in _lines(library, one):
                    result(line)
            said = f"{len(flagged):,} of {takes(checked)} flagged"
            message(said if checked else "there is nothing to check")
    if flagged:
        raise typer.Exit(1)


def _asked(library: Library, words: Sequence[str]) -> tuple[list[str] | None, HistoryQuery]:
    """Give the ids where each word is one, else the query."""
    if words and all(map(_ID.fullmatch, words)):
        found, missed = whole_ids(library, words)
        if not missed:
            return found, HistoryQuery()
        # A word like “face” is a beginning of ids as well as a word; 8 characters are an id.
        if found or any(len(word) >= SHORT_ID for word in words):
            raise missed[0][1]
    return None, HistoryQuery(filter=read_words(library, words))


def _listen(library: Library, ids: Sequence[str], progress: Progress) -> None:
    if not library.writable or not (library.quality.waiting() or library.measuring.waiting()):
        return
    for start in range(0, len(ids), _AT_ONCE):
        progress(start, len(ids))
        some = ids[start : start + _AT_ONCE]
        library.measuring.first(some)
        library.quality.first(some)


def _flagged(library: Library, ids: Sequence[str] | None, query: HistoryQuery) -> list[Generation]:
    if ids is not None:
        return [one for one in library.generations.of_ids(ids) if one.flags]
    terms = (*query.filter.terms, Is(Flag.FLAGGED))
    return list(_all(library, replace(query, filter=Filter(terms), limit=limits.LARGEST_PAGE)))


def _all(library: Library, query: HistoryQuery) -> Iterator[Generation]:
    after: str | None = None
    while True:
        page = library.generations.list(replace(query, after=after))
        yield from page.items
        after = page.next
        if after is None:
            return


def _lines(library: Library, one: Generation) -> Iterator[str]:
    yield f"{one.id[:SHORT_ID]}  {steady(profile_of(one))}  {steady(one.text[:60])}"
    for finding in findings(one.flags, one.facts, one.text):
        at = f", at {playhead(finding.begins)}" if finding.begins is not None else ""
        twins = ""
        if finding.flag is QualityFlag.DUPLICATE:
            twins = ": " + ", ".join(twin[:SHORT_ID] for twin in _twins(library, one))
        yield f"          {finding.told}{at}{twins}"


def _twins(library: Library, one: Generation) -> tuple[str, ...]:
    has_twin = one.flags is not None and QualityFlag.DUPLICATE in one.flags
    return library.quality.twins(one) if has_twin else ()
