from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.errors import BadAudio, BadInput
from rushes.media.decode import read_pcm16
from rushes.media.facts import measure
from rushes.media.files import LocalAudioFiles
from rushes.media.wav import encode_wav

RANGE = {
    "uint8": (0, 256),
    "int16": (-32768, 32768),
    "int32": (-(2**31), 2**31),
}


def samples_of(
    dtype: str, channels: int, frames: int = 501
) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    generator = np.random.default_rng(5)
    if dtype in RANGE:
        return generator.integers(*RANGE[dtype], (frames, channels), dtype=dtype)
    return generator.normal(0, 0.5, (frames, channels)).astype(dtype)


@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize(
    ("dtype", "subtype"),
    [
        ("uint8", "PCM_U8"),
        ("int16", "PCM_16"),
        ("int32", "PCM_32"),
        ("float16", "FLOAT"),
        ("float32", "FLOAT"),
        ("float64", "DOUBLE"),
    ],
)
def test_every_type_is_kept_without_loss(
    tmp_path: Path, dtype: str, subtype: str, channels: int
) -> None:
    samples = samples_of(dtype, channels)
    staged = LocalAudioFiles(tmp_path).stage_array(samples, 22_050)

    info = soundfile.info(staged.path, verbose=True)
    assert (info.format, info.subtype, info.samplerate) == ("WAV", subtype, 22_050)
    assert (info.channels, info.frames) == (channels, len(samples))
    assert staged.bytes == staged.path.stat().st_size
    assert staged.bytes % 2 == 0
    back, _ = soundfile.read(
        staged.path, dtype=dtype if dtype in ("int16", "int32") else "float64", always_2d=True
    )
    expected = (samples.astype(float) - 128) / 128 if dtype == "uint8" else samples
    assert np.array_equal(back, expected)
    assert measure(staged.path).frames == len(samples)


def test_one_dimension_is_mono_and_lists_and_other_layouts_will_do(tmp_path: Path) -> None:
    files = LocalAudioFiles(tmp_path)
    assert measure(files.stage_array([0.5, -0.5], 24_000).path).channels == 1
    stereo = samples_of("int16", 2)
    for layout in (np.asfortranarray(stereo), stereo[::-1][::-1], stereo.astype(">i2")):
        staged = files.stage_array(layout, np.int64(24_000))
        assert np.array_equal(read_pcm16(staged.path).samples, stereo)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float32", "float64"])
def test_another_width_can_be_asked_for(tmp_path: Path, dtype: str, subtype: str) -> None:
    half = {"uint8": 192, "int16": 1 << 14, "int32": 1 << 30}.get(dtype, 0.5)
    staged = LocalAudioFiles(tmp_path).stage_array(
        np.full(100, half, dtype=dtype), 24_000, subtype.lower()
    )
    assert soundfile.info(staged.path).subtype == subtype
    back, _ = soundfile.read(staged.path)
    assert np.all(back == 0.5)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32"])
def test_beyond_full_scale_values_are_clipped_where_integers_are_asked_for(
    tmp_path: Path, subtype: str
) -> None:
    staged = LocalAudioFiles(tmp_path).stage_array(
        np.array([3.0, -3.0], dtype=np.float32), 24_000, subtype
    )
    back, _ = soundfile.read(staged.path)
    assert back.tolist() == pytest.approx([1.0, -1.0], abs=0.01)


def test_the_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    samples = samples_of("float32", 2)
    files = LocalAudioFiles(tmp_path)
    first, second = files.stage_array(samples, 24_000), files.stage_array(samples, 24_000)
    assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.parametrize(
    ("samples", "kind", "words"),
    [
        ([], BadAudio, "empty"),
        (np.zeros((0, 2), dtype=np.int16), BadAudio, "empty"),
        ([0.0, float("nan")], BadAudio, "NaN"),
        ([0.0, float("inf")], BadAudio, "infinite"),
        (np.zeros((2, 24_000), dtype=np.float32), BadInput, "samples.T"),
        (np.zeros((1, 24_000), dtype=np.float32), BadInput, "samples.T"),
        (np.zeros((10, 2, 2), dtype=np.float32), BadInput, "shape"),
        (np.float32(0.5), BadInput, "shape"),
        (np.zeros(10, dtype=np.int64), BadInput, "int64"),
        (np.zeros(10, dtype=np.complex64), BadInput, "complex64"),
        (["a", "b"], BadInput, "type"),
        ([[0.5], [0.5, 0.5]], BadInput, "array"),
        (None, BadInput, "type"),
        (b"RIFF", BadInput, "type"),
    ],
)
def test_what_is_no_sound_is_one_clear_error(
    tmp_path: Path, samples: object, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        LocalAudioFiles(tmp_path).stage_array(samples, 24_000)
    assert not (tmp_path / "incoming").exists()


@pytest.mark.parametrize("rate", [0, -1, 24_000.5, None, "fast", float("nan"), 10**12, [1]])
def test_what_is_no_sample_rate_is_refused(rate: object) -> None:
    with pytest.raises(BadInput, match="sample rate"):
        encode_wav([0.5], rate)


def test_an_unknown_subtype_is_refused() -> None:
    with pytest.raises(BadInput, match="PCM_24"):
        encode_wav([0.5], 24_000, "MP3")
