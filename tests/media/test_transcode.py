"""Audio written as another format: lossless to the sample, or told what was lost."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rushes.domain import limits
from rushes.domain.export_formats import AudioFormat
from rushes.domain.exporting import Remark
from rushes.errors import BadAudio, BadInput, Interrupted, TargetError
from rushes.media.audio_out import write_audio
from rushes.media.facts import measure
from rushes.media.files import LocalAudioFiles
from rushes.media.flac import compressed
from rushes.media.going_out import part_in
from tests.media.riffs import Riff, chunk

WAV, FLAC, OGG, MP3 = AudioFormat


def idle() -> None:
    """Nobody looks on."""


def noise(frames: int = 5_000, channels: int = 1, peak: float = 0.9) -> NDArray[np.float64]:
    return np.random.default_rng(7).uniform(-peak, peak, (frames, channels))


def made(path: Path, subtype: str, kind: str = "WAV", rate: int = 24_000, **more: Any) -> Path:
    soundfile.write(path, noise(**more), rate, format=kind, subtype=subtype)
    return path


def written(path: Path, wanted: AudioFormat | None) -> tuple[Path, tuple[Remark, ...]]:
    """The file that comes of it, and what is said of it."""
    with part_in(path.parent / "out") as part:
        remarks = write_audio(part, path, measure(path), wanted, idle)
        assert part.put("done", overwrite=False)
    assert [one.name for one in (path.parent / "out").iterdir()] == ["done"]
    return path.parent / "out" / "done", remarks


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24"])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_flac_holds_every_sample_and_gives_them_back_as_wav(
    tmp_path: Path, subtype: str, channels: int
) -> None:
    path = made(tmp_path / "a.wav", subtype, channels=channels)
    flac, remarks = written(path, FLAC)
    assert remarks == ()
    assert soundfile.info(flac).format == "FLAC"
    wav = tmp_path / "b"
    wav.mkdir()
    back, _ = written(flac.rename(wav / "x.flac"), WAV)
    assert soundfile.info(back).subtype == subtype
    assert np.array_equal(*(soundfile.read(one, dtype="int32")[0] for one in (path, back)))


@pytest.mark.parametrize(
    ("subtype", "remark", "most"),
    [
        ("FLOAT", Remark.FLOAT_TO_24, 2**-23),
        ("DOUBLE", Remark.FLOAT_TO_24, 2**-23),
        ("PCM_32", Remark.INTEGER_TO_24, 2**-22),
    ],
)
def test_what_flac_cannot_hold_becomes_24_bits_and_is_told(
    tmp_path: Path, subtype: str, remark: Remark, most: float
) -> None:
    path = made(tmp_path / "a.wav", subtype)
    flac, remarks = written(path, FLAC)
    assert remarks == (remark,)
    assert soundfile.info(flac).subtype == "PCM_24"
    assert np.abs(soundfile.read(path)[0] - soundfile.read(flac)[0]).max() <= most


def test_samples_beyond_full_scale_are_clipped_not_wrapped_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.array([1.5, -1.5, 0.25, float("nan")]), 8_000, subtype="FLOAT")
    flac, remarks = written(path, FLAC)
    assert remarks == (Remark.FLOAT_TO_24, Remark.CLIPPED)
    assert soundfile.read(flac)[0] == pytest.approx([1, -1, 0.25, 0], abs=2**-22)


@pytest.mark.parametrize(("wanted", "kind"), [(OGG, "VORBIS"), (MP3, "MPEG_LAYER_III")])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("frames", [1, 30_000])
def test_lossy_formats_keep_length_rate_and_channels(
    tmp_path: Path, wanted: AudioFormat, kind: str, subtype: str, frames: int
) -> None:
    path = made(tmp_path / "a.wav", subtype, frames=frames, channels=2, peak=0.1)
    lossy, remarks = written(path, wanted)
    info = soundfile.info(lossy)
    assert (info.subtype, info.samplerate, info.channels, info.frames) == (kind, 24_000, 2, frames)
    assert remarks == ()


def test_lossy_files_become_16_bits_and_that_is_told(tmp_path: Path) -> None:
    path = made(tmp_path / "a.ogg", "VORBIS", "OGG")
    for wanted in (WAV, FLAC):
        folder = tmp_path / wanted
        folder.mkdir()
        copy = folder / "a.ogg"
        copy.write_bytes(path.read_bytes())
        file, remarks = written(copy, wanted)
        assert remarks == (Remark.WAS_LOSSY,)
        assert soundfile.info(file).subtype == "PCM_16"
        assert soundfile.info(file).frames == 5_000


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        (MP3, {"rate": 37_000}),
        (MP3, {"rate": 96_000}),
        (MP3, {"channels": 3}),
        (OGG, {"rate": 200_001}),  # which would take the process down
        (FLAC, {"rate": 65_537}),
        (FLAC, {"channels": 9}),
    ],
)
def test_what_a_format_cannot_hold_is_refused_in_a_line(
    tmp_path: Path, wanted: AudioFormat, more: dict[str, Any]
) -> None:
    path = made(tmp_path / "a.wav", "PCM_16", **more)
    with pytest.raises(BadInput, match="WAV can hold it") as raised:
        written(path, wanted)
    assert "\n" not in str(raised.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_more_than_wav_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a.flac", "PCM_16", "FLAC")
    monkeypatch.setattr(limits, "LARGEST_WAV", 9_999)
    with pytest.raises(BadInput, match="FLAC can hold it"):
        written(path, WAV)


@pytest.mark.parametrize(
    ("subtype", "kind", "wanted"),
    [
        ("FLOAT", "WAV", WAV),
        ("PCM_16", "WAVEX", WAV),
        ("PCM_16", "FLAC", FLAC),
        ("VORBIS", "OGG", OGG),
        ("OPUS", "OGG", OGG),
        ("MPEG_LAYER_III", "MP3", MP3),
        ("PCM_16", "AIFF", None),
    ],
)
def test_what_is_in_the_format_already_is_copied_byte_for_byte(
    tmp_path: Path, subtype: str, kind: str, wanted: AudioFormat | None
) -> None:
    path = made(tmp_path / "a", subtype, kind)
    file, remarks = written(path, wanted)
    assert file.read_bytes() == path.read_bytes()
    assert remarks == ()


@given(
    st.builds(
        Riff,
        bits=st.sampled_from([8, 16, 24]),
        channels=st.sampled_from([1, 2]),
        frames=st.integers(4_000, 6_000),
        before=st.sampled_from([(), ((b"LIST", b"INFO" + chunk(b"ISFT", b"rushes\0")),)]),
        padded=st.booleans(),
    )
)
def test_a_compressed_take_comes_out_as_the_very_wav_file_that_it_was(
    tmp_path_factory: pytest.TempPathFactory, riff: Riff
) -> None:
    folder = tmp_path_factory.mktemp("takes")
    wav = folder / "a.wav"
    wav.write_bytes(riff.encode())
    staged, _ = compressed(LocalAudioFiles(folder), wav, measure(wav), idle)
    flac = staged.path.rename(folder / "a.flac")
    file, remarks = written(flac, WAV)
    assert file.read_bytes() == wav.read_bytes()
    assert remarks == ()


def test_other_formats_become_wav_of_their_own_depth(tmp_path: Path) -> None:
    for number, (subtype, there) in enumerate(
        [("PCM_S8", "PCM_U8"), ("PCM_32", "PCM_32"), ("FLOAT", "FLOAT"), ("DOUBLE", "DOUBLE")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = made(folder / "a.aiff", subtype, "AIFF", frames=501)
        file, _ = written(path, WAV)
        assert soundfile.info(file).subtype == there
        assert np.array_equal(soundfile.read(file)[0], soundfile.read(path)[0])


def test_a_file_that_was_changed_since_is_told_as_damaged(tmp_path: Path) -> None:
    path = made(tmp_path / "a.wav", "PCM_16")
    facts = measure(path)
    made(path, "PCM_16", peak=0.5)
    for wanted in (None, WAV):
        with part_in(tmp_path / "out") as part, pytest.raises(BadAudio, match="damaged"):
            write_audio(part, path, facts, wanted, idle)


@pytest.mark.parametrize("wanted", [None, FLAC, WAV])
def test_memory_does_not_grow_with_the_length(tmp_path: Path, wanted: AudioFormat | None) -> None:
    peaks = []
    for seconds in (45, 135):
        path = tmp_path / "a.aiff"
        with soundfile.SoundFile(path, "w", 48_000, 2, "PCM_16") as file:
            file.write(np.zeros((seconds * 48_000, 2), dtype=np.int16))
        facts = measure(path)
        tracemalloc.start()
        with part_in(tmp_path / "out") as part:
            write_audio(part, path, facts, wanted, idle)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] < facts.bytes


@pytest.mark.parametrize("wanted", [None, FLAC, WAV, OGG])
def test_called_off_midway_nothing_is_left(tmp_path: Path, wanted: AudioFormat | None) -> None:
    path = made(tmp_path / "a.aiff", "PCM_16", "AIFF", frames=600_000)
    facts = measure(path)
    asked = 0

    def tick() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise Interrupted("called off")

    with pytest.raises(Interrupted), part_in(tmp_path / "out") as part:
        write_audio(part, path, facts, wanted, tick)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_name_is_never_taken_from_what_bears_it(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("mine")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    with part_in(tmp_path) as part:
        part.handle.write(b"new")
        assert not part.put("here", overwrite=False)
        assert not part.put("gone", overwrite=False)
        part.flush()
        assert part.put("there", overwrite=False)
    assert (tmp_path / "here").read_text() == "mine"
    assert (tmp_path / "there").read_text() == "new"
    with part_in(tmp_path) as part:
        assert part.put("gone", overwrite=True)
    assert not (tmp_path / "nowhere").exists()


def test_where_there_are_no_links_names_are_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "here").write_text("mine")
    with part_in(tmp_path) as part:
        part.handle.write(b"new")
        part.flush()
        assert not part.put("here", overwrite=False)
        assert part.put("there", overwrite=False)
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {
        "here": "mine",
        "there": "new",
    }


def test_what_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    path = made(tmp_path / "a.wav", "PCM_16", frames=200_000)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(TargetError) as raised, part_in(tmp_path / "file" / "x"):
        pass
    assert "\n" not in str(raised.value)

    class Full(io.BytesIO):
        def write(self, _: object, /) -> int:
            raise OSError(28, "No space left on device")

    def fill(wanted: AudioFormat | None) -> None:
        with part_in(tmp_path / "out") as part:
            part.handle = Full()
            write_audio(part, path, measure(path), wanted, idle)

    for wanted in (None, FLAC, OGG, MP3):
        with pytest.raises(TargetError, match="no room"):
            fill(wanted)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == measure(path).sha256
