"""The filter language: one line of text becomes a ``Filter``.

    anna "good evening" -draft        words and phrases: literal text, ANDed; - excludes
    profile:anna engine:qwen          part of the name; profile:=Anna asks for the whole name;
    profile:anna,robot                commas mean "or"; profile:="Old Anna" takes any name whole
    lang:en model:1.7B tag:keep       a language also finds its regions (en finds en-GB); tags whole
    is:fav|failed|running|completed|rated|tagged|orphan
    is:flagged|clipped|silent|leading|trailing|cutoff|quiet|loud|fast|slow|dc|length|duplicate
    rating:>3 rating:2..4 rating:0    0: not rated
    dur:>5 dur:<1:30 dur:2..10        seconds, or m:ss, or with s, m, h
    lufs:<-30 peak:>-1                loudness in LUFS, true peak in dBTP
    seed:42 id:1f3a                   an id by its beginning
    after:2026-04-01 before:2026-05 on:today        also yesterday, and 7d, 12h, 2w ago
    @best                             what was saved under that name; without such, literal text

A key that isn't one of these is literal text, and so is anything in quotes, where "" stands for
one quotation mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rushes.domain import limits
from rushes.domain.filters import (
    EVERYTHING,
    Between,
    Filter,
    Flag,
    Is,
    Made,
    NumberField,
    Term,
    TextField,
    TextIs,
    Words,
)
from rushes.domain.text import fold
from rushes.domain.times import LOCAL, as_utc
from rushes.errors import BadFilter

_TOKEN = re.compile(
    r'(?P<minus>-)?(?:(?P<key>[A-Za-z]+):(?P<exact>=(?="))?)?'
    r'(?:"(?P<quoted>(?:[^"]|"")*)"?|(?P<bare>\S*))'
)
NAME_OF_FILTER = re.compile(r"[\w-]{1,40}")
"""What can name a saved filter."""

_PLAIN = re.compile(r'[^\s,"]+')
_COMPARISONS = (">=", "<=", ">", "<", "=")
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_AGO = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_ALIASES = {"favorite": "fav", "favourite": "fav", "pending": "running", "done": "completed"}
_LEVELS = frozenset({NumberField.LOUDNESS, NumberField.TRUE_PEAK})
_KEY_ALIASES = {"language": "lang", "duration": "dur", "length": "dur", "rate": "rating"}


@dataclass(frozen=True, slots=True)
class _Token:
    """One piece of the line: ``value`` began at character ``at``; ``quoted`` text is literal.

    ``exact`` says that an equals sign stood before the quotes.
    """

    text: str
    key: str
    value: str
    at: int
    negated: bool
    quoted: bool
    exact: bool


def parse(line: str, now: datetime | None = None, saved: Mapping[str, str] | None = None) -> Filter:
    """Read a line of the filter language.

    ``now`` (aware; its zone is the one in which days begin and end) is what relative dates count
    from, the present local time by default. ``saved`` holds lines by their folded names.

    Raises:
        BadFilter: a value can't be read; ``position`` is where it starts.
    """
    if not line.strip():
        return EVERYTHING
    moment = now if now is not None else datetime.now(LOCAL)
    terms: list[Term] = []
    asked = 0
    for at, term in _terms(line, moment, saved or {}, 0):
        asked += len(term.folded) if isinstance(term, TextIs) else 1
        if asked > limits.MOST_FILTER_WORDS:
            why = f"{limits.MOST_FILTER_WORDS} words are the most"
            raise BadFilter("the filter is too long", at, why)
        terms.append(term)
    return Filter(tuple(terms), line.strip())


def _terms(
    line: str, now: datetime, saved: Mapping[str, str], depth: int
) -> Iterator[tuple[int, Term]]:
    """Give each term with the character where it stands, in this line even when it is saved."""
    for token in _tokens(line):
        named = None if token.quoted or token.key else saved.get(fold(token.value[1:]))
        if named is None or not token.value.startswith("@"):
            term = _term(token, now)
            if term is not None:
                yield token.at, term
            continue
        if token.negated:
            raise BadFilter(
                f"“{token.text}” can't be left out as a whole", token.at, "", "Write its terms."
            )
        if depth >= limits.DEEPEST_FILTER:
            raise BadFilter(f"“{token.text}” stands in itself", token.at)
        try:
            for _, term in _terms(named, now, saved, depth + 1):
                yield token.at, term
        except BadFilter as error:
            if depth:
                raise
            raise BadFilter(error.what, token.at, f"it is in “{token.value}”", error.fix) from None


def exact(field: TextField, value: str) -> str:
    """Write the term that asks for the whole field, whatever characters ``value`` holds."""
    if _PLAIN.fullmatch(value):
        return f"{field.value}:={value}"
    doubled = value.replace('"', '""')
    return f'{field.value}:="{doubled}"'


def _tokens(line: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(line):
        if line[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(line, position)
        if match is None or match.end() == position:  # pragma: no cover - \S* takes any character
            raise BadFilter("the filter can't be read", position)
        quoted = match["quoted"] is not None
        group = "quoted" if quoted else "bare"
        tokens.append(
            _Token(
                text=match[0],
                key=(match["key"] or "").lower(),
                value=match[group].replace('""', '"') if quoted else match[group],
                at=match.start(group),
                negated=match["minus"] is not None,
                quoted=quoted,
                exact=match["exact"] is not None,
            )
        )
        position = match.end()
    return tokens


def _term(token: _Token, now: datetime) -> Term | None:
    key = _KEY_ALIASES.get(token.key, token.key)
    reader = _READERS.get(key)
    if reader is not None:
        if not token.value:
            raise BadFilter(f"“{token.key}:” needs a value", token.at)
        return reader(key, token, now)
    if token.key:
        return _literal(token, token.text.removeprefix("-"))
    if token.quoted:
        return Words(fold(token.value), token.negated) if token.value else None
    if token.negated and not token.value:
        return Words("-")
    return _literal(token, token.value)


def _literal(token: _Token, text: str) -> Words:
    return Words(fold(text.replace('"', "") if token.quoted else text), token.negated)


def _read_text(key: str, token: _Token, now: datetime) -> TextIs:  # noqa: ARG001  # readers are called alike
    bare_exact = token.value.startswith("=") and not token.quoted
    value = token.value[1:] if bare_exact else token.value
    parts = [value] if token.quoted else value.split(",")
    folded = tuple(fold(part) for part in parts if part)
    if not folded:
        raise BadFilter(f"“{token.key}:” needs a value", token.at)
    return TextIs(TextField(key), folded, bare_exact or token.exact, token.negated)


def _read_flag(key: str, token: _Token, now: datetime) -> Is:  # noqa: ARG001  # readers are called alike
    name = token.value.lower()
    try:
        return Is(Flag(_ALIASES.get(name, name)), token.negated)
    except ValueError:
        known = ", ".join(flag.value for flag in Flag)
        raise BadFilter(
            f"“is:{token.value}” is not known", token.at, f"is: takes {known}"
        ) from None


def _read_number(key: str, token: _Token, now: datetime) -> Between:  # noqa: ARG001  # readers are called alike
    field = NumberField(key)
    low, dots, high = token.value.partition("..")
    if dots:
        if not (low or high):
            raise _no_number(token)
        return Between(
            field,
            _amount(field, low, token) if low else None,
            _amount(field, high, token) if high else None,
            negated=token.negated,
        )
    operator = next((sign for sign in _COMPARISONS if token.value.startswith(sign)), "=")
    amount = _amount(field, token.value.removeprefix(operator), token)
    included = operator.endswith("=")
    match operator:
        case ">" | ">=":
            return Between(field, amount, None, low_included=included, negated=token.negated)
        case "<" | "<=":
            return Between(field, None, amount, high_included=included, negated=token.negated)
        case _:
            return Between(field, amount, amount, negated=token.negated)


def _amount(field: NumberField, text: str, token: _Token) -> float:
    if field is NumberField.DURATION:
        return _seconds(text, token)
    if field in _LEVELS:
        if not re.fullmatch(r"-?\d{1,3}(?:\.\d{1,9})?", text):
            raise _no_number(token)
        return float(text)
    if not re.fullmatch(r"-?\d{1,19}", text):
        raise _no_number(token)
    number = int(text)
    if not -limits.HIGHEST_SEED <= number < limits.HIGHEST_SEED:
        raise _no_number(token)
    return number


def _seconds(text: str, token: _Token) -> float:
    clock = re.fullmatch(r"(\d{1,5}):([0-5]?\d(?:\.\d+)?)", text)
    if clock:
        return int(clock[1]) * 60 + float(clock[2])
    plain = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)([smh]?)", text)
    if plain is None:
        raise _no_number(token)
    return float(plain[1]) * _UNITS[plain[2]]


def _no_number(token: _Token) -> BadFilter:
    return BadFilter(
        f"“{token.value}” is no number", token.at, "", f"Write {token.key}:>3, {token.key}:2..4."
    )


def _read_date(key: str, token: _Token, now: datetime) -> Made:
    start, end = _span(token, now)
    match key:
        case "after":
            return Made(start, None, token.negated)
        case "before":
            return Made(None, start, token.negated)
        case _:
            return Made(start, end, token.negated)


def _span(token: _Token, now: datetime) -> tuple[datetime, datetime]:
    """Give the beginning and the end, in UTC, of the time that the value names."""
    value = token.value.lower()
    ago = re.fullmatch(r"(\d{1,4})([hdw])", value)
    try:
        if ago:
            return as_utc(now) - int(ago[1]) * _AGO[ago[2]], as_utc(now)
        start, end = _calendar(value, now)
        return as_utc(start), as_utc(end)
    except (ValueError, OverflowError):
        raise BadFilter(
            f"“{token.value}” is no date", token.at, "", "Write 2026-04-01, 2026-04, today or 7d."
        ) from None


def _calendar(value: str, now: datetime) -> tuple[datetime, datetime]:
    """Give the beginning and the end of the day, month, year or minute, as the clock has them."""
    if value in ("today", "yesterday"):
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        begins = today if value == "today" else today - timedelta(days=1)
        return begins, begins + timedelta(days=1)
    parts = [int(part) for part in value.split("-")] if re.fullmatch(r"[\d-]+", value) else []
    match parts:
        case [year] if year > 999:
            return _local(now, year, 1, 1), _local(now, year + 1, 1, 1)
        case [year, month]:
            following = (year + 1, 1) if month == 12 else (year, month + 1)
            return _local(now, year, month, 1), _local(now, *following, 1)
        case [year, month, day]:
            start = _local(now, year, month, day)
            return start, start + timedelta(days=1)
        case _:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
            return moment, moment + timedelta(minutes=1)


def _local(now: datetime, year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=now.tzinfo)


_READERS: dict[str, Callable[[str, _Token, datetime], Term]] = {
    **{field.value: _read_text for field in TextField},
    **{field.value: _read_number for field in NumberField},
    "is": _read_flag,
    "after": _read_date,
    "before": _read_date,
    "on": _read_date,
}
