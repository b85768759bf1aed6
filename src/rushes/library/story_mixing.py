"""What of a story can be heard, and how it is laid over each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain import limits
from rushes.domain.story import Presence, Scene, SceneItem
from rushes.domain.story_editing import whole
from rushes.domain.story_sound import Silent
from rushes.domain.text import one_line
from rushes.domain.watch import Watch
from rushes.errors import AudioMissing, BadInput, Conflict
from rushes.library.audio import Audio
from rushes.media.decode import open_audio
from rushes.media.mixing import Clip, Mix, planned

if TYPE_CHECKING:
    from rushes.media.mixing import Tick

LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000
"""Hz that a mix can be asked for: what sound cards and editors take."""

_WHY = {
    Presence.TRASHED: "its take is in the trash",
    Presence.GONE: "its take is gone",
    Presence.NO_AUDIO: "its take has no audio (yet)",
}


@dataclass(frozen=True, slots=True)
class Audible:
    """A mix, and which items are gaps in it."""

    mix: Mix
    silent: tuple[Silent, ...]


def audible(scene: Scene, audio: Audio, sample_rate: int | None = None) -> Audible:
    """The mix of a story, at that rate (Hz) or the highest of its clips', with most channels.

    Raises:
        BadInput: the rate can't be asked for, or the story is longer than a day.
        Conflict: nothing of it can be heard.
        BadAudio: a file is damaged.
        RushesError: a file can't be read.
    """
    wanted = None if sample_rate is None else whole(sample_rate, "sample rate")
    _check(scene, wanted)
    clips, silent, channels = list[Clip](), list[Silent](), 1
    for shown in scene.items:
        if shown.presence is not Presence.THERE:
            silent.append(Silent(shown.id, _WHY[shown.presence]))
            continue
        try:
            clip, of_clip = _clip(shown, audio)
        except AudioMissing as error:
            silent.append(Silent(shown.id, str(error)))
            continue
        if shown.length_ms or not shown.clip_ms:
            clips.append(clip)
            channels = max(channels, of_clip)
    if not clips:
        said = f"nothing of the story “{one_line(scene.story.name)}” can be heard"
        why = "it is empty" if not scene.items else silent[0].why if silent else "all is trimmed"
        raise Conflict(said, why, "Add takes to it.")
    rate = wanted or max(clip.sample_rate for clip in clips)
    return Audible(planned(clips, rate, channels, scene.length_ms), tuple(silent))


def ticking(watch: Watch, mix: Mix, passes: int) -> Callable[[int], Tick]:
    """What tells a watch how far the work is, by the pass (0-based) that is under way."""

    def of_pass(number: int) -> Tick:
        return lambda done: watch(number * mix.frames + done, passes * mix.frames, "mixing")

    return of_pass


def _check(scene: Scene, sample_rate: int | None) -> None:
    if sample_rate is not None and not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        span = f"{LOWEST_RATE:,} to {HIGHEST_RATE:,}"
        raise BadInput(f"a story can't be mixed at {sample_rate:,} Hz", "", f"Give {span} Hz.")
    begins = min((shown.start_ms for shown in scene.items), default=0)
    if scene.length_ms > limits.LONGEST_STORY or begins < 0:
        said = f"the story “{one_line(scene.story.name)}” can't be mixed"
        raise BadInput(said, "an item lies before its beginning, or beyond 24 hours")


def _clip(shown: SceneItem, audio: Audio) -> tuple[Clip, int]:
    """The file of an item at its place, and its channels."""
    version = shown.version
    assert version is not None
    path = audio.path(version)
    facts = version.facts
    if facts is None:
        with open_audio(path) as reader:
            rate, frames, channels = reader.sample_rate, reader.frames, reader.channels
    else:
        rate, frames, channels = facts.sample_rate, facts.frames, facts.channels
    item = shown.item
    end = shown.end_ms if item.trim_end_ms else None
    clip = Clip(path, rate, frames, item.start_ms, item.trim_start_ms, end, shown.volume)
    return clip, channels
