"""What every reader of another program's history can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rushes.domain.foreign import (
    ForeignEffectPreset,
    ForeignPreset,
    ForeignProfile,
    ForeignStory,
    ForeignStoryItem,
    ForeignTake,
    Head,
)
from rushes.domain.source import SourceKind


class ForeignHistory(Protocol):
    """One history of another program, open for reading. Every method may raise SourceError.

    Nothing is held in memory that grows with the texts, and no lock is held between two calls.
    """

    @property
    def kind(self) -> SourceKind:
        """Whose it is."""

    @property
    def place(self) -> Path:
        """What is read: a database, an index or a folder, absolute."""

    @property
    def root(self) -> Path:
        """The folder that audio paths start from, absolute."""

    @property
    def troubles(self) -> Sequence[str]:
        """What couldn't be read so far, a line each."""

    def signature(self) -> str:
        """Text that differs once anything has changed there; for a folder, which files there are.

        It is that of the moment of opening, or of a later one.
        """

    def count(self) -> int:
        """How many generations there are."""

    def heads(self) -> Iterator[Sequence[Head]]:
        """All generations in batches, the newest first; within a batch the oldest first."""

    def keys(self) -> Iterator[str]:
        """The keys of all generations as they are now, in the order of their code points."""

    def takes(self, keys: Sequence[str]) -> Sequence[ForeignTake]:
        """Generations in the order of the keys; those that are gone meanwhile are left out."""

    def profiles(self) -> Sequence[ForeignProfile]:
        """All profiles; generations may name others."""

    def profile_of(self, key: str) -> ForeignProfile | None:
        """The profile of a key that isn't among ``profiles``; None where it is gone."""

    def stories(self) -> Sequence[ForeignStory]:
        """All stories."""

    def story_items(self) -> Iterator[Sequence[ForeignStoryItem]]:
        """All items of stories, in batches."""

    def effect_presets(self) -> Sequence[ForeignEffectPreset]:
        """All named effects chains."""

    def presets(self) -> Sequence[ForeignPreset]:
        """All named sets of parameters."""

    def audio_files(self) -> Iterator[Path]:
        """Every audio file that the program keeps for generations, named by one or not."""

    def close(self) -> None:
        """Let go of everything; nothing is left behind."""
