"""A parameter snapshot as lines that people read: names with dots, numbers without noise."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len

from rushes.domain.paths import element, holds_more, member
from rushes.domain.waveform import ASCII_BLOCKS, BLOCKS
from rushes.words.cells import shorten

FEW = 8
"""Values of a list that are shown; of a longer one, the first few and how many there are."""

SLIDERS = "slider_positions"
"""What small_dataset_audio calls the sliders of its model; they are drawn as bars."""

_SLIDER_REACH = 10.0
"""How far a slider goes to either side; where a value goes beyond, that is the scale."""

_MOST_SLIDERS = 64
_CELLS = 16
_DEEPEST = 6
_MOST = 400
_ENDLESS = {"Infinity": ("∞", "infinity"), "-Infinity": ("−∞", "-infinity")}
"""What ``domain.record.strict`` keeps in the place of infinities, and how it is read."""


def flat(params_json: str | None, *, ascii: bool = False) -> list[tuple[str, str]]:  # noqa: A002  # the option's name
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
        return [("parameters", value_in_words(params, plain=ascii))]
    pairs: list[tuple[str, str]] = []
    for name, value in _walk("", params, 0):
        if len(pairs) == _MOST:
            return [*pairs, ("…", "there is more: read it whole")]
        pairs.append((name, named_in_words(name, value, plain=ascii)))
    return pairs


def _walk(name: str, value: object, depth: int) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping) and value and depth < _DEEPEST:
        for key, below in value.items():
            yield from _walk(member(name, key), below, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST and holds_more(value):
        for index, below in enumerate(value):
            yield from _walk(element(name, index), below, depth + 1)
    else:
        yield name, value


def short_name(name: str, width: int) -> str:
    """Give a name in ``width`` cells at most: of a path too long its end, which tells most."""
    found = name
    while cell_len(found) > width and "." in name:
        name = name.partition(".")[2]
        found = f"…{name}"
    return shorten(found, width)


def named_in_words(name: str, value: object, *, plain: bool = False) -> str:
    """Give the value of that name as people read it: sliders as bars, the rest by what it is.

    ``plain``: without blocks and other signs that not every font has.
    """
    if name.rpartition(".")[2] == SLIDERS and isinstance(value, list):
        return _sliders(value, plain=plain) or value_in_words(value, plain=plain)
    return value_in_words(value, plain=plain)


def value_in_words(value: object, *, plain: bool = False) -> str:
    """Give a value as people read it: 0.7, yes, none, ∞.

    Of a long list of numbers how many there are, their range, their mean, and how they run; of
    another long list the first few: ``a, b, c … 64 values``.
    """
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float() if math.isinf(value):
            return _ENDLESS["Infinity" if value > 0 else "-Infinity"][plain]
        case float():
            return f"{value:.6g}"
        case str():
            return _ENDLESS[value][plain] if value in _ENDLESS else value or "empty"
        case list() if value and not holds_more(value):
            return _listed(value, plain=plain)
        case list() | dict() if not value:
            return "empty"
        case _:
            return _compact(value)


def _listed(values: Sequence[object], *, plain: bool) -> str:
    if len(values) > FEW:
        numbers = _numbers(values)
        if numbers is not None:
            return _in_short(numbers, plain=plain)
    shown = ", ".join(value_in_words(one, plain=plain) for one in values[:FEW])
    return f"{shown} … {len(values):,} values" if len(values) > FEW else shown


def _in_short(numbers: Sequence[float], *, plain: bool) -> str:
    low, high, count = min(numbers), max(numbers), len(numbers)
    cells = min(_CELLS, count)
    means = []
    for cell in range(cells):
        start, end = cell * count // cells, (cell + 1) * count // cells
        means.append(math.fsum(numbers[start:end]) / (end - start))
    drawn = "".join(_bar(one, low, high, plain=plain) for one in means)
    mean = math.fsum(numbers) / count
    return f"{count:,} values, {low:.3g} to {high:.3g}, mean {mean:.3g}  {drawn}"


def _sliders(values: Sequence[object], *, plain: bool) -> str | None:
    """Give a bar for each slider and the positions; None where they are something else.

    A slider that wasn't set is a dot, and stays apart from one that stands at 0.
    """
    there = _numbers([value for value in values if value is not None])
    if not there or len(values) > _MOST_SLIDERS:
        return None
    reach = max(_SLIDER_REACH, *(abs(one) for one in there))
    following = iter(there)
    unset = "_" if plain else "·"
    drawn = "".join(
        unset if value is None else _bar(next(following), -reach, reach, plain=plain)
        for value in values
    )
    return f"{drawn}  {', '.join('none' if one is None else f'{one:.4g}' for one in values)}"


def _bar(value: float, low: float, high: float, *, plain: bool) -> str:
    glyphs = ASCII_BLOCKS if plain else BLOCKS
    share = (value - low) / (high - low) if high > low else 0.5
    return glyphs[min(len(glyphs) - 1, max(0, int(share * len(glyphs))))]


def _numbers(values: Sequence[object]) -> list[float] | None:
    """Give them as floats; None where one isn't a finite number, or the sum of them wouldn't be."""
    found: list[float] = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not abs(value) < 1e300:
            return None
        found.append(float(value))
    return found


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
