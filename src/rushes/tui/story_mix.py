"""A story as the deck plays it: all of it mixed into one clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from rushes.domain.story import Presence, Scene
from rushes.domain.story_wave import wave_of
from rushes.tui import story_words

if TYPE_CHECKING:
    from rushes.domain.story import Story
    from rushes.domain.story_sound import StorySound

_KIND = "story"
_SAID = 400
"""Characters that are kept of what is said: more than any deck is wide."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said from one millisecond to another, and by whom."""

    start_ms: int
    end_ms: int
    words: str


@dataclass(frozen=True, slots=True)
class Mix:
    """A story in the deck; ``duration`` in seconds, ``waveform`` the stored small one."""

    key: str
    path: Path
    story_id: str
    name: str
    text: str
    duration: float
    waveform: bytes
    spoken: tuple[Spoken, ...] = ()

    def words_at(self, seconds: float) -> str:
        """Say what is heard at a position: of what sounds together that which began last."""
        at = seconds * 1000
        heard = [one for one in self.spoken if one.start_ms <= at < one.end_ms]
        return heard[-1].words if heard else self.text


def mix_key(scene: Scene) -> str:
    """Give the player's name of a story as it is now: it is another when anything heard changed."""
    heard = [
        (
            shown.presence,
            None if shown.version is None else (shown.version.id, shown.version.audio_path),
            *(shown.item.start_ms, shown.item.trim_start_ms, shown.item.trim_end_ms),
            shown.item.volume,
        )
        for shown in scene.items
    ]
    return f"{_KIND}/{scene.story.id}/{crc32(repr(heard).encode()):08x}"


def belongs_to(key: str | None, story_id: str) -> bool:
    """Tell whether what is in the deck is this story, as it is now or as it was."""
    return key is not None and key.startswith(f"{_KIND}/{story_id}/")


def mix_of(story: Story, sound: StorySound) -> Mix:
    """Give a story for the deck, as it was mixed."""
    scene = Scene(story, sound.items)
    return Mix(
        mix_key(scene),
        Path(sound.path),
        story.id,
        story.name,
        f"a story of {story_words.items(len(scene.items))}",
        sound.length_ms / 1000,
        wave_of(scene),
        tuple(
            Spoken(shown.start_ms, shown.end_ms, f"{shown.profile_name}: {shown.text[:_SAID]}")
            for shown in sound.items
            if shown.presence is Presence.THERE and shown.text.strip()
        ),
    )
