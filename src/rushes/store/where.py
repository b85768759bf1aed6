"""A question's filter as an SQL condition on one row; ``planner`` says which index finds the rows.

Every value is a parameter, never part of the SQL. In the conditions ``g`` is ``generations``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rushes.domain.filters import (
    QUALITY_FLAGS,
    Between,
    Flag,
    Is,
    Made,
    NumberField,
    Term,
    TextField,
    TextIs,
    Words,
)
from rushes.domain.generation import RUNNING, Status
from rushes.domain.query import HistoryQuery
from rushes.domain.text import fold
from rushes.domain.times import to_stored
from rushes.store.database import Parameter

_AFTER_ANY_CHARACTER = "\U0010ffff"

_NUMBERS = {
    NumberField.RATING: "g.rating",
    NumberField.DURATION: "g.duration",
    NumberField.SEED: "g.seed",
    NumberField.LOUDNESS: "g.lufs",
    NumberField.TRUE_PEAK: "g.true_peak",
}
_TEXTS = {TextField.ENGINE: "g.engine_fold", TextField.MODEL: "g.model_fold"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL and the values of its question marks, in order."""

    sql: str
    parameters: tuple[Parameter, ...] = ()


def both(*conditions: Condition) -> Condition:
    """All of them at once."""
    return Condition(
        " AND ".join(condition.sql for condition in conditions),
        tuple(value for condition in conditions for value in condition.parameters),
    )


def either(*conditions: Condition) -> Condition:
    """At least one of them."""
    return Condition(
        f"({' OR '.join(condition.sql for condition in conditions)})",
        tuple(value for condition in conditions for value in condition.parameters),
    )


def numbered(numbers: Iterable[int]) -> Condition:
    """A SELECT of these ``seq``."""
    return Condition("SELECT value AS seq FROM json_each(?)", (f"[{','.join(map(str, numbers))}]",))


LIVE = Condition("g.deleted_at IS NULL")
IN_TRASH = Condition("g.deleted_at IS NOT NULL AND g.purging = 0")


def condition_of(query: HistoryQuery, pinned_to: int | None = None) -> Condition:
    """What a row must meet; ``pinned_to`` is the highest ``seq`` that counts."""
    return both(
        IN_TRASH if query.trashed else LIVE,
        *of_pin(pinned_to),
        *of_profiles(query.profile_ids),
        *of_search(query.search),
        *(of_term(term) for term in query.filter.terms),
    )


def of_pin(pinned_to: int | None) -> tuple[Condition, ...]:
    """Rows up to that ``seq``; a plus keeps SQLite from reading them in order of ``seq``."""
    return () if pinned_to is None else (Condition("+g.seq <= ?", (pinned_to,)),)


def of_profiles(profile_ids: tuple[str, ...]) -> tuple[Condition, ...]:
    """Rows of any of these profiles; without one, of all."""
    if not profile_ids:
        return ()
    marks = ", ".join("?" * len(profile_ids))
    return (Condition(f"g.profile_id IN ({marks})", profile_ids),)


def of_search(search: str | None) -> tuple[Condition, ...]:
    """Rows whose text holds that, folded."""
    return (Condition("instr(g.text_fold, ?) > 0", (fold(search),)),) if search else ()


def of_term(term: Term) -> Condition:
    """Rows of which the term holds."""
    condition = _positive(term)
    if not term.negated:
        return condition
    # An empty field answers NULL; whatever isn't found in it counts as not being there.
    return Condition(f"NOT COALESCE({condition.sql}, 0)", condition.parameters)


def _positive(term: Term) -> Condition:
    match term:
        case Words():
            return either(
                Condition("instr(g.text_fold, ?) > 0", (term.folded,)),
                _of_profile(Condition("instr(name_fold, ?) > 0", (term.folded,))),
            )
        case TextIs():
            return either(*(_of_text(term, value) for value in term.folded))
        case Is():
            return _of_flag(term.flag)
        case Between():
            return _of_number(term)
        case Made():
            return _of_time(term)


def _of_profile(condition: Condition) -> Condition:
    """Profiles are few: they are asked first, by themselves."""
    return Condition(
        f"g.profile_id IN (SELECT id FROM profiles WHERE {condition.sql})",
        condition.parameters,
    )


def _of_text(term: TextIs, value: str) -> Condition:
    match term.field:
        case TextField.PROFILE:
            test = "name_fold = ?" if term.exact else "instr(name_fold, ?) > 0"
            return _of_profile(Condition(test, (value,)))
        case TextField.TAG:
            return Condition(
                "EXISTS (SELECT 1 FROM tags t WHERE t.generation_id = g.id AND t.tag_fold = ?)",
                (value,),
            )
        case TextField.ID:
            return id_condition(value, exact=term.exact)
        case TextField.LANGUAGE if term.exact:
            return Condition("g.language_fold = ?", (value,))
        case TextField.LANGUAGE:
            return Condition(
                "(g.language_fold = ? OR instr(g.language_fold, ?) = 1)", (value, f"{value}-")
            )
        case TextField.ENGINE | TextField.MODEL:
            column = _TEXTS[term.field]
            test = f"{column} = ?" if term.exact else f"instr({column}, ?) > 0"
            return Condition(test, (value,))


def id_condition(value: str, *, exact: bool) -> Condition:
    """The id ``value``, or all that begin with it."""
    return Condition("g.id = ?", (value,)) if exact else id_prefix(value)


def id_prefix(prefix: str) -> Condition:
    """Ids that begin with ``prefix``, found through the index on ids."""
    return Condition("(g.id >= ? AND g.id < ?)", (prefix, prefix + _AFTER_ANY_CHARACTER))


def _of_flag(flag: Flag) -> Condition:
    match flag:
        case Flag.FAVORITE:
            return Condition("g.is_favorited = 1")
        case Flag.FAILED:
            return Condition("g.status = ?", (Status.FAILED.value,))
        case Flag.COMPLETED:
            return Condition("g.status = ?", (Status.COMPLETED.value,))
        case Flag.RUNNING:
            marks = ", ".join("?" * len(RUNNING))
            return Condition(f"g.status IN ({marks})", tuple(sorted(RUNNING)))
        case Flag.RATED:
            return Condition("g.rating IS NOT NULL")
        case Flag.TAGGED:
            return Condition("EXISTS (SELECT 1 FROM tags t WHERE t.generation_id = g.id)")
        case Flag.ORPHAN:
            return _of_profile(Condition("missing = 1"))
        case Flag.DUPLICATE:
            return Condition("g.has_twin = 1")
        case Flag.FLAGGED:
            return Condition("(COALESCE(g.flags, 0) > 0 OR g.has_twin = 1)")
        case _:
            return Condition("g.flags & ? > 0", (int(QUALITY_FLAGS[flag]),))


def _of_number(term: Between) -> Condition:
    column = _NUMBERS[term.field]
    if term.field is NumberField.RATING and term.low == 0 and term.high == 0:
        return Condition(f"({column} IS NULL)")
    conditions = [Condition(f"{column} IS NOT NULL")]
    if term.low is not None:
        sign = ">=" if term.low_included else ">"
        conditions.append(Condition(f"{column} {sign} ?", (term.low,)))
    if term.high is not None:
        sign = "<=" if term.high_included else "<"
        conditions.append(Condition(f"{column} {sign} ?", (term.high,)))
    inner = both(*conditions)
    return Condition(f"({inner.sql})", inner.parameters)


def _of_time(term: Made) -> Condition:
    conditions = [Condition("1")]
    if term.since is not None:
        conditions.append(Condition("g.created_at >= ?", (to_stored(term.since),)))
    if term.until is not None:
        conditions.append(Condition("g.created_at < ?", (to_stored(term.until),)))
    inner = both(*conditions)
    return Condition(f"({inner.sql})", inner.parameters)
