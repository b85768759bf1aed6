"""The history as it is read: pages, windows, counts, single generations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.ids import checked_prefix
from rushes.domain.query import LARGEST_PAGE, HistoryQuery, Page
from rushes.domain.text import one_line
from rushes.errors import Ambiguous, BadInput, NotFound
from rushes.store import rows
from rushes.store.ordering import ORDERS, KeyValues, Order, decode_cursor, encode_cursor
from rushes.store.reader import Call, Reader, Snapshot
from rushes.store.where import Condition, both, condition_of, id_prefix

_SHOWN_MATCHES = 4
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Placed:
    """A generation and its place in the order it was read in."""

    generation: Generation
    place: KeyValues


def page(reader: Reader, query: HistoryQuery) -> Page:
    """The page that ``query`` asks for, with the total and the cursor of the next.

    Raises:
        BadInput: the limit, the offset or the cursor can't be meant.
    """
    _check_limits(query)
    order = ORDERS[query.sort]
    here, offset = condition_of(query, in_order=True), query.offset
    if query.after is not None:
        here = both(here, order.beyond(decode_cursor(query.sort, query.after)))
        offset = 0
    with reader.snapshot() as snapshot:
        found = _placed(snapshot, here, order, query.limit + 1, offset)
        total = _count(snapshot, condition_of(query))
    shown = found[: query.limit]
    more = len(found) > query.limit
    return Page(
        items=tuple(placed.generation for placed in shown),
        total=total,
        next=encode_cursor(query.sort, shown[-1].place) if more else None,
    )


def window(
    reader: Reader,
    condition: Condition,
    order: Order,
    count: int,
    *,
    offset: int = 0,
    anchor: KeyValues | None = None,
    call: Call | None = None,
) -> list[Placed]:
    """``count`` rows in ``order``, ``offset`` rows after the anchor's own (or the beginning)."""
    here = condition
    if anchor is not None:
        here = both(condition, order.beyond(anchor, included=True))
    with reader.snapshot(call) as snapshot:
        return _placed(snapshot, here, order, count, offset)


def count(reader: Reader, condition: Condition, call: Call | None = None) -> int:
    """How many rows meet the condition."""
    with reader.snapshot(call) as snapshot:
        return _count(snapshot, condition)


def highest_seq(reader: Reader) -> int:
    """The number of the newest row, 0 without any."""
    with reader.snapshot() as snapshot:
        return snapshot.number("SELECT COALESCE(max(seq), 0) FROM generations")


def place_of(
    reader: Reader, condition: Condition, order: Order, identity: str, call: Call | None = None
) -> int | None:
    """How many rows stand before that generation; None where the condition leaves it out."""
    own = both(condition, Condition("g.id = ?", (identity,)))
    with reader.snapshot(call) as snapshot:
        place = snapshot.one(
            f"SELECT {order.columns} FROM {_tables(order)} WHERE {own.sql}",
            own.parameters,
        )
        if place is None:
            return None
        # The order is total: what isn't after the row, and isn't the row, stands before it.
        before = both(condition, order.reversed().beyond(place))  # type: ignore[arg-type]
        return _count(snapshot, before, order)


def ids(reader: Reader, query: HistoryQuery, limit: int | None = None) -> tuple[str, ...]:
    """The ids of all that ``query`` matches, whatever its page, in its order."""
    order = ORDERS[query.sort]
    condition = condition_of(query, in_order=limit is not None)
    found = reader.all(
        f"SELECT g.id FROM {_tables(order)} WHERE {condition.sql}"
        f" ORDER BY {order.order_by} LIMIT ?",
        (*condition.parameters, -1 if limit is None else limit),
    )
    return tuple(str(row[0]) for row in found)


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
    """Whether a generation or a version names that file. Reads all rows."""
    found = reader.one(
        "SELECT 1 FROM generation_versions WHERE audio_path = ?1"
        " UNION ALL SELECT 1 FROM generations WHERE audio_path = ?1 LIMIT 1",
        (audio_path,),
    )
    return found is not None


def missing(identities: Sequence[str]) -> NotFound:
    """No generation has these ids."""
    shown = ", ".join(one_line(identity) for identity in identities[:_SHOWN_MATCHES])
    more = f" and {len(identities) - _SHOWN_MATCHES} more" if len(identities) > 4 else ""
    return NotFound(f"no generation has the id {shown}{more}", "", "See `rushes list`.")


def _where(reader: Reader, condition: Condition, limit: int) -> list[Generation]:
    found = reader.all(
        f"SELECT {rows.GENERATION_COLUMNS} FROM generations g {rows.GENERATION_JOINS}"
        f" WHERE g.purging = 0 AND {condition.sql} ORDER BY g.created_at DESC, g.seq DESC LIMIT ?",
        (*condition.parameters, limit),
    )
    return [rows.generation(row) for row in found]


def _placed(
    snapshot: Snapshot, condition: Condition, order: Order, limit: int, offset: int
) -> list[Placed]:
    """Rows are picked through indexes first: an offset must not read what it skips."""
    found = snapshot.all(
        f"WITH picked (seq) AS MATERIALIZED (SELECT g.seq FROM {_tables(order)}"
        f" WHERE {condition.sql} ORDER BY {order.order_by} LIMIT ? OFFSET ?)"
        f" SELECT {rows.GENERATION_COLUMNS}, {order.columns}"
        f" FROM picked CROSS JOIN generations g ON g.seq = picked.seq {rows.GENERATION_JOINS}"
        f" ORDER BY {order.order_by}",
        (*condition.parameters, limit, offset),
    )
    width = rows.GENERATION_WIDTH
    return [Placed(rows.generation(row), row[width:]) for row in found]  # type: ignore[arg-type]


def _count(snapshot: Snapshot, condition: Condition, order: Order | None = None) -> int:
    tables = _tables(order) if order is not None else "generations g"
    return snapshot.number(
        f"SELECT count(*) FROM {tables} WHERE {condition.sql}",
        condition.parameters,
    )


def _tables(order: Order) -> str:
    profiles = " JOIN profiles p ON p.id = g.profile_id" if order.of_profiles else ""
    return f"generations g{profiles}"


def _check_limits(query: HistoryQuery) -> None:
    if not 1 <= query.limit <= LARGEST_PAGE:
        raise BadInput(f"a page can't hold {query.limit}", "", f"Ask for 1 to {LARGEST_PAGE}.")
    if query.offset < 0:
        raise BadInput(f"a list can't begin at {query.offset}", "", "Offsets begin at 0.")
