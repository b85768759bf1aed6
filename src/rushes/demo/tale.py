"""The demo's story: a radio play in six voices, put together of the best takes of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.query import HistoryQuery, Sort

if TYPE_CHECKING:
    from rushes.domain.generation import Generation
    from rushes.library import Library

NAME = "A noise in the wall"
DESCRIPTION = "A radio play in six voices, put together of takes that were never meant to meet."


@dataclass(frozen=True, slots=True)
class Part:
    """A line by its first words; it begins so many ms after the one before has ended.

    A negative ``pause`` speaks into it. ``volume`` is a factor.
    """

    words: str
    pause: int = 350
    track: int = 0
    volume: float = 1.0


PARTS = (
    Part("It began, as these things do", 600),
    Part("Listen. No, listen.", 450),
    Part("[whispers] Don't turn around.", -700, track=1, volume=0.8),
    Part("Good morning. It is still night.", 500),
    Part("The lamp went out at ten", 600),
    Part("はい、わかりました。", 250, track=1),
    Part("Lift doors opening.", -900, track=2, volume=0.35),
    Part("Turn it over.", 300),
    Part("In other news:", 700, track=1, volume=0.7),
    Part("It is said that the sea remembers", 500),
)


def tell(library: Library) -> None:
    """Make the story of the takes that the library holds.

    Raises:
        LibraryError: it can't be written.
    """
    story = library.stories.create(NAME, DESCRIPTION).story
    end = 0
    for part in PARTS:
        take = _best(library, part.words)
        if take is None:
            continue
        start = max(0, end + part.pause)
        change = library.stories.add(story, take.id, at_ms=start, track=part.track)
        if part.volume != 1:
            for item in change.after.items:
                library.stories.set_volume(item.id, part.volume)
        end = max(end, start + round(1000 * (take.duration or 0.0)))


def _best(library: Library, words: str) -> Generation | None:
    found = library.generations.list(HistoryQuery(search=words, sort=Sort.RATING, limit=1))
    return found.items[0] if found.items else None
