"""How well a clip came out: what is measured of its sound, and the flags that rules raise of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import IntFlag


class QualityFlag(IntFlag):
    """What may be wrong with a clip; the numbers are those that the database holds."""

    CLIPPED = 1
    SILENT = 2
    LEADING = 4
    TRAILING = 8
    CUTOFF = 16
    QUIET = 32
    LOUD = 64
    FAST = 128
    SLOW = 256
    OFFSET = 512
    LENGTH = 1024
    DUPLICATE = 2048

    @property
    def word(self) -> str:
        """Its name in filters and in JSON: ``clipped``, ``dc``."""
        return _WORDS.get(self, (self.name or "").lower())


_WORDS = {QualityFlag.OFFSET: "dc"}

NO_FLAG = QualityFlag(0)


@dataclass(frozen=True, slots=True)
class Measures:
    """What was heard in a clip, rounded as it is kept.

    ``loudest`` is the RMS of its loudest 20 ms in dBFS, None for digital silence. Sound is what
    isn't silence by ``quality_rules``; it ``begins`` and ``ends`` so many seconds after the clip's
    beginning, None where there is none. ``last`` is the level of the clip's last 20 ms in dB
    relative to its active level. ``offset`` is the mean of the samples, of the channel where it
    is largest, full scale being 1.0. ``clipped`` counts runs of samples at the ``ceiling``, which
    is full scale (1.0) or, where that isn't reached, the clip's own peak; ``places`` are where the
    first few begin, in seconds. ``recorded`` is how long it is by its record, in seconds, where
    that isn't so.
    """

    loudest: float | None = None
    begins: float | None = None
    ends: float | None = None
    last: float | None = None
    offset: float = 0.0
    clipped: int = 0
    ceiling: float = 0.0
    places: tuple[float, ...] = ()
    recorded: float | None = None

    def to_json(self) -> str:
        """As one short line of strict JSON; ``from_json`` reads it back."""
        values = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        held = {name: value for name, (value, default) in values.items() if value != default}
        return json.dumps(held, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Measures:
        """What ``to_json`` gave."""
        held = json.loads(text)
        if "places" in held:
            held["places"] = tuple(held["places"])
        return cls(**held)


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of a file's sound.

    ``lufs`` is the integrated loudness in LUFS, None where nothing is above the gate.
    ``true_peak`` is in dBTP, None for digital silence. ``sound_hash`` tells clips of the same
    samples apart from all others: 64 bits, signed. ``measures_json`` is a ``Measures``, as kept.
    """

    lufs: float | None
    true_peak: float | None
    sound_hash: int
    measures_json: str

    @property
    def measures(self) -> Measures:
        """What was heard."""
        return Measures.from_json(self.measures_json)
