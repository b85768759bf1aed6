"""The trigram index of texts: which questions it can answer, and in what SQL. SQLite's FTS5.

A term of three characters or more is a phrase of trigrams; a shorter one is the beginning of a
trigram, looked up in the index's own vocabulary. A term is found literally: both it and the
indexed text are folded (``domain.text.fold``) before.
"""

from __future__ import annotations

from collections.abc import Iterable

from rushes.store.database import Parameter
from rushes.store.reader import Snapshot
from rushes.store.where import Condition

_HIGHEST = "\U0010ffff" * 3
TRIGRAM = 3
"""Characters of a term from which on the index knows it as a phrase."""

_UNLIKE = frozenset("\0\1\ufffd\ufffe\uffff")
"""NUL ends a text for FTS5, ``\\1`` is the index's sentinel, the rest are one character to it."""

_WITH_NUL = "INDEXED BY generations_with_nul WHERE instr(g.text_fold, char(0)) > 0"
_IN_TEXT = "instr(g.text_fold, ?) > 0"
_IN_START = "instr(g.text_start, ?) > 0"
_STARTS = (
    "SELECT g.seq FROM generations g INDEXED BY generations_by_text WHERE g.deleted_at IS NULL AND"
)
_BEYOND_START = (
    "SELECT g.seq FROM generations g INDEXED BY generations_with_long_text"
    " WHERE length(g.text_fold) > 200 AND g.deleted_at IS NULL"
    f" AND NOT ({_IN_START} OR {{otherwise}}) AND {_IN_TEXT}"
    f" UNION ALL SELECT g.seq FROM generations g {_WITH_NUL}"
    " AND NOT length(g.text_fold) > 200 AND g.deleted_at IS NULL"
    f" AND NOT ({_IN_START} OR {{otherwise}}) AND {_IN_TEXT}"
)
"""Where the term is in the text, but not in what the index in order of texts holds of it."""

CHECK = "INSERT INTO text_index (text_index, rank) VALUES ('integrity-check', 1)"
"""Fails with SQLITE_CORRUPT where the index and the rows disagree; it changes nothing."""


def is_indexed(term: str) -> bool:
    """Whether the index can tell which texts hold the folded ``term``."""
    return bool(term) and _UNLIKE.isdisjoint(term)


def trigrams_up_to(snapshot: Snapshot, term: str, most: int) -> list[tuple[str, int]] | None:
    """The trigrams that begin with a term of one or two characters, and in how many texts each is.

    None where these numbers add up to more than ``most``: counting them takes a while itself.
    """
    found: list[tuple[str, int]] = []
    left = most
    for trigram, rows in snapshot.each(
        "SELECT term, doc FROM text_gram_counts WHERE term >= ? AND term <= ?", _beginning(term)
    ):
        found.append((str(trigram), int(rows)))  # type: ignore[call-overload]  # a count
        left -= found[-1][1]
        if left < 0:
            return None
    return found


def through_index(term: str) -> Condition:
    """A SELECT of the rows (``seq``) whose text holds the term, in the trash too; some twice.

    The term must be one that ``is_indexed``.
    """
    if len(term) >= TRIGRAM:
        found = "SELECT rowid AS seq FROM text_index WHERE text_index MATCH ?"
        values: tuple[Parameter, ...] = (_phrase(term),)
    else:
        found = "SELECT doc AS seq FROM text_grams WHERE term >= ? AND term <= ?"
        values = _beginning(term)
    return Condition(
        f"{found} UNION ALL SELECT g.seq FROM generations g {_WITH_NUL} AND {_IN_TEXT}",
        (*values, term),
    )


def through_trigrams(term: str, trigrams: Iterable[str]) -> tuple[Condition, ...]:
    """SELECTs that together give what ``through_index`` does, for a term of one or two characters.

    One for each trigram that begins with it: quicker than the vocabulary where these are few.
    """
    matched = "SELECT rowid AS seq FROM text_index WHERE text_index MATCH ?"
    with_nul = Condition(f"SELECT g.seq FROM generations g {_WITH_NUL} AND {_IN_TEXT}", (term,))
    return (*(Condition(matched, (_phrase(trigram),)) for trigram in trigrams), with_nul)


def through_scan(term: str, otherwise: str = "0") -> Condition:
    """A SELECT of the rows (``seq``) outside the trash whose text holds the term, each once.

    Or of which ``otherwise`` is so: a condition on ``profile_id`` with as many question marks, all
    for the term, as there are in it. The index in order of texts is a third of the table; what
    isn't whole in it is looked at in the table.
    """
    beyond = _BEYOND_START.format(otherwise=otherwise)
    sql = f"{_STARTS} ({_IN_START} OR {otherwise}) UNION ALL {beyond}"
    return Condition(sql, (term,) * sql.count("?"))


def through_scan_without(term: str, otherwise: str = "0") -> tuple[Condition, Condition]:
    """Two SELECTs of rows outside the trash: those of the first that aren't in the second.

    Together they are the rest of what ``through_scan`` gives.
    """
    first = f"{_STARTS} NOT ({_IN_START} OR {otherwise})"
    second = _BEYOND_START.format(otherwise=otherwise)
    return (
        Condition(first, (term,) * first.count("?")),
        Condition(second, (term,) * second.count("?")),
    )


def _phrase(term: str) -> str:
    doubled = term.replace('"', '""')
    return f'"{doubled}"'


def _beginning(term: str) -> tuple[Parameter, ...]:
    return (term, term + _HIGHEST)
