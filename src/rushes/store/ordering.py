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
from rushes.store.where import Condition, both

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
    """Keys, the most significant first: ``leading`` ones of one direction, ``trailing`` of one.

    ``index`` holds generations outside the trash in this order (those of each profile, where the
    order is ``of_profiles``).
    """

    leading: tuple[Key, ...]
    trailing: tuple[Key, ...]
    index: str
    of_profiles: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        """All of them."""
        return (*self.leading, *self.trailing)

    def reversed(self) -> Order:
        """The same rows from the end to the beginning."""
        return Order(
            tuple(key.reversed() for key in self.leading),
            tuple(key.reversed() for key in self.trailing),
            self.index,
            self.of_profiles,
        )

    @property
    def columns(self) -> str:
        """The keys as columns of a SELECT."""
        return _listed(self.keys)

    @property
    def order_by(self) -> str:
        """The keys as they stand after ORDER BY."""
        return ", ".join(f"{key.sql} {'DESC' if key.descending else 'ASC'}" for key in self.keys)

    def beyond(self, place: KeyValues, *, included: bool = False) -> tuple[Condition, ...]:
        """Stretches of what comes after ``place``, one after another; none holds another's rows.

        With the row at that place if ``included``. Each is found by one seek in the index.
        """
        first, last = place[: len(self.leading)], place[len(self.leading) :]
        beside = _past(self.trailing, last, included=included)
        if not self.leading:
            return (beside,)
        equal = (
            Condition(f"{key.sql} = ?", (value,))
            for key, value in zip(self.leading, first, strict=True)
        )
        return (both(*equal, beside), _past(self.leading, first, included=False))

    def comes_before(self, one: KeyValues, other: KeyValues) -> bool:
        """Whether ``one`` stands before ``other``."""
        for key, mine, theirs in zip(self.keys, one, other, strict=True):
            if _rank(mine) != _rank(theirs):
                return (_rank(mine) > _rank(theirs)) == key.descending
        return False


def _rank(value: Parameter) -> tuple[bool, str, float]:
    """What sorts as SQLite does: numbers before text, text by its code points."""
    if isinstance(value, str):
        return (True, value, 0)
    assert isinstance(value, int | float)
    return (False, "", value)


def _past(keys: tuple[Key, ...], place: KeyValues, *, included: bool) -> Condition:
    """``(a, b) < (?, ?)``: SQLite walks an index with it."""
    sign = ("<" if keys[0].descending else ">") + ("=" if included else "")
    marks = ", ".join("?" * len(place))
    return Condition(f"({_listed(keys)}) {sign} ({marks})", place)


def _listed(keys: tuple[Key, ...]) -> str:
    return ", ".join(key.sql for key in keys)


_NEWEST = (Key("g.created_at", descending=True), Key("g.seq", descending=True))


def _by_own(column: str, index: str) -> Order:
    return Order((), (Key(column, descending=True), *_NEWEST), index)


ORDERS = {
    Sort.NEWEST: Order((), _NEWEST, "generations_by_time"),
    Sort.OLDEST: Order((), _NEWEST, "generations_by_time").reversed(),
    # Without a length, without a rating: last.
    Sort.LONGEST: _by_own("g.length_order", "generations_by_length"),
    Sort.RATING: _by_own("g.rating_order", "generations_by_rating"),
    Sort.PROFILE: Order(
        (Key("p.name_fold"), Key("p.name"), Key("p.id")),
        _NEWEST,
        "generations_by_profile",
        of_profiles=True,
    ),
    Sort.TEXT: Order((Key("g.text_start"),), _NEWEST, "generations_by_text"),
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
