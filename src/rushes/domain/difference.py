"""In what generations differ: their settings and their parameter snapshots, by path; measures."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Generation
from rushes.domain.paths import element, holds_more, member
from rushes.domain.quality_words import words


class Absent(Enum):
    """Stands where a path isn't there at all: null is a value, this is none."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Way(Enum):
    """What became of a path from the first of two to the second."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Differing:
    """A path whose values aren't all the same: one for each of what was compared, in order."""

    path: str
    values: tuple[object, ...]

    @property
    def way(self) -> Way:
        """What became of it from the first to the last."""
        if self.values[0] is ABSENT and self.values[-1] is not ABSENT:
            return Way.ADDED
        if self.values[-1] is ABSENT and self.values[0] is not ABSENT:
            return Way.REMOVED
        return Way.CHANGED


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured value of each generation's default file; None where there is none.

    ``unit`` is empty for counts.
    """

    name: str
    unit: str
    values: tuple[float | None, ...]

    @property
    def differs(self) -> bool:
        """Whether they aren't all the same."""
        return len(set(self.values)) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """Generations side by side. Settings and parameters that are equal aren't among them.

    ``flags`` are the names of what may be wrong with each; None where nobody has listened yet.
    """

    takes: tuple[Generation, ...]
    settings: tuple[Differing, ...]
    params: tuple[Differing, ...]
    measures: tuple[Measure, ...]
    flags: tuple[tuple[str, ...] | None, ...]


def compared(takes: Sequence[Generation]) -> Comparison:
    """These generations, one or more, side by side."""
    return Comparison(
        tuple(takes),
        tuple(differing([settings(take) for take in takes])),
        tuple(differing([_params(take) for take in takes])),
        tuple(measures(takes)),
        tuple(None if take.flags is None else tuple(words(take.flags)) for take in takes),
    )


def settings(take: Generation) -> dict[str, object]:
    """What a generation was made with besides its snapshot."""
    return {
        "profile": take.profile_name,
        "text": take.text,
        "engine": take.engine,
        "model_size": take.model_size,
        "language": take.language,
        "seed": take.seed,
        "instruct": take.instruct,
    }


def measures(takes: Sequence[Generation]) -> Iterator[Measure]:
    """What was measured of their files: s, dBFS, LUFS, dBTP (None for silence), Hz, counts, bytes.

    Loudness and true peak are None as well where nobody has listened yet.
    """
    files = [take.facts for take in takes]
    heard = [one.quality if one else None for one in files]
    yield Measure("duration", "s", tuple(take.duration for take in takes))
    yield Measure("peak", "dBFS", tuple(_peak(one) for one in files))
    yield Measure("lufs", "LUFS", tuple(one.lufs if one else None for one in heard))
    yield Measure("true_peak", "dBTP", tuple(one.true_peak if one else None for one in heard))
    yield Measure("sample_rate", "Hz", tuple(one.sample_rate if one else None for one in files))
    yield Measure("channels", "", tuple(one.channels if one else None for one in files))
    yield Measure("frames", "", tuple(one.frames if one else None for one in files))
    yield Measure("bytes", "bytes", tuple(one.bytes if one else None for one in files))


def differing(values: Sequence[object], path: str = "") -> Iterator[Differing]:
    """Where values of JSON differ, in the order in which the first of them has it.

    Objects are compared member by member, and so are lists that hold objects or lists; a list of
    plain values is one value. Null, 0, false and an absent member are four different things; 1 and
    1.0 are the same number.
    """
    present = [value for value in values if value is not ABSENT]
    if present and all(isinstance(value, Mapping) for value in present):
        keys = dict.fromkeys(key for value in present for key in _mapping(value))
        if keys:
            for key in keys:
                below = [_mapping(value).get(key, ABSENT) for value in values]
                yield from differing(below, member(path, key))
            return
    if present and all(isinstance(value, list) for value in present):
        lists = [_list(value) for value in values]
        if any(holds_more(one) for one in lists):
            for index in range(max(len(one) for one in lists)):
                at = [one[index] if index < len(one) else ABSENT for one in lists]
                yield from differing(at, element(path, index))
            return
    if not all(same(values[0], value) for value in values[1:]):
        yield Differing(path, tuple(values))


def same(one: object, other: object) -> bool:
    """Whether two values of JSON are the same, which ``True == 1`` would be for Python."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or (one != one and other != other)  # noqa: PLR0124  # NaN
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _params(take: Generation) -> object:
    """The snapshot; as text where it is none that can be read."""
    try:
        return json.loads(take.params_json or "{}")
    except (ValueError, RecursionError):
        return {"parameters": take.params_json}


def _peak(facts: AudioFacts | None) -> float | None:
    return None if facts is None or not facts.peak > 0 else 20 * math.log10(facts.peak)
