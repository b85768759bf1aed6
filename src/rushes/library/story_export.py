"""A story as files outside the library, and as one in the cache to be played."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from rushes.domain.cues import CueFormat, cues_of, written
from rushes.domain.export_formats import AudioFormat
from rushes.domain.exporting import AudioAlone
from rushes.domain.safe_name import MOST_BYTES, numbered, safe_stem
from rushes.domain.story import Scene
from rushes.domain.story_editing import whole
from rushes.domain.story_sound import ExportedStory, StorySound, StoryWish
from rushes.domain.text import shown
from rushes.domain.watch import Watch
from rushes.errors import Conflict
from rushes.library.audio import Audio
from rushes.library.export_target import Target
from rushes.library.story_mixing import Audible, audible, ticking
from rushes.media.going_out import Part, part_in
from rushes.media.mix_out import MixFormat, check_mix, level_of, write_mix

MOST_CACHED = 2_000_000_000
"""Bytes of mixes that are kept to be played again; those not heard for longest go first."""

_FOR_PLAYING = MixFormat(AudioFormat.WAV, 16)


def export_story(
    scene: Scene, audio: Audio, place: Target, wish: StoryWish, watch: Watch
) -> ExportedStory:
    """Mix a story into a file beside which its cues lie; raises as ``Stories.export``."""
    assert isinstance(place.what, AudioAlone)
    wanted = MixFormat(place.what.format or AudioFormat.WAV, whole(wish.bits, "bits"))
    kinds = tuple(dict.fromkeys(wish.cues))
    if place.name is not None and not wish.overwrite:
        _check_free(place.folder, [place.name, *_beside(Path(place.name).stem, kinds)])
    heard = audible(scene, audio, wish.sample_rate)
    check_mix(heard.mix, wanted)
    tick = ticking(watch, heard.mix, 2)
    with part_in(place.folder) as part:
        level = level_of(heard.mix, wanted.bits, tick(0))
        write_mix(part, heard.mix, wanted, level.gain, tick(1))
        size = part.path.stat().st_size
        files = _put(part, place, scene, f".{wanted.format}", kinds, overwrite=wish.overwrite)
    return ExportedStory(
        story_id=scene.story.id,
        files=files,
        bytes=size,
        sample_rate=heard.mix.sample_rate,
        channels=heard.mix.channels,
        bits=wanted.bits,
        length_ms=scene.length_ms,
        true_peak=level.true_peak,
        gain=level.gain,
        silent=heard.silent,
    )


def sound_of(scene: Scene, audio: Audio, cache: Path, watch: Watch) -> StorySound:
    """A story as a file in ``cache``, mixed anew only where anything of it has changed.

    Raises as ``Stories.sound``.
    """
    heard = audible(scene, audio)
    key = _key(heard)
    file = next(cache.glob(f"{key}-*.wav"), None)
    if file is None:
        tick = ticking(watch, heard.mix, 2)
        check_mix(heard.mix, _FOR_PLAYING)
        with part_in(cache) as part:
            level = level_of(heard.mix, _FOR_PLAYING.bits, tick(0))
            write_mix(part, heard.mix, _FOR_PLAYING, level.gain, tick(1))
            file = cache / f"{key}-{level.gain!r}.wav"
            part.put(file.name, overwrite=True)
    _drop_oldest(cache, file)
    return StorySound(
        path=str(file),
        sample_rate=heard.mix.sample_rate,
        channels=heard.mix.channels,
        length_ms=scene.length_ms,
        gain=float(file.stem.removeprefix(f"{key}-")),
        items=scene.items,
        silent=heard.silent,
    )


def _put(
    part: Part,
    place: Target,
    scene: Scene,
    suffix: str,
    kinds: Sequence[CueFormat],
    *,
    overwrite: bool,
) -> tuple[str, ...]:
    """Give the mix its name, and lay the cues beside it; gives the absolute paths."""
    cues = cues_of(scene)
    with ExitStack() as parts:
        beside = []
        for kind in kinds:
            cue_part = parts.enter_context(part_in(place.folder))
            cue_part.handle.write(written(cues, kind).encode("utf-8", "replace"))
            cue_part.flush()
            beside.append(cue_part)
        name = _named(part, place, scene, suffix, kinds, overwrite=overwrite)
        names = [name, *_beside(Path(name).stem, kinds)]
        for cue_part, called in zip(beside, names[1:], strict=True):
            if not cue_part.put(called, overwrite=overwrite):
                raise _there_already(place.folder / called)
    return tuple(str(place.folder / one) for one in names)


def _named(
    part: Part,
    place: Target,
    scene: Scene,
    suffix: str,
    kinds: Sequence[CueFormat],
    *,
    overwrite: bool,
) -> str:
    """Give the mix the name that was asked for, or the story's with a number where it is taken."""
    if place.name is not None:
        if not part.put(place.name, overwrite=overwrite):
            raise _there_already(place.folder / place.name)
        return place.name
    room = MOST_BYTES - len(f".{CueFormat.LABELS}")
    for _, name in numbered(safe_stem(scene.story.name, room), suffix):
        beside = _beside(Path(name).stem, kinds)
        if not overwrite and any(os.path.lexists(place.folder / one) for one in beside):
            continue
        if part.put(name, overwrite=overwrite):
            return name
    raise AssertionError("numbers don't end")


def _beside(stem: str, kinds: Sequence[CueFormat]) -> list[str]:
    return [f"{stem}.{kind}" for kind in kinds]


def _check_free(folder: Path, names: Sequence[str]) -> None:
    """Tell before the work, rather than after it, that something is there already."""
    for name in names:
        if os.path.lexists(folder / name):
            raise _there_already(folder / name)


def _there_already(place: Path) -> Conflict:
    fix = "Name another file, or ask for it to be overwritten."
    return Conflict(f"{shown(place)} isn't written", "there is something of that name", fix)


def _key(heard: Audible) -> str:
    """What is the same as long as every sample of a mix is: places, and the files as they are."""
    told: list[object] = [heard.mix.sample_rate, heard.mix.channels, heard.mix.frames]
    for part in heard.mix.parts:
        with suppress(OSError):  # one that goes this moment is told of by whoever reads it
            about = part.path.stat()
            told.append((about.st_size, about.st_mtime_ns))
        told.append((str(part.path), part.origin, part.begin, part.end, part.volume))
    return hashlib.sha256(json.dumps(told).encode("utf-8", "replace")).hexdigest()


def _drop_oldest(cache: Path, heard: Path) -> None:
    """Make room in the cache; what is heard now counts as the newest."""
    with suppress(OSError):
        os.utime(heard)
        found = sorted(cache.glob("*.wav"), key=lambda file: file.stat().st_mtime, reverse=True)
        held = 0
        for file in found:
            held += file.stat().st_size
            if held > MOST_CACHED and file != heard:
                file.unlink(missing_ok=True)
