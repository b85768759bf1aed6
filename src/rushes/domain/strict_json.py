"""JSON of strangers (RFC 8259), read without trusting it: its size, its depth, its numbers."""

from __future__ import annotations

import json
import math
import re

from rushes.domain import limits
from rushes.domain.text import one_line
from rushes.errors import BadInput

DEEPEST = limits.DEEPEST_JSON + 10
"""A snapshot lies a few levels within its record."""

_STRINGS = re.compile(rb'"(?:[^"\\]+|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(rb"[][{}]")


def strict_json(raw: bytes, name: str) -> object:
    """What a document says; ``name`` is what errors call it.

    Memory is bounded before it is parsed: what has too many values or levels isn't.

    Raises:
        BadInput: it isn't strict JSON in UTF-8, or too much of it.
    """
    if len(raw) > limits.LARGEST_RECORD:
        raise _bad(name, f"it has over {limits.LARGEST_RECORD:,} bytes")
    _check_shape(raw, name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(name, "it isn't text in UTF-8") from None
    try:
        return json.loads(
            text,
            parse_constant=_constant,
            parse_float=_float,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise _bad(name, f"it isn't JSON: {error.msg}, line {error.lineno}") from None
    except RecursionError:
        raise _bad(name, "it is nested too deep") from None
    except ValueError as error:  # ours, and Python's of a number with thousands of digits
        raise _bad(name, one_line(str(error)).partition(";")[0][:200]) from None


def _check_shape(raw: bytes, name: str) -> None:
    bare = _STRINGS.sub(b"", raw)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > limits.MOST_VALUES:
        raise _bad(name, f"it holds over {limits.MOST_VALUES:,} values")
    depth = 0
    for found in _BRACKETS.finditer(bare):
        depth += 1 if found[0] in b"[{" else -1
        if depth > DEEPEST:
            raise _bad(name, f"it is nested over {DEEPEST} deep")


def _constant(said: str) -> None:
    raise ValueError(f"{said} isn't JSON")


def _float(said: str) -> float:
    number = float(said)
    if not math.isfinite(number):
        raise ValueError(f"the number {said[:20]} is out of range")
    return number


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object in it has a key twice")
    return found


def _bad(name: str, why: str) -> BadInput:
    return BadInput(f"its {name} can't be read", why)
