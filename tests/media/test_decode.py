from __future__ import annotations

import os
import struct
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rushes.errors import AudioMissing, BadAudio, RushesError
from rushes.media.decode import open_audio, read_pcm16
from rushes.media.facts import measure
from tests.media.wavs import write_wav

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("form", ["WAV", "WAVEX", "FLAC", "AIFF", "RF64"])
def test_sixteen_bit_files_come_out_bit_for_bit(
    tmp_path: Path, noise: NDArray[np.int16], form: str, channels: int
) -> None:
    frames = noise.reshape(-1, channels)
    path = tmp_path / "clip.dat"
    soundfile.write(path, frames, 22_050, format=form, subtype="PCM_16")

    pcm = read_pcm16(path)

    assert np.array_equal(pcm.samples, frames)
    assert pcm.samples.dtype == np.int16
    assert pcm.samples.flags.c_contiguous
    assert (pcm.sample_rate, pcm.channels, pcm.frames) == (22_050, channels, len(frames))


@pytest.mark.parametrize("subtype", ["PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_sixteen_bits_in_a_wider_file_come_out_unchanged(
    tmp_path: Path, noise: NDArray[np.int16], subtype: str
) -> None:
    path = tmp_path / "clip.wav"
    soundfile.write(path, noise / 32768, 24_000, subtype=subtype)
    assert np.array_equal(read_pcm16(path).samples[:, 0], noise)


def test_wider_integers_lose_their_low_bits(tmp_path: Path) -> None:
    wide = np.array([0x12345678, -0x12345678, 0x7FFFFFFF, -0x80000000], dtype=np.int32)
    path = tmp_path / "wide.wav"
    soundfile.write(path, wide, 24_000, subtype="PCM_32")
    assert read_pcm16(path).samples[:, 0].tolist() == (wide >> 16).tolist()


def test_floats_are_rounded_and_clipped_and_nothing_else_gets_through(tmp_path: Path) -> None:
    floats = [0.5, -0.5, 1.0, -1.0, 7.5, -7.5, 0.6 / 32768, -0.6 / 32768]
    floats += [float("nan"), float("inf"), float("-inf"), 3.4e38]
    data = np.array(floats, dtype="<f4").tobytes()
    path = write_wav(tmp_path / "floats.wav", data, tag=3, bits=32)
    expected = [16384, -16384, 32767, -32768, 32767, -32768, 1, -1, 0, 32767, -32768, 32767]
    assert read_pcm16(path).samples[:, 0].tolist() == expected


def test_eight_bits_are_spread_over_sixteen(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "eight.wav", bytes([0, 128, 255]), bits=8)
    assert read_pcm16(path).samples[:, 0].tolist() == [-32768, 0, 32512]


@pytest.mark.parametrize(("form", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)])
def test_lossy_files_sound_throughout_like_what_they_were_made_of(
    tmp_path: Path, form: str, subtype: str | None
) -> None:
    tone = (np.sin(np.arange(600_000) / 24_000 * 2 * np.pi * 440) * 16_384).astype(np.int16)
    path = tmp_path / "clip"
    soundfile.write(path, tone, 24_000, format=form, subtype=subtype)

    pcm = read_pcm16(path)

    assert pcm.frames == pytest.approx(600_000, rel=0.01)
    seconds = pcm.samples[: 24 * 24_000].reshape(24, -1).astype(np.float64)
    loudness = np.sqrt(np.mean(seconds**2, axis=1))
    assert loudness.tolist() == pytest.approx([16_384 / np.sqrt(2)] * 24, rel=0.03)


def test_a_loud_lossy_file_clips_instead_of_wrapping_round(tmp_path: Path) -> None:
    square = (np.sign(np.sin(np.arange(24_000) / 24_000 * 2 * np.pi * 100)) * 32767).astype(
        np.int16
    )
    path = tmp_path / "square.ogg"
    soundfile.write(path, square, 24_000, format="OGG", subtype="VORBIS")
    decoded = read_pcm16(path).samples[:, 0]
    same_sign = np.sign(decoded[1_000:-1_000]) == np.sign(square[1_000 : len(decoded) - 1_000])
    assert same_sign.mean() > 0.97


def test_long_files_come_in_bounded_blocks_and_whole(tmp_path: Path) -> None:
    samples = np.arange(1_500_000).astype(np.int16).reshape(-1, 2)
    path = tmp_path / "long.wav"
    soundfile.write(path, samples, 48_000)
    with open_audio(path) as reader:
        blocks = [block.copy() for block in reader.int16_blocks()]
    assert max(block.nbytes for block in blocks) <= 1 << 20
    assert np.array_equal(np.concatenate(blocks), samples)
    assert np.array_equal(read_pcm16(path).samples, samples)


def _lies(folder: Path, data: bytes) -> dict[str, Path]:
    short = data[:156]
    return {
        "promises four gigabytes": write_wav(folder / "0", short, data_size=0xFFFFFFF0),
        "promises the limit": write_wav(folder / "1", short, data_size=0xFFFFFFFF),
        "promises the limit throughout": write_wav(
            folder / "2", short, data_size=0xFFFFFFFF, riff_size=0xFFFFFFFF
        ),
        "is cut off": write_wav(folder / "3", data[:-1_000], data_size=len(data)),
        "has a rate of 0": write_wav(folder / "4", data, rate=0),
        "has a rate of 4 GHz": write_wav(folder / "5", data, rate=0xFFFFFFFF),
        "has a rate of 1": write_wav(folder / "6", data, rate=1),
        "has 65,535 channels": write_wav(folder / "7", data, channels=65_535),
        "has no channel": write_wav(folder / "8", data, channels=0),
        "has no samples": write_wav(folder / "9", b""),
        "has half a sample": write_wav(folder / "10", b"\1"),
    }


def _foreign(folder: Path, data: bytes) -> dict[str, Path]:
    contents = {
        "is empty": b"",
        "is text": b"hello world\n" * 50,
        "is a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "is half a header": b"RIFF\0\0\0\0WAVEfmt ",
        "pretends to be FLAC": b"fLaC" + b"\xff" * 200,
        "pretends to be OGG": b"OggS" + bytes(200),
        "pretends to be MP3": b"ID3\4" + bytes(500),
        "is raw samples": data,
    }
    paths = {}
    for number, (what, content) in enumerate(contents.items()):
        paths[what] = folder / f"foreign{number}.raw"
        paths[what].write_bytes(content)
    return paths


def test_what_lies_or_is_no_audio_is_one_clear_error(
    tmp_path: Path, noise: NDArray[np.int16]
) -> None:
    data = noise.tobytes()
    for what, path in (_lies(tmp_path, data) | _foreign(tmp_path, data)).items():
        tracemalloc.start()
        with pytest.raises(BadAudio) as caught:
            read_pcm16(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert "\n" not in str(caught.value), what
        assert path.name in str(caught.value), what
        assert caught.value.why, what
        assert peak < 20_000_000, what


def test_a_cut_off_or_damaged_flac_is_refused(tmp_path: Path, noise: NDArray[np.int16]) -> None:
    path = tmp_path / "whole.flac"
    soundfile.write(path, noise, 24_000)
    whole = path.read_bytes()
    cut = tmp_path / "cut.flac"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadAudio, match=r"cut\.flac"):
        read_pcm16(cut)


def test_a_flac_that_promises_hours_takes_no_room_for_them(
    tmp_path: Path, noise: NDArray[np.int16]
) -> None:
    path = tmp_path / "hours.flac"
    soundfile.write(path, noise, 24_000)
    whole = bytearray(path.read_bytes())
    # STREAMINFO, RFC 9639 section 8.2: 36 bits of total samples end at byte 26.
    whole[21] = (whole[21] & 0xF0) | 0x0F
    whole[22:26] = b"\xff\xff\xff\xff"
    path.write_bytes(whole)
    tracemalloc.start()
    with pytest.raises(BadAudio):
        read_pcm16(path)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_flac_of_unknown_length_is_read_to_the_end(
    tmp_path: Path, noise: NDArray[np.int16]
) -> None:
    path = tmp_path / "piped.flac"
    soundfile.write(path, noise, 24_000)
    whole = bytearray(path.read_bytes())
    whole[21] &= 0xF0
    whole[22:26] = bytes(4)
    path.write_bytes(whole)
    assert np.array_equal(read_pcm16(path).samples[:, 0], noise)
    assert measure(path).frames == len(noise)


def test_minutes_of_silence_in_a_few_bytes_are_no_lie(tmp_path: Path) -> None:
    path = tmp_path / "silence.flac"
    soundfile.write(path, np.zeros(24_000 * 300, dtype=np.int16), 24_000)
    assert path.stat().st_size < 40_000
    assert read_pcm16(path).duration == 300


@pytest.mark.parametrize(
    ("data_size", "riff_size"),
    [(0xFFFFFFFF, 0xFFFFFFFF), (0x7FFFF000, 0x7FFFF024), (0x80000000, 0x80000024), (0, 0), (0, 36)],
)
def test_a_header_left_open_by_a_pipe_is_read_to_the_end(
    tmp_path: Path, noise: NDArray[np.int16], data_size: int, riff_size: int
) -> None:
    path = write_wav(
        tmp_path / "piped.wav", noise.tobytes(), data_size=data_size, riff_size=riff_size
    )
    assert np.array_equal(read_pcm16(path).samples[:, 0], noise)


def test_chunks_around_the_samples_are_no_samples(tmp_path: Path, noise: NDArray[np.int16]) -> None:
    path = write_wav(tmp_path / "clip.wav", noise.tobytes())
    whole = path.read_bytes()
    odd = struct.pack("<4sI", b"LIST", 7) + b"INFOabc\0"
    with_chunks = whole[:12] + odd + whole[12:] + odd
    path.write_bytes(whole[:4] + struct.pack("<I", len(with_chunks) - 8) + with_chunks[8:])
    assert np.array_equal(read_pcm16(path).samples[:, 0], noise)


def test_speech_piped_out_of_a_synthesiser_can_be_read(tmp_path: Path) -> None:
    try:
        done = subprocess.run(
            ["espeak-ng", "--stdout", "--stdin"], input=b"hello", capture_output=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("espeak-ng isn't installed")
    path = tmp_path / "hello.wav"
    path.write_bytes(done.stdout)
    pcm = read_pcm16(path)
    assert 0.3 < pcm.duration < 3


def test_the_name_changes_nothing(tmp_path: Path, noise: NDArray[np.int16]) -> None:
    for name in (
        "a.raw",
        "b.mp3",
        "c",
        "-d \x1b[31m\n.wav",
        "声優 é.wav",
        os.fsdecode(b"\xff.wav"),
    ):
        path = write_wav(tmp_path / name, noise.tobytes())
        assert np.array_equal(read_pcm16(path).samples[:, 0], noise)
        path.write_bytes(b"no audio")
        with pytest.raises(BadAudio) as caught:
            read_pcm16(path)
        assert str(caught.value).isprintable()


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(AudioMissing, match="no file"):
        read_pcm16(tmp_path / "absent.wav")
    with pytest.raises(RushesError, match="isn't a file"):
        read_pcm16(tmp_path)
    fifo = tmp_path / "fifo.wav"
    os.mkfifo(fifo)
    with pytest.raises(BadAudio, match="isn't a file"):
        read_pcm16(fifo)
    with pytest.raises(RushesError):
        read_pcm16(Path("nul\0.wav"))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(head=st.binary(max_size=60), place=st.integers(0, 60))
def test_no_header_brings_a_traceback(
    tmp_path: Path, noise: NDArray[np.int16], head: bytes, place: int
) -> None:
    path = write_wav(tmp_path / "clip.wav", noise[:2_000].tobytes())
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + head + whole[place + len(head) :])
    with suppress(RushesError):
        assert read_pcm16(path).frames > 0


def test_no_descriptor_is_left_open(tmp_path: Path, noise: NDArray[np.int16]) -> None:
    good = write_wav(tmp_path / "good.wav", noise.tobytes())
    bad = write_wav(tmp_path / "bad.wav", noise.tobytes(), rate=0)
    read_pcm16(good)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        read_pcm16(good)
        with pytest.raises(BadAudio):
            read_pcm16(bad)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_importing_the_layer_loads_neither_numpy_nor_soundfile() -> None:
    code = (
        "import sys, rushes.media, rushes.media.decode, rushes.domain\n"
        "sys.exit(bool({'numpy', 'soundfile'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
