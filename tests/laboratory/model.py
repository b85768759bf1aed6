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


@dataclass(frozen=True, slots=True, order=True)
class Variant:
    """A version by its label, what it was made from, and the sha256 of its samples."""

    label: str
    made_from: str | None
    audio: str


LONE = "original"
"""What the only version of a generation is called, of which nothing more is said."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation; ``audio`` is the sha256 of its default version's samples.

    ``versions`` are all of them in the order of their labels, none where there is but the lone
    original; ``default`` is the default's label.
    """

    profile: str
    status: Status = Status.COMPLETED
    audio: str | None = None
    trashed: bool = False
    favorite: bool = False
    rating: int | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None
    error: str | None = None
    default: str = LONE
    versions: tuple[Variant, ...] = ()

    def variants(self) -> tuple[Variant, ...]:
        """All versions, the lone original too."""
        if self.versions or self.audio is None:
            return self.versions
        return (Variant(LONE, None, self.audio),)

    def with_versions(self, versions: Iterable[Variant], default: str) -> Kept:
        """With these versions and that default."""
        found = tuple(sorted(versions))
        (audio,) = [one.audio for one in found if one.label == default]
        is_lone = found == (Variant(LONE, None, audio),)
        return replace(self, audio=audio, default=default, versions=() if is_lone else found)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An item of a story by its generation's text, which is empty where that is gone; ms."""

    start: int
    text: str
    trims: tuple[int, int] = (0, 0)
    volume: float = 1.0


@dataclass(frozen=True, slots=True)
class State:
    """A library's generations by their text, the profiles that are shown, presets by path.

    ``stories`` are the items of those that aren't deleted, by their names.
    """

    kept: Mapping[str, Kept] = field(default_factory=dict)
    profiles: frozenset[str] = frozenset()
    presets: frozenset[str] = frozenset()
    stories: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    def put(self, text: str, kept: Kept) -> State:
        """With a generation more, whose profile is there then."""
        profiles = self.profiles | {kept.profile}
        return replace(self, kept={**self.kept, text: kept}, profiles=profiles)

    def keep(self, text: str, kept: Kept) -> State:
        """With a generation as it is now; its profile may be deleted."""
        return replace(self, kept={**self.kept, text: kept})

    def change(self, texts: Iterable[str], **changes: Any) -> State:
        """With these generations changed."""
        changed = {text: replace(self.kept[text], **changes) for text in texts}
        return replace(self, kept={**self.kept, **changed})

    def without(self, texts: Iterable[str]) -> State:
        """With these generations gone for good."""
        gone = set(texts)
        left = {text: kept for text, kept in self.kept.items() if text not in gone}
        stories = {
            name: tuple(sorted(_gap(item) if item.text in gone else item for item in items))
            for name, items in self.stories.items()
        }
        return replace(self, kept=left, stories=stories)

    def tell(self, name: str, items: Iterable[Place]) -> State:
        """With a story of these items."""
        return replace(self, stories={**self.stories, name: tuple(sorted(items))})

    def opened_anew(self) -> State:
        """As the next process finds it: whoever was making a generation is gone."""
        running = [text for text, kept in self.kept.items() if kept.status is Status.PENDING]
        return self.change(running, status=Status.FAILED, error=INTERRUPTED)

    def of(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Those of these texts that are here."""
        return tuple(text for text in texts if text in self.kept)


def _gap(item: Place) -> Place:
    return replace(item, text="")
