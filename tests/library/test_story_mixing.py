"""The mix of a story, against one that is worked out on whole arrays; its cues, and its files."""

from __future__ import annotations

import random
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from rushes.domain.cues import CueFormat, cues_of
from rushes.domain.export_formats import AudioFormat
from rushes.domain.story import Scene, SceneItem
from rushes.domain.story_sound import StoryWish
from rushes.errors import BadInput, Conflict, Interrupted
from rushes.library import Library
from tests.library.damage import sql

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REAL = Path(__file__).parents[3] / "shared" / "real" / "voicebox"


def noise(seed: int, frames: int, channels: int = 1, level: float = 0.1) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).standard_normal((frames, channels)) * level
    return np.clip(drawn, -1, 1).astype(np.float32)


def record(library: Library, samples: NDArray[np.float32], rate: int, text: str = "Hello") -> str:
    take = library.generations.record(
        profile="Anna", text=text, audio=samples, sample_rate=rate, subtype="PCM_16"
    )
    return take.id


def resampled(x: Floats, rate: int, wanted: int) -> Floats:
    """As the docstring of ``Resampler`` has it, all of a clip at once."""
    if rate == wanted:
        return x
    narrowed = min(1.0, wanted / rate)
    reach = ceil(64 / narrowed)
    n = np.arange(-(-len(x) * wanted // rate))
    whole, part = np.divmod(n * rate, wanted)
    steps = np.arange(1 - reach, reach + 1)
    parts, row = np.unique(part, return_inverse=True)
    u = parts[:, np.newaxis] / wanted - steps
    h = np.sinc(0.95 * narrowed * u) * np.i0(
        10.06126 * np.sqrt(np.maximum(0, 1 - (u / reach) ** 2))
    )
    h /= h.sum(axis=1, keepdims=True)
    padded = np.pad(x, ((reach, reach + 1), (0, 0)))
    at = whole[:, np.newaxis] + steps + reach
    return np.stack([(padded[at, one] * h[row]).sum(axis=1) for one in range(x.shape[1])], axis=1)


def half_up(milliseconds: int, rate: int) -> int:
    return int(np.floor(milliseconds * rate / 1000 + 0.5))


def reference(library: Library, scene: Scene, rate: int, channels: int) -> Floats:
    """The mix before its gain, laid together from whole clips."""
    mix = np.zeros((half_up(scene.length_ms, rate) + rate, channels))
    clips: dict[str, Floats] = {}
    length = half_up(scene.length_ms, rate)
    for shown in scene.items:
        if shown.presence != "there":
            continue
        assert shown.version is not None
        if shown.version.id not in clips:
            x, own_rate = soundfile.read(library.audio.path(shown.version), always_2d=True)
            clips[shown.version.id] = resampled(x, own_rate, rate)
        clip = clips[shown.version.id]
        item = shown.item
        origin = half_up(item.start_ms - item.trim_start_ms, rate)
        begin = half_up(item.start_ms, rate)
        end = origin + len(clip)
        if item.trim_end_ms:
            end = min(end, half_up(shown.end_ms, rate))
        played = clip[begin - origin : end - origin] * item.volume
        wide = played if played.shape[1] == channels else np.repeat(played, channels, axis=1)
        mix[begin:end] += wide
        length = max(length, end)
    return mix[:length]


def of_forty(library: Library) -> Scene:
    """40 items on 3 tracks, with trims, gains, pinned versions, mixed rates and channels."""
    chance = random.Random(8)
    takes = []
    for number, rate in enumerate((16_000, 22_050, 24_000, 44_100, 48_000, 24_000)):
        channels = 2 if number in (2, 4) else 1
        take = record(library, noise(number, rate // 3 + 37 * number, channels), rate, f"{number}")
        other = noise(100 + number, rate // 6, 3 - channels)
        library.versions.add(take, other, rate // 2, label="dry", subtype="PCM_24")
        takes.append(take)
    story = library.stories.create("Forty").story
    for number in range(40):
        take = takes[number % len(takes)]
        added = library.stories.add(
            story,
            take,
            at_ms=chance.randrange(3_000),
            track=number % 3 - 1,
            version="dry" if number % 4 == 1 else None,
        ).items[0]
        if number % 2:
            library.stories.trim(added, chance.randrange(120), chance.randrange(1, 120))
        if number % 3:
            library.stories.set_volume(added, chance.uniform(0.1, 2))
    return library.stories.scene(story)


def test_the_mix_is_the_reference_sample_by_sample(library: Library, tmp_path: Path) -> None:
    scene = of_forty(library)
    assert (len(scene.items), len(scene.tracks)) == (40, 3)
    exported = library.stories.export(scene.story, tmp_path / "out.wav", StoryWish())
    expected = reference(library, scene, 48_000, 2)
    assert (exported.sample_rate, exported.channels, exported.bits) == (48_000, 2, 24)
    assert exported.true_peak >= np.abs(expected).max()
    assert exported.gain == pytest.approx((1 - 2**-23) / exported.true_peak)
    found, _ = soundfile.read(exported.files[0], dtype="int32", always_2d=True)
    assert np.array_equal(found >> 8, np.rint(expected * exported.gain * 2**23))
    assert np.abs(found >> 8).max() < 2**23 - 1


@pytest.mark.parametrize("wanted", ["wav", "flac"])
def test_what_stays_under_full_scale_isnt_touched(
    library: Library, tmp_path: Path, wanted: str
) -> None:
    samples = noise(1, 9_000)
    story = library.stories.create("One").story
    item = library.stories.add(story, record(library, samples, 24_000)).items[0]
    library.stories.split(item, 123)
    file = tmp_path / f"one.{wanted}"
    exported = library.stories.export(story, file, StoryWish(bits=16))
    assert (exported.gain, exported.gain_db, exported.silent) == (1.0, 0.0, ())
    found, rate = soundfile.read(file, dtype="int16", always_2d=True)
    kept, _ = soundfile.read(
        library.audio.path(library.generations.list().items[0]), dtype="int16", always_2d=True
    )
    assert (rate, soundfile.info(file).subtype) == (24_000, "PCM_16")
    assert np.array_equal(found, kept)


@pytest.mark.parametrize("rate", [24_000, 44_100])
def test_nothing_is_heard_of_a_cut(library: Library, tmp_path: Path, rate: int) -> None:
    story = library.stories.create("Cut").story
    take = record(library, noise(3, 11_025), 22_050)
    item = library.stories.add(story, take, at_ms=33).items[0]
    wish = StoryWish(sample_rate=rate)
    library.stories.export(story, tmp_path / "whole.wav", wish)
    for at in (101, 250, 407):
        item = library.stories.split(item, at).items[1]
    library.stories.export(story, tmp_path / "cut.wav", wish)
    assert (tmp_path / "whole.wav").read_bytes() == (tmp_path / "cut.wav").read_bytes()


def test_cues_line_up_with_what_is_heard(library: Library, tmp_path: Path) -> None:
    scene = of_forty(library)
    wish = StoryWish(cues=tuple(CueFormat))
    exported = library.stories.export(scene.story, tmp_path / "cues", wish)
    assert [Path(file).name for file in exported.files] == [
        "Forty.wav",
        "Forty.srt",
        "Forty.vtt",
        "Forty.labels.txt",
    ]
    rows = [line.split("\t") for line in Path(exported.files[3]).read_text("utf-8").splitlines()]
    for shown, (begins, ends, label) in zip(scene.items, rows, strict=True):
        assert abs(float(begins) * 1000 - shown.start_ms) < 1
        assert abs(float(ends) * 1000 - (shown.start_ms + played_ms(library, shown))) <= 1
        assert label == f"Anna: {shown.text}"
    timings = [line for line in Path(exported.files[2]).read_text().splitlines() if "-->" in line]
    assert len(timings) == len(cues_of(scene)) == 40


def played_ms(library: Library, shown: SceneItem) -> float:
    assert shown.version is not None
    seconds = soundfile.info(library.audio.path(shown.version)).duration
    return float(seconds * 1000 - shown.item.trim_start_ms - shown.item.trim_end_ms)


def test_what_cant_be_heard_is_silence_and_told(library: Library, tmp_path: Path) -> None:
    takes = [record(library, noise(n, 4_000), 8_000, f"{n}") for n in range(4)]
    story = library.stories.create("Gaps").story
    library.stories.add(story, takes)
    library.generations.delete(takes[1])
    library.trash.purge(takes[2])
    library.audio.path(library.generations.get(takes[3])).unlink()
    exported = library.stories.export(story, tmp_path / "gaps.wav")
    assert [one.why.partition(":")[0] for one in exported.silent] == [
        "its take is in the trash",
        "its take is gone",
        f"the audio of {takes[3]} is missing",
    ]
    found, _ = soundfile.read(exported.files[0])
    assert len(found) == 4 * 4_000
    assert found[:4_000].any()
    assert not found[4_000:].any()
    library.generations.delete(takes[0])
    with pytest.raises(Conflict, match="can be heard"):
        library.stories.export(story, tmp_path / "none.wav")


def test_a_story_goes_where_it_may_and_over_nothing(library: Library, tmp_path: Path) -> None:
    story = library.stories.create("../a: b?").story
    library.stories.add(story, record(library, noise(1, 800), 8_000))
    cues = StoryWish(cues=(CueFormat.SRT,))
    names = [Path(file).name for file in library.stories.export(story, tmp_path, cues).files]
    assert names == ["_a_ b_.wav", "_a_ b_.srt"]
    (tmp_path / names[0]).unlink()
    again = library.stories.export(story, tmp_path, cues)
    assert Path(again.files[0]).name == "_a_ b_-2.wav"
    with pytest.raises(Conflict, match="something of that name"):
        library.stories.export(story, tmp_path / "_a_ b_.flac", cues)
    with pytest.raises(BadInput, match="in the library"):
        library.stories.export(story, library.path / "x.wav")
    for wish in (
        StoryWish(AudioFormat.MP3),
        StoryWish(bits=20),
        StoryWish(sample_rate=1),
        StoryWish(sample_rate=44_100.0),  # type: ignore[arg-type]  # as somebody may
        StoryWish(sample_rate=96_001, format=AudioFormat.FLAC),
    ):
        with pytest.raises(BadInput):
            library.stories.export(story, tmp_path / "out", wish)


def test_whoever_calls_it_off_finds_nothing_in_half(library: Library, tmp_path: Path) -> None:
    story = library.stories.create("Off").story
    library.stories.add(story, record(library, noise(1, 8_000), 8_000))

    def stop(done: int, total: int, doing: str = "") -> None:
        if done > total // 2:
            raise Interrupted(doing)

    with pytest.raises(Interrupted):
        library.stories.export(story, tmp_path / "off", StoryWish(cues=tuple(CueFormat)), stop)
    assert list((tmp_path / "off").iterdir()) == []


def test_what_is_played_is_mixed_once_until_it_changes(library: Library, own_home: Path) -> None:
    story = library.stories.create("Play").story
    takes = [record(library, noise(n, 4_000), 8_000, f"{n}") for n in range(2)]
    items = library.stories.add(story, takes, gap_ms=100).items
    sound = library.stories.sound(story)
    assert Path(sound.path).is_relative_to(own_home)
    assert (sound.length_ms, sound.sample_rate, sound.gain) == (1_100, 8_000, 1.0)
    assert [one.id for one in sound.playing(499.9)] == [items[0].id]
    assert sound.playing(550) == ()
    assert [one.id for one in sound.playing(600)] == [items[1].id]
    made = Path(sound.path).stat()
    assert library.stories.sound(story).path == sound.path
    assert Path(sound.path).stat().st_ino == made.st_ino
    library.stories.set_volume(items[0], 4)
    louder = library.stories.sound(story)
    assert louder.path != sound.path
    assert library.stories.sound(story).gain == louder.gain < 1


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the real Voicebox directory")
def test_the_real_story_is_mixed_with_its_split_trim_volume_and_pin(
    library: Library, tmp_path: Path
) -> None:
    library.sources.add(REAL)
    (story,) = library.stories.list()
    scene = library.stories.scene(story)
    told = [
        (one.start_ms, one.item.track, one.item.trim_start_ms, one.item.volume, one.pinned)
        for one in scene.items
    ]
    assert told == [(0, 0, 100, 0.5, "original"), (0, 1, 0, 1.0, None), (500, 0, 600, 0.5, None)]
    exported = library.stories.export(story, tmp_path / "real.wav")
    assert [one.item_id for one in exported.silent] == [scene.items[1].id]
    found, rate = soundfile.read(exported.files[0], dtype="int32", always_2d=True)
    expected = reference(library, scene, rate, 1)
    assert np.array_equal(found >> 8, np.rint(expected * exported.gain * 2**23))
    copy = library.stories.copy(story).story
    again = library.stories.export(copy, tmp_path / "copy.wav")
    assert Path(again.files[0]).read_bytes() == Path(exported.files[0]).read_bytes()


def test_samples_and_volumes_beyond_all_measure_are_mixed(library: Library, tmp_path: Path) -> None:
    samples = np.zeros(24_000, np.float32)
    samples[[100, 200, 300]] = 3e38, -3e38, np.nan
    soundfile.write(tmp_path / "loud.wav", samples, 24_000, subtype="FLOAT")
    take = library.generations.record(profile="Anna", text="", audio=tmp_path / "loud.wav")
    story = library.stories.create("Loud").story
    library.stories.add(story, [take.id, take.id], at_ms=0)
    sql(library, "UPDATE story_items SET volume = 1e300 WHERE start_ms = 0")
    done = library.stories.export(story, tmp_path / "out.wav")
    assert done.gain_db < -100
    mixed, _ = soundfile.read(tmp_path / "out.wav")
    assert abs(mixed).max() == pytest.approx(1.0, abs=0.5)
