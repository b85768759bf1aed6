"""Values out of JSON objects of strangers: each as it must be, or refused with what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rushes.domain import limits
from rushes.domain.strict_json import strict_json
from rushes.domain.text import one_line, valid
from rushes.domain.times import as_utc
from rushes.errors import BadInput

LONGEST_DURATION = 1e9
"""Seconds, some thirty years: what is longer isn't meant."""


@dataclass(frozen=True, slots=True)
class Fields:
    """An object by its keys; others are left alone. ``where`` is what errors call the object.

    Every method raises BadInput where the value isn't what it asks for.
    """

    values: Mapping[str, object]
    where: str

    @classmethod
    def of(cls, value: object, where: str) -> Fields:
        """The fields of a value that must be an object."""
        if not isinstance(value, dict):
            raise BadInput(f"its {where} must be an object", f"it is {_kind(value)}")
        return cls(value, where)

    def has(self, key: str) -> bool:
        """Whether something but null stands there."""
        return self.values.get(key) is not None

    def inside(self, key: str) -> Fields:
        """The fields of an object within."""
        return Fields.of(self.values.get(key), key)

    def objects(self, key: str) -> list[Fields]:
        """The objects of a list within; none where there is no list."""
        return [Fields.of(value, f"{key} entry") for value in self._list(key)]

    def text(self, key: str) -> str:
        """Text of any length that a library takes."""
        found = self.optional_text(key)
        if found is None:
            raise BadInput(f"its {self.where} has no {key}")
        return found

    def optional_text(self, key: str) -> str | None:
        """The same, where there may be none."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(key, f"must be text, it is {_kind(value)}")
        if len(value) > limits.LONGEST_TEXT:
            raise self._wrong(key, f"has over {limits.LONGEST_TEXT:,} characters")
        return valid(value, key)

    def name(self, key: str, otherwise: str | None = None) -> str:
        """A name without the space around it; ``otherwise`` where there is none."""
        found = self.optional_name(key) or otherwise
        if found is None:
            raise BadInput(f"its {self.where} has no {key}")
        return found

    def optional_name(self, key: str) -> str | None:
        """The same, where there may be none."""
        found = (self.optional_text(key) or "").strip()
        if len(found) > limits.LONGEST_NAME:
            raise self._wrong(key, f"has over {limits.LONGEST_NAME} characters")
        return found or None

    def names(self, key: str) -> tuple[str, ...]:
        """The names of a list; none where there is no list."""
        listed = Fields({str(at): value for at, value in enumerate(self._list(key))}, key)
        return tuple(listed.name(at) for at in listed.values)

    def flag(self, key: str) -> bool:
        """Yes or no; no where there is nothing."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self._wrong(key, f"must be true or false, it is {_kind(value)}")

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number in a range, where there may be none."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, f"must be a whole number, it is {_kind(value)}")
        if not least <= value <= most:
            raise self._wrong(key, "is out of range")
        return value

    def seed(self, key: str) -> int | None:
        """A seed of 64 bits, where there may be none."""
        return self.whole(key, -limits.HIGHEST_SEED, limits.HIGHEST_SEED - 1)

    def seconds(self, key: str) -> float | None:
        """A length of audio, where there may be none."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(key, f"must be a number, it is {_kind(value)}")
        if not (-math.inf < value < math.inf and 0 <= value <= LONGEST_DURATION):
            raise self._wrong(key, "is out of range")
        return float(value)

    def moment(self, key: str) -> datetime:
        """A time, in UTC where it names no zone."""
        found = self.optional_moment(key)
        if found is None:
            raise BadInput(f"its {self.where} has no {key}")
        return found

    def optional_moment(self, key: str) -> datetime | None:
        """The same, where there may be none."""
        said = self.optional_text(key)
        if said is None:
            return None
        try:
            found = as_utc(datetime.fromisoformat(said.strip()))
        except (ValueError, OverflowError):
            raise self._wrong(key, f"is no time: {one_line(said[:40])}") from None
        if not 1 < found.year < 9999:
            raise self._wrong(key, "is out of range")
        return found

    def json_text(self, key: str, kind: type[dict[str, object]] | type[list[object]]) -> str | None:
        """Text that holds strict JSON, an object or a list, as it stands there; or none."""
        text = self.values.get(key)
        if text is None:
            return None
        if not isinstance(text, str):
            raise self._wrong(key, f"must be text, it is {_kind(text)}")
        read = strict_json(valid(text, key).encode(), key)
        if not isinstance(read, kind):
            raise self._wrong(key, f"must hold {_kind(kind())}, it holds {_kind(read)}")
        return text

    def _list(self, key: str) -> list[object]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(key, f"must be a list, it is {_kind(value)}")
        return value

    def _wrong(self, key: str, why: str) -> BadInput:
        return BadInput(f"the {key} of its {self.where} can't be kept", f"it {why}")


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "an object"
