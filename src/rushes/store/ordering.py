"""The orders of a list, and where in an order a row stands: keyset conditions and cursors.

Every order ends in ``seq``, so that it is total. In the expressions ``g`` is ``generations`` and
``p`` is ``profiles``.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from rushes.domain.query import Sort
from rushes.errors import BadInput
from rushes.store.database import Parameter
from rushes.store.where import Condition, both, either

SORTED_CHARACTERS = 200
"""Characters by which texts are sorted; cursors carry them."""

KeyValues = tuple[Parameter, ...]
"""A row's place in an order: the value of each of its keys."""


@dataclass(frozen=True, slots=True)
class Key:
    """One expression by which rows are sorted; it is never NULL."""

    sql: str
    descending: bool = False

    def reversed(self) -> Key:
        """The same, the other way round."""
        return Key(self.sql, not self.descending)


@dataclass(frozen=True, slots=True)
class Order:
    """Keys, the most significant first."""

    keys: tuple[Key, ...]
    of_profiles: bool = False

    def reversed(self) -> Order:
        """The same rows from the end to the beginning."""
        return Order(tuple(key.reversed() for key in self.keys), self.of_profiles)

    @property
    def columns(self) -> str:
        """The keys as columns of a SELECT."""
        return ", ".join(key.sql for key in self.keys)

    @property
    def order_by(self) -> str:
        """The keys as they stand after ORDER BY."""
        return ", ".join(f"{key.sql} {'DESC' if key.descending else 'ASC'}" for key in self.keys)

    def beyond(self, place: KeyValues, *, included: bool = False) -> Condition:
        """Rows that come after ``place``; with the row at that place if ``included``."""
        if len({key.descending for key in self.keys}) == 1:
            return self._as_row_value(place, included=included)
        return self._spelled_out(place, included=included)

    def _as_row_value(self, place: KeyValues, *, included: bool) -> Condition:
        """``(a, b) < (?, ?)``: SQLite walks an index with it."""
        sign = ("<" if self.keys[0].descending else ">") + ("=" if included else "")
        marks = ", ".join("?" * len(place))
        return Condition(f"({self.columns}) {sign} ({marks})", place)

    def _spelled_out(self, place: KeyValues, *, included: bool) -> Condition:
        *leading, last = zip(self.keys, place, strict=True)
        condition = _past(*last, included=included)
        for key, value in reversed(leading):
            equal = both(Condition(f"{key.sql} = ?", (value,)), condition)
            condition = either(_past(key, value, included=False), equal)
        return condition


def _past(key: Key, value: Parameter, *, included: bool) -> Condition:
    sign = ("<" if key.descending else ">") + ("=" if included else "")
    return Condition(f"{key.sql} {sign} ?", (value,))


_NEWEST = (Key("g.created_at", descending=True), Key("g.seq", descending=True))

ORDERS = {
    Sort.NEWEST: Order(_NEWEST),
    Sort.OLDEST: Order(_NEWEST).reversed(),
    # Without a length, without a rating: last.
    Sort.LONGEST: Order((Key("COALESCE(g.duration, -1.0)", descending=True), *_NEWEST)),
    Sort.RATING: Order((Key("COALESCE(g.rating, 0)", descending=True), *_NEWEST)),
    Sort.PROFILE: Order((Key("p.name_fold"), Key("p.name"), *_NEWEST), of_profiles=True),
    Sort.TEXT: Order((Key(f"substr(g.text_fold, 1, {SORTED_CHARACTERS})"), *_NEWEST)),
}


def encode_cursor(sort: Sort, place: KeyValues) -> str:
    """The place as a word that ``decode_cursor`` reads, and nobody else need."""
    text = json.dumps([sort.value, *place], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(sort: Sort, cursor: str) -> KeyValues:
    """The place that a page's ``next`` names.

    Raises:
        BadInput: it isn't a cursor, or one of another order.
    """
    fix = "Pass on what the last page gave, with the same sort"
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        name, *place = json.loads(raw)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise BadInput("the cursor can't be read", "it isn't one that a page gave", fix) from None
    order = ORDERS[sort]
    if name != sort.value:
        raise BadInput("the cursor doesn't fit", f"it isn't of the order “{sort.value}”", fix)
    if len(place) != len(order.keys) or not all(_is_parameter(value) for value in place):
        raise BadInput("the cursor can't be read", "it isn't one that a page gave", fix)
    return tuple(place)


def _is_parameter(value: object) -> bool:
    """Whether SQLite takes it as the value of a key."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return isinstance(value, float | str)
