"""A parameter snapshot as lines that people read: names with dots, numbers without noise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

FEW = 8
"""Values of a list that are shown; of a longer one, the first few and how many there are."""

_DEEPEST = 6
_MOST = 400


def flat(params_json: str | None) -> list[tuple[str, str]]:
    """Give name and value of every setting; ``effects[0].type`` names what lies deeper.

    What isn't the JSON of an object is given as it stands, under the name "parameters".
    """
    if not params_json:
        return []
    try:
        params = json.loads(params_json)
    except (ValueError, RecursionError):
        return [("parameters", params_json)]
    if not isinstance(params, Mapping):
        return [("parameters", value_in_words(params))]
    pairs: list[tuple[str, str]] = []
    for pair in _walk("", params, 0):
        if len(pairs) == _MOST:
            return [*pairs, ("…", "there is more: read it whole")]
        pairs.append(pair)
    return pairs


def _walk(name: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value and depth < _DEEPEST:
        for key, below in value.items():
            yield from _walk(f"{name}.{key}" if name else str(key), below, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST and _holds_more(value):
        for index, below in enumerate(value):
            yield from _walk(f"{name}[{index}]", below, depth + 1)
    else:
        yield name, value_in_words(value)


def _holds_more(values: Sequence[object]) -> bool:
    return any(isinstance(value, (Mapping, list)) and value for value in values)


def value_in_words(value: object) -> str:
    """Give a value as people read it: 0.7, yes, none; ``1, 2, 3 … 64 values`` for a long list."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case str():
            return value or "empty"
        case list() if value and not _holds_more(value):
            shown = ", ".join(value_in_words(one) for one in value[:FEW])
            return f"{shown} … {len(value):,} values" if len(value) > FEW else shown
        case list() | dict() if not value:
            return "empty"
        case _:
            return _compact(value)


def _compact(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "too deep to show"


def whole(params_json: str | None) -> str:
    """Give the snapshot whole, indented, nothing shortened."""
    if not params_json:
        return ""
    try:
        return json.dumps(json.loads(params_json), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return params_json
