"""A story as the deck plays it: all of it mixed into one clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from rushes.domain.story import Scene
from rushes.domain.story_wave import wave_of
from rushes.tui import story_words

if TYPE_CHECKING:
    from rushes.domain.story import Story
    from rushes.domain.story_sound import StorySound

_KIND = "story"


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
    )
