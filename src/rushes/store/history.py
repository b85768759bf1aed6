"""The history as it is read: pages, windows, counts, single generations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from rushes.domain import limits
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.ids import checked_prefix
from rushes.domain.query import HistoryQuery, Page, RecordPage
from rushes.domain.takes import FoldedPage, FoldedTakes
from rushes.domain.text import one_line
from rushes.errors import Ambiguous, BadInput, NotFound
from rushes.store import rows
from rushes.store.answers import Answer
from rushes.store.database import Row
from rushes.store.ordering import KeyValues, decode_cursor, encode_cursor
from rushes.store.planner import newer_than, plan
from rushes.store.reader import Call, Reader
from rushes.store.where import Condition, id_prefix

_SHOWN_MATCHES = 4
_CHUNK = 500


def page(reader: Reader, query: HistoryQuery) -> Page:
    """The page that ``query`` asks for, with the total and the cursor of the next.

    Raises:
        BadInput: the limit, the offset or the cursor can't be meant.
    """
    found = _page(reader, query, rows.GENERATION_COLUMNS, rows.GENERATION_WIDTH)
    return Page(tuple(map(rows.generation, found.rows)), found.total, found.next)


def record_page(reader: Reader, query: HistoryQuery) -> RecordPage:
    """The same page as records, which are made of the rows at once.

    Raises:
        BadInput: the limit, the offset or the cursor can't be meant.
    """
    from rushes.store import record_rows

    found = _page(reader, query, record_rows.COLUMNS, record_rows.WIDTH)
    return RecordPage(tuple(map(record_rows.record, found.rows)), found.total, found.next)


def folded_page(reader: Reader, query: HistoryQuery) -> FoldedPage:
    """The same page of a list in which takes of the same words are one row.

    Raises:
        BadInput: the limit, the offset or the cursor can't be meant.
    """
    _check_limits(query)
    from rushes.store.folded_answers import FoldedAnswer

    after = None if query.after is None else decode_cursor(query.sort, query.after)
    asked = replace(query, limit=0, offset=0, after=None)
    token = reader.token()
    with reader.snapshot() as snapshot:
        answer = FoldedAnswer(snapshot, plan(snapshot, asked), reader, token)
        folded = answer.folded()
        firsts = folded.firsts()
        start = query.offset if after is None else answer.index_after(firsts, after)
        end = min(start + query.limit, len(folded))
        of_row = {folded.shown[index]: folded.takes(index) for index in range(start, end)}
        shown = answer.fetch(folded.shown[start:end])  # one may be gone for good by now
        last = answer.fetch(firsts[end - 1 : end]) if start < end < len(folded) else []
    return FoldedPage(
        items=tuple(
            FoldedTakes(placed.generation, of_row[placed.generation.seq]) for placed in shown
        ),
        total=len(folded),
        takes=len(folded.members),
        next=encode_cursor(query.sort, last[0].place) if last else None,
    )


def count(reader: Reader, query: HistoryQuery) -> int:
    """How many rows the query matches, whatever its page."""
    token = reader.token()
    with reader.snapshot() as snapshot:
        return Answer(snapshot, plan(snapshot, query), reader.memory, token).total()


def newer(reader: Reader, query: HistoryQuery, seq: int, call: Call | None = None) -> int:
    """How many rows above that number the query matches."""
    tables, condition = newer_than(query, seq)
    with reader.snapshot(call) as snapshot:
        return snapshot.number(
            f"SELECT count(*) FROM {tables} WHERE {condition.sql}", condition.parameters
        )


def highest_seq(reader: Reader) -> int:
    """The number of the newest row, 0 without any."""
    with reader.snapshot() as snapshot:
        return snapshot.number("SELECT COALESCE(max(seq), 0) FROM generations")


def ids(reader: Reader, query: HistoryQuery, limit: int | None = None) -> tuple[str, ...]:
    """The ids of all that ``query`` matches, whatever its page, in its order."""
    token = reader.token()
    with reader.snapshot() as snapshot:
        answer = Answer(snapshot, plan(snapshot, query), reader.memory, token)
        return answer.ids(limit)


def find(reader: Reader, prefix: str) -> Generation:
    """The one generation whose id is ``prefix`` or begins with it, in the trash or not.

    Raises:
        BadInput: the prefix is too short.
        NotFound: there is none.
        Ambiguous: there are several.
    """
    if not isinstance(prefix, str):
        raise BadInput("an id must be text", f"it is {type(prefix).__name__}")
    whole = _where(reader, Condition("g.id = ?", (prefix,)), 1)
    if whole:
        return whole[0]
    cleaned = checked_prefix(prefix)
    found = _where(reader, id_prefix(cleaned), _SHOWN_MATCHES + 1)
    if not found:
        raise missing([prefix])
    if len(found) > 1:
        shown = ", ".join(generation.id for generation in found[:_SHOWN_MATCHES])
        more = ", …" if len(found) > _SHOWN_MATCHES else ""
        raise Ambiguous(
            f"several generations begin with “{one_line(prefix)}”",
            f"{shown}{more}",
            "Give more of the id.",
        )
    return found[0]


def by_ids(reader: Reader, wanted: Sequence[str]) -> tuple[Generation, ...]:
    """The generations of these whole ids, in the order given; unknown ones are left out."""
    found: dict[str, Generation] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = tuple(wanted[start : start + _CHUNK])
        marks = ", ".join("?" * len(chunk))
        here = _where(reader, Condition(f"g.id IN ({marks})", chunk), len(chunk))
        found.update((generation.id, generation) for generation in here)
    return tuple(found[identity] for identity in wanted if identity in found)


def same_words(reader: Reader, generation: Generation, folded: str, limit: int) -> list[Generation]:
    """Other generations of the same profile and words outside the trash, newest first."""
    condition = Condition(
        "g.deleted_at IS NULL AND g.profile_id = ? AND g.text_fold = ? AND g.id <> ?",
        (generation.profile_id, folded, generation.id),
    )
    return _where(reader, condition, limit)


def versions(reader: Reader, generation_id: str) -> tuple[GenerationVersion, ...]:
    """The versions of a generation, in the order they were added."""
    found = reader.all(
        f"SELECT {rows.VERSION_COLUMNS} FROM generation_versions v"
        " WHERE v.generation_id = ? ORDER BY v.seq",
        (generation_id,),
    )
    return tuple(rows.version(row) for row in found)


def names_audio(reader: Reader, audio_path: str) -> bool:
    """Whether a generation, a version or a sample names that file. Reads all rows."""
    found = reader.one(
        "SELECT 1 FROM generation_versions WHERE audio_path = ?1"
        " UNION ALL SELECT 1 FROM generations WHERE audio_path = ?1"
        " UNION ALL SELECT 1 FROM profile_samples WHERE audio_path = ?1 LIMIT 1",
        (audio_path,),
    )
    return found is not None


def missing(identities: Sequence[str]) -> NotFound:
    """No generation has these ids."""
    shown = ", ".join(one_line(identity) for identity in identities[:_SHOWN_MATCHES])
    more = f" and {len(identities) - _SHOWN_MATCHES} more" if len(identities) > 4 else ""
    return NotFound(f"no generation has the id {shown}{more}", "", "See `rushes list`.")


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of a page as they are read, and what a page tells beside them."""

    rows: list[Row]
    total: int
    next: str | None


def _page(reader: Reader, query: HistoryQuery, columns: str, width: int) -> _Found:
    """What a page is made of: rows of so many columns, and after them their places."""
    _check_limits(query)
    after = None if query.after is None else decode_cursor(query.sort, query.after)
    offset = query.offset if after is None else 0
    asked = replace(query, limit=0, offset=0, after=None)
    token = reader.token()
    with reader.snapshot() as snapshot:
        answer = Answer(snapshot, plan(snapshot, asked), reader.memory, token, columns)
        found = answer.read(query.limit + 1, offset, after)
        total = answer.total()
    following = None
    if len(found) > query.limit:
        found.pop()
        following = encode_cursor(query.sort, cast(KeyValues, found[-1][width:]))
    return _Found(found, total, following)


def _where(reader: Reader, condition: Condition, limit: int) -> list[Generation]:
    found = reader.all(
        f"SELECT {rows.GENERATION_COLUMNS} FROM generations g {rows.GENERATION_JOINS}"
        f" WHERE g.purging = 0 AND {condition.sql} ORDER BY g.created_at DESC, g.seq DESC LIMIT ?",
        (*condition.parameters, limit),
    )
    return [rows.generation(row) for row in found]


def _check_limits(query: HistoryQuery) -> None:
    if not 1 <= query.limit <= limits.LARGEST_PAGE:
        raise BadInput(
            f"a page can't hold {query.limit}", "", f"Ask for 1 to {limits.LARGEST_PAGE}."
        )
    if query.offset < 0:
        raise BadInput(f"a list can't begin at {query.offset}", "", "Offsets begin at 0.")
