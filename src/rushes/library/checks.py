"""What people and programs hand in, checked before anything is done with it."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, datetime

from rushes.domain import limits
from rushes.domain.generation import HIGHEST_RATING
from rushes.domain.text import fold, valid
from rushes.domain.times import as_utc
from rushes.errors import BadInput


def long_text(text: str, what: str) -> str:
    """The text, unchanged, if it can be kept.

    Raises:
        BadInput: it isn't text, or too much of it.
    """
    if not isinstance(text, str):
        raise BadInput(f"the {what} must be text", f"it is {type(text).__name__}")
    if len(text) > limits.LONGEST_TEXT:
        raise BadInput(f"the {what} is too long", f"it has over {limits.LONGEST_TEXT:,} characters")
    return valid(text, what)


def optional_text(text: str | None, what: str) -> str | None:
    """The same, where there may be none.

    Raises:
        BadInput: it isn't text, or too much of it.
    """
    return None if text is None else long_text(text, what)


def name(text: str, what: str) -> str:
    """A name without the space around it.

    Raises:
        BadInput: nothing is left of it, or it is too long.
    """
    if not isinstance(text, str):
        raise BadInput(f"the {what} must be text", f"it is {type(text).__name__}")
    stripped = valid(text, what).strip()
    if not stripped:
        raise BadInput(f"the {what} is empty", "", "Give it a name.")
    if len(stripped) > limits.LONGEST_NAME:
        raise BadInput(f"the {what} is too long", f"it has over {limits.LONGEST_NAME} characters")
    return stripped


def optional_name(text: str | None, what: str) -> str | None:
    """A name without the space around it; None where nothing is left of it.

    Raises:
        BadInput: it isn't text, or too long.
    """
    if text is None or not str(text).strip():
        return None
    return name(text, what)


def seed(value: int | None) -> int | None:
    """A seed as a plain int: any integer of 64 bits, of whatever type.

    Raises:
        BadInput: it isn't one.
    """
    number = _integer(value, "seed")
    if number is not None and not -limits.HIGHEST_SEED <= number < limits.HIGHEST_SEED:
        raise BadInput(f"the seed {number} can't be kept", "it needs more than 64 bits")
    return number


def rating(value: int | None) -> int | None:
    """A rating of 1 to 5, or none.

    Raises:
        BadInput: it is another.
    """
    number = _integer(value, "rating")
    if number is not None and not 1 <= number <= HIGHEST_RATING:
        raise BadInput(f"{number} is no rating", "", f"Ratings are 1 to {HIGHEST_RATING}, or none.")
    return number


def moment(value: datetime) -> datetime:
    """A time in UTC; one without a zone counts as UTC.

    Raises:
        BadInput: it isn't a time that the calendar holds.
    """
    if not isinstance(value, datetime):
        raise BadInput("the time must be a datetime", f"it is {type(value).__name__}")
    # The first and the last year are left out: no zone's clock reaches beyond the calendar then.
    if not MINYEAR < value.year < MAXYEAR:
        raise BadInput(f"the time {value} can't be kept", "the calendar ends there")
    return as_utc(value)


def ids(values: Sequence[str] | str) -> tuple[str, ...]:
    """Ids, each once; a single one needs no list around it.

    Raises:
        BadInput: one isn't text, or there are too many.
    """
    listed = (values,) if isinstance(values, str) else tuple(values)
    if len(listed) > limits.MOST_IDS:
        raise BadInput(
            "too many ids at once",
            f"{len(listed):,} were given, {limits.MOST_IDS:,} are the most",
            "Give them in parts.",
        )
    for value in listed:
        if not isinstance(value, str):
            raise BadInput("an id must be text", f"it is {type(value).__name__}")
        valid(value, "id")
    return tuple(dict.fromkeys(listed))


def tags(values: Sequence[str] | str) -> dict[str, str]:
    """Tags as they are written, each once, by their folded form.

    Raises:
        BadInput: one is empty or too long.
    """
    listed = (values,) if isinstance(values, str) else tuple(values)
    written = (name(value, "tag") for value in listed)
    return {fold(tag): tag for tag in written}


def _integer(value: int | None, what: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool):
        raise BadInput(f"the {what} must be a number", f"it is {value}")
    try:
        return operator.index(value)
    except TypeError:
        raise BadInput(f"the {what} must be a whole number", f"it is {value!r}") from None
