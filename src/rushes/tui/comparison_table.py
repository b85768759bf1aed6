"""What a comparison's table holds: in what its sides differ, and what was measured of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from rushes.domain.difference import ABSENT, compared
from rushes.domain.effects import in_words
from rushes.domain.quality_words import words as flag_words
from rushes.domain.text import one_line
from rushes.words.comparison import NAMES, NOT_THERE
from rushes.words.snapshot import named_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rushes.domain.difference import Differing
    from rushes.domain.generation import Generation
    from rushes.domain.quality import Quality
    from rushes.tui.candidates import Candidate

_LONG = 12
"""Characters that several texts may begin with alike before that is left out."""


class Tone(Enum):
    """What a value is about, which its colour tells besides its label."""

    PLAIN = "plain"
    MEASURED = "measured"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what it is about, and the value of each side."""

    label: str
    values: tuple[str, ...]
    tone: Tone = Tone.PLAIN


def rows_of(candidates: Sequence[Candidate], *, ascii: bool = False) -> tuple[Row, ...]:  # noqa: A002  # the flag's name everywhere
    """Give the rows: the measures, then settings and parameters that aren't all the same."""
    if not candidates:
        return ()
    takes = [one.heard for one in candidates]
    comparison = compared(takes)
    differing = [_row(one, ascii=ascii) for one in (*comparison.settings, *comparison.params)]
    return (*_measured(takes), *_effects(candidates), *differing)


def _row(one: Differing, *, ascii: bool) -> Row:  # noqa: A002  # the flag's name everywhere
    said = [
        NOT_THERE if value is ABSENT else one_line(named_in_words(one.path, value, plain=ascii))
        for value in one.values
    ]
    if len(set(said)) == 1:
        said = _more_exactly(one.values, said[0])
    return Row(NAMES.get(one.path, one.path), tuple(_from_where_they_differ(said)))


def _more_exactly(values: Sequence[object], alike: str) -> list[str]:
    """Give values that look alike in short: numbers whole, of lists in how much they differ."""
    first = values[0]
    if all(isinstance(value, int | float) for value in values):
        return [repr(value) for value in values]
    return [alike, *(_apart(first, value) for value in values[1:])]


def _apart(first: object, value: object) -> str:
    """Say in how much a value differs from one that looks like it in short."""
    if isinstance(first, list) and isinstance(value, list):
        apart = sum(here != there for here, there in zip(first, value, strict=False))
        return f"{apart + abs(len(first) - len(value)):,} of them differ"
    return "another, in detail"


def _from_where_they_differ(said: Sequence[str]) -> list[str]:
    """Leave out what long texts begin with alike: in a narrow column it is all there is to see."""
    first, last = min(said), max(said)  # what these two begin with, all do
    alike = next(
        (at for at, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), 0
    )
    cut = first.rfind(" ", 0, alike) + 1
    if cut < _LONG:
        return list(said)
    return [f"…{text[cut:]}" for text in said]


def _effects(candidates: Sequence[Candidate]) -> Iterator[Row]:
    """What versions were made by, where any was made by effects."""
    chains = [
        in_words(one.version.effects_chain_json) if one.version is not None else ""
        for one in candidates
    ]
    if any(chains):
        yield Row("effects", tuple(one_line(chain) or "none" for chain in chains))


def _measured(takes: Sequence[Generation]) -> Iterator[Row]:
    files = [take.facts for take in takes]
    heard = [None if one is None else one.quality for one in files]
    yield Row("loudness", tuple(_loudness(one) for one in heard), Tone.MEASURED)
    yield Row("true peak", tuple(_true_peak(one) for one in heard), Tone.MEASURED)
    lengths = [one.duration if one is not None else None for one in files]
    said = tuple("none" if one is None else f"{one:.2f} s" for one in lengths)
    yield Row("length", said, Tone.MEASURED)
    flags = tuple(", ".join(flag_words(take.flags)) or "none" for take in takes)
    if any(take.flags for take in takes):
        yield Row("flags", flags, Tone.FLAG)
    rates = tuple("none" if one is None else f"{one.sample_rate / 1000:g} kHz" for one in files)
    if len(set(rates)) > 1:
        yield Row("sample rate", rates, Tone.MEASURED)
    channels = tuple("none" if one is None else f"{one.channels}" for one in files)
    if len(set(channels)) > 1:
        yield Row("channels", channels, Tone.MEASURED)


def _loudness(quality: Quality | None) -> str:
    if quality is None:
        return "not heard yet"
    if quality.true_peak is None:
        return "silence"
    return "below −70 LUFS" if quality.lufs is None else f"{_signed(quality.lufs)} LUFS"


def _true_peak(quality: Quality | None) -> str:
    if quality is None:
        return "not heard yet"
    return "silence" if quality.true_peak is None else f"{_signed(quality.true_peak)} dBTP"


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
