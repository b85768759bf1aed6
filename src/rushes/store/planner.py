"""Which index answers which question: from a query to the way its rows are found and counted.

Three ways, told apart by asking the indexes how much they hold:

- ``WALK``: an index holds the rows in the order asked for, and what the filter looks at. Any
  place is a seek, any offset a walk along the index. Also whatever is small.
- ``FEW``: an index (of texts, tags, ids) names few rows: these are read, tested and sorted.
- ``MANY``: neither. The first rows are looked for along the order's index, but not for long
  (walking it for a rare hit is what a planner of its own falls for); else sets of row numbers,
  one from each index that knows of a term, are intersected and put in order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from rushes.domain.filters import Between, Flag, Is, Made, NumberField, Term, TextField, TextIs
from rushes.domain.filters import Words as WordsTerm
from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.text import fold
from rushes.store import search_index
from rushes.store.ordering import ORDERS, Order
from rushes.store.reader import Snapshot
from rushes.store.where import (
    LIVE,
    Condition,
    both,
    condition_of,
    either,
    id_condition,
    numbered,
    of_profiles,
    of_term,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Where one way becomes quicker than another, as measured at a million rows.

    ``small``: rows of a library in which nothing matters. ``few``: rows that are read and sorted
    at once. For one and two characters: ``short``, rows of all trigrams that begin with them, for
    each row of the library, above which a scan of all texts beats the index; ``gram``, rows that
    the vocabulary lists in the time that one trigram takes to be asked for. ``walk``: seconds for
    looking along an index before sets are made.
    """

    small: int = 20_000
    few: int = 5_000
    short: float = 0.8
    gram: int = 400
    walk: float = 0.03


LIMITS = Limits()


class Way(StrEnum):
    """How rows are found."""

    WALK = "walk"
    FEW = "few"
    MANY = "many"


class Counting(StrEnum):
    """How rows are counted: kept counters, a walk along an index, or the set that was found."""

    COUNTERS = "counters"
    INDEX = "index"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows (``seq``) that a term names by one SELECT or several, in the trash too, some twice.

    ``scanned`` by one that gives each once and none in the trash.
    """

    selects: tuple[Condition, ...]
    negated: bool = False
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How a query is answered; ``condition`` is what one row must meet, the pin included.

    ``tables`` is the FROM of a walk in order, ``counted_in`` that of reading all in any order.
    ``few`` selects rows that hold all answers. A set is made from ``facets``, a condition on an
    index, and ``parts``; ``whole`` selects that very set, each row once, where one SELECT does.
    ``highest`` is the newest row's ``seq``.
    """

    query: HistoryQuery
    order: Order
    way: Way
    condition: Condition
    tables: str
    counting: Counting
    counted_in: str
    pinned_to: int | None = None
    few: Condition | None = None
    facets: Condition | None = None
    parts: tuple[Part, ...] = ()
    whole: Condition | None = None
    highest: int = 0

    @property
    def cuts(self) -> int | None:
        """The pin, if there are rows above it."""
        return None if self.pinned_to is None or self.pinned_to >= self.highest else self.pinned_to


def plan(snapshot: Snapshot, query: HistoryQuery, pinned_to: int | None = None) -> Plan:
    """The quickest way to answer ``query`` as the library is now."""
    order = ORDERS[query.sort]
    condition = condition_of(query, pinned_to)
    counting = Counting.COUNTERS if is_counted(query) else Counting.INDEX
    index = _index_in_order(query)
    if index is not None:
        tables = walked(order, index)
        counted_in = f"generations g INDEXED BY {index}"
        return Plan(query, order, Way.WALK, condition, tables, counting, counted_in, pinned_to)
    highest = snapshot.number("SELECT COALESCE(max(seq), 0) FROM generations")
    if query.trashed or highest <= LIMITS.small:
        return Plan(
            query, order, Way.WALK, condition, anyhow(order), counting, "generations g", pinned_to
        )
    facets = tuple(term for term in query.filter.terms if is_facet(term))
    found = Plan(
        query,
        order,
        Way.MANY,
        condition,
        walked(order, order.index),
        counting,
        f"generations g INDEXED BY {_FACETS}",
        pinned_to,
        highest=highest,
    )
    if facets or query.profile_ids:
        own = (*of_profiles(query.profile_ids), *map(of_term, facets))
        found = replace(found, facets=both(LIVE, *own))
    if len(facets) == len(query.filter.terms) and not query.search:
        return found
    return _through_indexes(snapshot, found)


def walked(order: Order, index: str) -> str:
    """The FROM of a walk along an index of generations."""
    if order.of_profiles:
        return (
            f"profiles p CROSS JOIN generations g INDEXED BY {order.index} ON g.profile_id = p.id"
        )
    return f"generations g INDEXED BY {index}"


def anyhow(order: Order) -> str:
    """The FROM that leaves the way to SQLite."""
    profiles = " JOIN profiles p ON p.id = g.profile_id" if order.of_profiles else ""
    return f"generations g{profiles}"


def is_facet(term: Term) -> bool:
    """Whether the index of facets holds all that the term looks at."""
    match term:
        case WordsTerm():
            return False
        case TextIs():
            return term.field not in (TextField.TAG, TextField.ID)
        case Is():
            return term.flag is not Flag.TAGGED
        case _:
            return True


def is_counted(query: HistoryQuery) -> bool:
    """Whether the counters tell how many rows the query matches."""
    return not query.search and all(_is_counted(term) for term in query.filter.terms)


_SCANNED = 2**62
"""Stands for the hits of what is looked for in every row."""

_FACETS = "generations_by_facets"
_COUNTED_FIELDS = frozenset({TextField.PROFILE, TextField.ENGINE, TextField.LANGUAGE})
_COUNTED_FLAGS = frozenset({Flag.FAILED, Flag.RUNNING, Flag.COMPLETED, Flag.ORPHAN})
_BY_TIME = frozenset({Sort.NEWEST, Sort.OLDEST})


def _is_counted(term: Term) -> bool:
    match term:
        case TextIs():
            return term.field in _COUNTED_FIELDS
        case Is():
            return term.flag in _COUNTED_FLAGS
        case _:
            return False


def _index_in_order(query: HistoryQuery) -> str | None:
    """The index that holds the rows in order and all that the filter looks at."""
    if query.trashed:
        return None
    terms = query.filter.terms
    if not (query.search or terms or query.profile_ids):
        return ORDERS[query.sort].index
    if query.sort not in _BY_TIME or query.search or not all(map(is_facet, terms)):
        return None
    if len(query.profile_ids) > 1 or not all(map(_is_beside_time, terms)):
        return _FACETS
    return "generations_by_profile" if query.profile_ids else "generations_by_time"


def _is_beside_time(term: Term) -> bool:
    """Whether the indexes by time and by profile hold what the term looks at."""
    return isinstance(term, Made) or (
        isinstance(term, Between) and term.field is NumberField.DURATION
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """SELECTs of rows that a term names, and how many they are at most, counted while it matters.

    ``rest``: for what is looked for in every row, where the others are (``through_scan_without``).
    """

    selects: tuple[Condition, ...]
    hits: int
    rest: tuple[Condition, Condition] | None = None

    def parts(self, *, negated: bool) -> tuple[Part, ...]:
        """The same as parts of a set."""
        if self.rest is None:
            return (Part(self.selects, negated),)
        if not negated:
            return (Part(self.selects, scanned=True),)
        first, second = self.rest
        return Part((first,), scanned=True), Part((second,), negated=True)


def _through_indexes(snapshot: Snapshot, found: Plan) -> Plan:
    """The plan by what the indexes of texts, tags and ids name."""
    parts: list[Part] = []
    fewest: _Named | None = None
    terms: list[Term] = [term for term in found.query.filter.terms if not is_facet(term)]
    short = max(round(LIMITS.short * found.highest), LIMITS.few)
    asked = [(_named_by(snapshot, term, short), term.negated) for term in terms]
    if found.query.search:
        asked.append((_in_text(snapshot, fold(found.query.search), short), False))
    for named, negated in asked:
        parts += named.parts(negated=negated)
        is_few = not negated and named.hits <= LIMITS.few
        if is_few and (fewest is None or named.hits < fewest.hits):
            fewest = named
    found = replace(
        found, counting=Counting.SET, counted_in="generations g NOT INDEXED", parts=tuple(parts)
    )
    if found.facets is None and found.cuts is None and len(parts) == 1:
        (part,) = parts
        if part.scanned and not part.negated:
            found = replace(found, whole=part.selects[0])
    if fewest is None:
        return found
    return replace(found, way=Way.FEW, few=_all_of(fewest.selects))


def _named_by(snapshot: Snapshot, term: Term, short: int) -> _Named:
    match term:
        case WordsTerm():
            return _in_words(snapshot, term.folded, short)
        case TextIs(field=TextField.TAG):
            marks = ", ".join("?" * len(term.folded))
            return _read_up_to_few(
                snapshot,
                Condition(f"SELECT seq FROM tagged WHERE tag_fold IN ({marks})", term.folded),
            )
        case TextIs():
            test = either(*(id_condition(value, exact=term.exact) for value in term.folded))
            return _read_up_to_few(
                snapshot,
                Condition(f"SELECT g.seq FROM generations g WHERE {test.sql}", test.parameters),
            )
        case _:
            return _read_up_to_few(snapshot, Condition("SELECT seq FROM tagged"))


def _in_words(snapshot: Snapshot, term: str, short: int) -> _Named:
    in_text = _in_text(snapshot, term, short)
    test = "instr(name_fold, ?) > 0"
    if snapshot.one(f"SELECT 1 FROM profiles WHERE {test}", (term,)) is None:
        return in_text
    of_these = f"g.profile_id IN (SELECT id FROM profiles WHERE {test})"
    if in_text.rest is not None:
        return _scanned(term, of_these)
    of_profiles = _read_up_to_few(
        snapshot,
        Condition(
            "SELECT g.seq FROM generations g INDEXED BY generations_by_profile"
            f" WHERE g.deleted_at IS NULL AND {of_these}",
            (term,),
        ),
    )
    return _Named((*in_text.selects, *of_profiles.selects), in_text.hits + of_profiles.hits)


def _in_text(snapshot: Snapshot, term: str, short: int) -> _Named:
    """``short``: rows of trigrams above which a scan is made for one and two characters."""
    if not search_index.is_indexed(term):
        return _scanned(term)
    if len(term) >= search_index.TRIGRAM:
        return _read_up_to_few(snapshot, search_index.through_index(term))
    trigrams = search_index.trigrams_up_to(snapshot, term, short)
    if trigrams is None:
        return _scanned(term)
    hits = sum(rows for _, rows in trigrams)
    if hits <= LIMITS.few or hits < LIMITS.gram * len(trigrams):
        return _Named((search_index.through_index(term),), hits)
    names = (trigram for trigram, _ in trigrams)
    return _Named(search_index.through_trigrams(term, names), hits)


def _scanned(term: str, otherwise: str = "0") -> _Named:
    rest = search_index.through_scan_without(term, otherwise)
    return _Named((search_index.through_scan(term, otherwise),), _SCANNED, rest)


def _read_up_to_few(snapshot: Snapshot, select: Condition) -> _Named:
    """The rows that ``select`` names, by their numbers where they are few: it isn't asked twice."""
    rows = snapshot.all(f"{select.sql} LIMIT ?", (*select.parameters, LIMITS.few + 1))
    if len(rows) > LIMITS.few:
        return _Named((select,), len(rows))
    return _Named((numbered(cast(int, row[0]) for row in rows),), len(rows))


def _all_of(selects: tuple[Condition, ...]) -> Condition:
    return Condition(
        " UNION ALL ".join(select.sql for select in selects),
        tuple(value for select in selects for value in select.parameters),
    )


def newer_than(query: HistoryQuery, seq: int) -> tuple[str, Condition]:
    """FROM and WHERE of what matches among the rows above ``seq``, read by their numbers."""
    later = both(condition_of(query), Condition("g.seq > ?", (seq,)))
    return "generations g NOT INDEXED", later


def counted(query: HistoryQuery) -> Condition:
    """The WHERE of the counters ``g`` that make up what a query matches that ``is_counted``."""
    own = (*of_profiles(query.profile_ids), *map(of_term, query.filter.terms))
    return both(Condition("g.trashed = ?", (int(query.trashed),)), *own)


def counted_up_to(plan: Plan) -> tuple[Condition, Condition | None]:
    """A SELECT of the counters' sum, and one of what is to be taken off as it is above the pin."""
    held = counted(plan.query)
    kept = Condition(
        f"SELECT COALESCE(sum(g.generations), 0) FROM counters g WHERE {held.sql}", held.parameters
    )
    if plan.pinned_to is None:
        return kept, None
    tables, later = newer_than(plan.query, plan.pinned_to)
    return kept, Condition(f"SELECT count(*) FROM {tables} WHERE {later.sql}", later.parameters)
