"""What a library should hold, as plain values: what the laboratory compares it with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from rushes.domain.generation import Status
from rushes.library.runs import INTERRUPTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 8_000
_FRAMES = 3_000


def clip(number: int) -> NDArray[np.int16]:
    """The samples of clip ``number``: a tone of its own at 8 kHz that packs well, int16, mono."""
    at = np.arange(_FRAMES + number) / RATE
    return (np.sin(2 * np.pi * (200 + 7 * number) * at) * 9_000).astype(np.int16)


@cache
def heard(number: int) -> str:
    """The sha256 of that clip's samples, whatever file they lie in."""
    return hashlib.sha256(clip(number).tobytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation; ``audio`` is the sha256 of its samples."""

    profile: str
    status: Status = Status.COMPLETED
    audio: str | None = None
    trashed: bool = False
    favorite: bool = False
    rating: int | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A library's generations by their text, and its profiles: those shown, those deleted."""

    kept: Mapping[str, Kept] = field(default_factory=dict)
    profiles: frozenset[str] = frozenset()

    def put(self, text: str, kept: Kept) -> State:
        """With a generation more, whose profile is there then."""
        return State({**self.kept, text: kept}, self.profiles | {kept.profile})

    def change(self, texts: Iterable[str], **changes: Any) -> State:
        """With these generations changed."""
        changed = {text: replace(self.kept[text], **changes) for text in texts}
        return State({**self.kept, **changed}, self.profiles)

    def without(self, texts: Iterable[str]) -> State:
        """With these generations gone for good."""
        gone = set(texts)
        return State(
            {text: kept for text, kept in self.kept.items() if text not in gone}, self.profiles
        )

    def opened_anew(self) -> State:
        """As the next process finds it: whoever was making a generation is gone."""
        running = [text for text, kept in self.kept.items() if kept.status is Status.PENDING]
        return self.change(running, status=Status.FAILED, error=INTERRUPTED)

    def of(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Those of these texts that are here."""
        return tuple(text for text in texts if text in self.kept)
