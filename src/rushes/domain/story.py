"""Stories: narratives of several voices, whose items point at generations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rushes.domain import limits
from rushes.domain.generation import Generation, GenerationVersion


@dataclass(frozen=True, slots=True)
class Story:
    """A story; ``source_id`` is set where it is a linked source's. ``items`` are how many."""

    id: str
    name: str
    description: str | None
    created_at: datetime
    updated_at: datetime
    source_id: str | None
    items: int
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoryItem:
    """A place of a generation in a story; times in milliseconds, ``volume`` a factor.

    Of the clip ``trim_start_ms`` are left out at its beginning and ``trim_end_ms`` at its end; what
    is left begins at ``start_ms``. ``generation_id`` is None where the generation is gone;
    ``generation_key`` then tells what its source, or the library, called it, and ``length_ms`` how
    long its clip was: None where nobody knows. ``version_id`` is None where the default version is
    meant.
    """

    id: str
    story_id: str
    generation_id: str | None
    version_id: str | None
    start_ms: int
    track: int
    trim_start_ms: int
    trim_end_ms: int
    volume: float
    created_at: datetime
    generation_key: str | None
    length_ms: int | None = None


class Presence(StrEnum):
    """What became of an item's generation: only what is there is heard."""

    THERE = "there"
    TRASHED = "trashed"
    GONE = "gone"
    NO_AUDIO = "no audio"


@dataclass(frozen=True, slots=True)
class SceneItem:
    """An item with the generation that it plays, in the trash or not, and the version it means.

    Both are None where the generation is gone, the version also where there is no audio (yet).
    """

    item: StoryItem
    generation: Generation | None
    version: GenerationVersion | None

    @property
    def id(self) -> str:
        """The item's id."""
        return self.item.id

    @property
    def presence(self) -> Presence:
        """Whether it is heard, and if not, why: an item that isn't is a gap of its length."""
        if self.generation is None:
            return Presence.GONE
        if self.generation.deleted_at is not None:
            return Presence.TRASHED
        return Presence.NO_AUDIO if self.version is None else Presence.THERE

    @property
    def text(self) -> str:
        """The words of the generation; nothing where it is gone."""
        return "" if self.generation is None else self.generation.text

    @property
    def profile_name(self) -> str:
        """Whose voice it is; nothing where the generation is gone."""
        return "" if self.generation is None else self.generation.profile_name

    @property
    def waveform(self) -> bytes:
        """The small waveform of the whole clip, which trims don't change; empty without one."""
        if self.version is None or self.version.facts is None:
            return b""
        return self.version.facts.waveform

    @property
    def pinned(self) -> str | None:
        """The label of the version that is pinned; None where the default is meant."""
        if self.item.version_id is None or self.version is None:
            return None
        return self.version.label

    @property
    def clip_ms(self) -> int:
        """Length of the whole clip; 0 where nobody knows it."""
        if self.version is not None and self.version.facts is not None:
            return frames_to_ms(self.version.facts.frames, self.version.facts.sample_rate)
        if self.item.length_ms is not None:
            return self.item.length_ms
        duration = None if self.generation is None else self.generation.duration
        return 0 if duration is None else round(duration * 1000)

    @property
    def volume(self) -> float:
        """The factor that it is heard with; what other programs wrote may lie beyond 0 to 4."""
        return min(max(self.item.volume, 0.0), limits.HIGHEST_VOLUME)

    @property
    def start_ms(self) -> int:
        """Where in the story it begins."""
        return self.item.start_ms

    @property
    def length_ms(self) -> int:
        """How long it plays: the clip without what is trimmed; 0 where that is all of it."""
        return max(0, self.clip_ms - self.item.trim_start_ms - self.item.trim_end_ms)

    @property
    def end_ms(self) -> int:
        """Where in the story it ends."""
        return self.item.start_ms + self.length_ms


@dataclass(frozen=True, slots=True)
class Scene:
    """A story whole: its items in the order in which they begin, by tracks where at once."""

    story: Story
    items: tuple[SceneItem, ...]

    @property
    def length_ms(self) -> int:
        """Where the last item ends, gaps included; 0 without any."""
        return max((0, *(item.end_ms for item in self.items)))

    @property
    def tracks(self) -> tuple[int, ...]:
        """The tracks that hold something, in their order."""
        return tuple(sorted({item.item.track for item in self.items}))

    @property
    def gaps(self) -> tuple[SceneItem, ...]:
        """The items that aren't heard."""
        return tuple(one for one in self.items if one.presence is not Presence.THERE)

    def on_track(self, track: int) -> tuple[SceneItem, ...]:
        """The items of a track in the order in which they begin."""
        return tuple(one for one in self.items if one.item.track == track)

    def item(self, identity: str) -> SceneItem | None:
        """The item of that whole id; None where it isn't in the story."""
        return next((one for one in self.items if one.id == identity), None)


@dataclass(frozen=True, slots=True)
class StoryState:
    """A story and some of its items as they were at one moment; None where there was none yet."""

    story: Story | None
    items: tuple[StoryItem, ...]


@dataclass(frozen=True, slots=True)
class StoryChange:
    """What a change made of a story; ``library.stories.undo`` takes it back whole.

    Of the items only those that changed are in it, and those that came or went.
    """

    story_id: str
    before: StoryState
    after: StoryState

    @property
    def story(self) -> Story:
        """The story as it is after the change; as it was where it is gone."""
        found = self.after.story or self.before.story
        assert found is not None
        return found

    @property
    def items(self) -> tuple[StoryItem, ...]:
        """The items that changed or came, as they are after the change."""
        return self.after.items

    def reversed(self) -> StoryChange:
        """The change that takes this one back."""
        return StoryChange(self.story_id, self.after, self.before)


def frames_to_ms(frames: int, sample_rate: int) -> int:
    """Frames as whole milliseconds, half of one rounded up."""
    return (2000 * frames + sample_rate) // (2 * sample_rate)


def ms_to_frames(milliseconds: int, sample_rate: int) -> int:
    """Milliseconds as whole frames, half of one rounded up."""
    return (2 * milliseconds * sample_rate + 1000) // 2000
