"""The trigram index of texts: which questions it can answer, and in what SQL. SQLite's FTS5.

A term of three characters or more is a phrase of trigrams; a shorter one is the beginning of a
trigram, looked up in the index's own vocabulary. A term is found literally: both it and the
indexed text are folded (``domain.text.fold``) before.
"""

from __future__ import annotations

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
_SCAN = (
    "SELECT g.seq FROM generations g INDEXED BY generations_by_text"
    " WHERE g.deleted_at IS NULL AND ({in_start} OR {otherwise})"
    " UNION ALL SELECT g.seq FROM generations g INDEXED BY generations_with_long_text"
    " WHERE length(g.text_fold) > 200 AND g.deleted_at IS NULL"
    " AND NOT ({in_start} OR {otherwise}) AND {in_text}"
    f" UNION ALL SELECT g.seq FROM generations g {_WITH_NUL}"
    " AND NOT length(g.text_fold) > 200 AND g.deleted_at IS NULL"
    " AND NOT ({in_start} OR {otherwise}) AND {in_text}"
)

CHECK = "INSERT INTO text_index (text_index, rank) VALUES ('integrity-check', 1)"
"""Fails with SQLITE_CORRUPT where the index and the rows disagree; it changes nothing."""


def is_indexed(term: str) -> bool:
    """Whether the index can tell which texts hold the folded ``term``."""
    return bool(term) and _UNLIKE.isdisjoint(term)


def hits_up_to(snapshot: Snapshot, term: str, most: int) -> int:
    """How many texts hold the term, no less than there are, counted no further than ``most``.

    More than ``most`` means only that. The term must be one that ``is_indexed``.
    """
    if len(term) >= TRIGRAM:
        return snapshot.number(
            "SELECT count(*) FROM (SELECT 1 FROM text_index WHERE text_index MATCH ? LIMIT ?)",
            (_phrase(term), most + 1),
        )
    hits = 0
    for (rows,) in snapshot.each(
        "SELECT doc FROM text_gram_counts WHERE term >= ? AND term <= ?", _beginning(term)
    ):
        hits += int(rows)  # type: ignore[call-overload]  # a count
        if hits > most:
            break
    return hits


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


def through_scan(term: str, otherwise: str = "0") -> Condition:
    """A SELECT of the rows (``seq``) outside the trash whose text holds the term, each once.

    Or of which ``otherwise`` is so: a condition on ``profile_id`` with as many question marks, all
    for the term, as there are in it. The index in order of texts is a third of the table; what
    isn't whole in it is looked at in the table.
    """
    sql = _SCAN.format(in_start="instr(g.text_start, ?) > 0", in_text=_IN_TEXT, otherwise=otherwise)
    return Condition(sql, (term,) * sql.count("?"))


def _phrase(term: str) -> str:
    doubled = term.replace('"', '""')
    return f'"{doubled}"'


def _beginning(term: str) -> tuple[Parameter, ...]:
    return (term, term + _HIGHEST)
