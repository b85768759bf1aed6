"""What is compared: takes or versions, each with the letter that it is called by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.ranking import Side
from rushes.tui.desk import as_version, player_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.generation import Generation, GenerationVersion

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

MOST = len(LETTERS)
"""Candidates that a comparison may have: each has a letter."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A take, or a version of one; ``rank`` is its place in a ranking, 0 where there is none.

    ``heard`` is the generation as it would be were the version its default.
    """

    generation: Generation
    version: GenerationVersion | None = None
    rank: int = 0

    @property
    def heard(self) -> Generation:
        """The generation with the file, the length and the flags of what is heard."""
        return as_version(self.generation, self.version)

    @property
    def side(self) -> Side:
        """What a ranking calls it."""
        return Side(self.generation.id, None if self.version is None else self.version.id)

    @property
    def key(self) -> str:
        """The player's name of it."""
        return player_key(self.generation.id, self.version)

    @property
    def is_measured(self) -> bool:
        """Tell whether anybody has measured how loud it is."""
        facts = self.heard.facts
        return facts is not None and facts.quality is not None

    @property
    def duration(self) -> float:
        """Its length in seconds, 0 where that isn't known."""
        heard = self.heard
        return heard.facts.duration if heard.facts is not None else heard.duration or 0.0


def letter(index: int) -> str:
    """Give what the candidate of that index is called by: A, B, C."""
    return LETTERS[index]


def longest(candidates: Sequence[Candidate]) -> float:
    """Give the length in seconds that the common time scale has to hold."""
    return max((one.duration for one in candidates), default=0.0)


@dataclass(frozen=True, slots=True)
class Common:
    """What all candidates share and what may be shown of them while they are heard blind.

    Empty where they differ in it. ``profile_id`` is for the profile's colour. ``words`` are the
    text, or what stands for it: that there is none, or that they differ.
    """

    profile: str = ""
    profile_id: str = ""
    text: str = ""
    texts_differ: bool = False

    @property
    def words(self) -> str:
        """The text that all have, or why none is shown."""
        return self.text or ("different texts" if self.texts_differ else "no text")


def common(candidates: Sequence[Candidate]) -> Common:
    """Give what all of these have in common."""
    takes = [one.generation for one in candidates]
    profiles = {(take.profile_name, take.profile_id) for take in takes}
    texts = {take.text for take in takes}
    name, profile_id = profiles.pop() if len(profiles) == 1 else ("", "")
    differ = len(texts) > 1
    return Common(name, profile_id, "" if differ or not texts else texts.pop().strip(), differ)
