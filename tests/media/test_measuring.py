from __future__ import annotations

import hashlib
import math
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from rushes.domain.waveform import unpack
from rushes.errors import AudioMissing, BadAudio
from rushes.media.facts import measure
from rushes.media.peaks import envelope
from tests.media.wavs import write_wav

if TYPE_CHECKING:
    from numpy.typing import NDArray


def test_the_facts_are_those_of_the_file(tmp_path: Path, noise: NDArray[np.int16]) -> None:
    path = tmp_path / "stereo.flac"
    soundfile.write(path, noise.reshape(-1, 2) // 4, 22_050)

    facts = measure(path)

    assert (facts.sample_rate, facts.channels, facts.frames) == (22_050, 2, 12_000)
    assert (facts.format, facts.subtype) == ("FLAC", "PCM_16")
    assert facts.bytes == path.stat().st_size
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts.peak == 0.25
    assert facts.duration == pytest.approx(12_000 / 22_050)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "PCM_U8", "FLOAT", "DOUBLE"])
def test_amplitudes_are_the_same_in_every_width(tmp_path: Path, subtype: str) -> None:
    tone = 0.5 * np.sin(np.arange(24_000) * 2 * np.pi / 24)
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone, 24_000, subtype=subtype)
    facts = measure(path)
    small = unpack(facts.waveform)
    assert facts.peak == pytest.approx(0.5, abs=0.01)
    assert small.rms == pytest.approx([0.5 / math.sqrt(2)] * 64, abs=0.01)
    assert small.peak == pytest.approx([0.5] * 64, abs=0.01)


def test_loudness_is_over_all_channels_and_the_peak_of_the_loudest(tmp_path: Path) -> None:
    path = tmp_path / "half.wav"
    soundfile.write(path, np.stack([np.full(6_400, 0.5), np.zeros(6_400)], axis=1), 24_000)
    small = unpack(measure(path).waveform)
    assert small.rms == pytest.approx([0.5 / math.sqrt(2)] * 64, abs=0.01)
    assert small.peak == pytest.approx([0.5] * 64, abs=0.01)


def test_samples_that_are_no_numbers_do_not_spoil_the_measures(tmp_path: Path) -> None:
    samples = np.full(6_400, 0.25, dtype="<f4")
    samples[::100] = np.nan
    samples[1_000] = np.inf
    path = write_wav(tmp_path / "odd.wav", samples.tobytes(), tag=3, bits=32)
    facts = measure(path)
    assert facts.peak == 1.0
    assert unpack(facts.waveform).rms[40:] == pytest.approx([0.25] * 24, abs=0.01)


def test_a_float_file_above_full_scale_keeps_its_peak(tmp_path: Path) -> None:
    path = tmp_path / "hot.wav"
    soundfile.write(path, np.array([0.0, 1.5, -2.0]), 24_000, subtype="FLOAT")
    assert measure(path).peak == 2.0


@pytest.mark.parametrize("frames", [1, 2, 63, 64, 65, 1_000])
def test_clips_shorter_than_the_waveform_are_measured_too(tmp_path: Path, frames: int) -> None:
    path = tmp_path / "short.wav"
    soundfile.write(path, np.full(frames, 0.5), 24_000)
    facts = measure(path)
    assert facts.frames == frames
    assert unpack(facts.waveform).rms == pytest.approx([0.5] * 64, abs=0.01)
    assert envelope(path, 500).buckets == min(frames, 500)


@pytest.mark.parametrize("form", ["MP3", "OGG"])
def test_the_frames_are_those_that_can_be_decoded(
    tmp_path: Path, noise: NDArray[np.int16], form: str
) -> None:
    path = tmp_path / "clip"
    soundfile.write(path, np.tile(noise // 8, 10), 24_000, format=form)
    whole = measure(path).frames
    assert whole == pytest.approx(240_000, rel=0.02)
    if form == "MP3":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        cut = measure(path)
        assert cut.frames == pytest.approx(whole / 2, rel=0.1)
        assert min(unpack(cut.waveform).rms[:60]) > 0.02


@pytest.mark.parametrize("buckets", [1, 2, 100, 1_000, 4_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_an_envelope_holds_the_true_extremes_and_loudness(
    tmp_path: Path, buckets: int, channels: int
) -> None:
    samples = np.random.default_rng(3).normal(0, 4_000, (600_001, channels)).astype(np.int16)
    path = tmp_path / "long.wav"
    soundfile.write(path, samples, 24_000)

    measured = envelope(path, buckets)

    assert (measured.channels, measured.buckets, measured.frames) == (channels, buckets, 600_001)
    edges = [bucket * 600_001 // buckets for bucket in range(buckets)]
    for channel in range(channels):
        scaled = samples[:, channel] / 32768
        assert list(measured.minima[channel]) == np.minimum.reduceat(scaled, edges).tolist()
        assert list(measured.maxima[channel]) == np.maximum.reduceat(scaled, edges).tolist()
        lengths = np.diff(edges, append=600_001)
        rms = np.sqrt(np.add.reduceat(scaled**2, edges) / lengths)
        assert list(measured.rms[channel]) == pytest.approx(rms.tolist(), rel=1e-4)


def test_only_runs_at_full_scale_count_as_clipped(tmp_path: Path) -> None:
    samples = np.zeros(1_000, dtype=np.int16)
    samples[150] = 32767
    samples[450:453] = -32768
    samples[750:850] = 32767
    path = tmp_path / "clipped.wav"
    soundfile.write(path, samples, 24_000)
    assert list(envelope(path, 10).clipped[0]) == [0, 0, 0, 0, 1, 0, 0, 1, 1, 0]


def test_a_long_file_is_measured_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", 24_000, 1, "PCM_16") as file:
        for _ in range(15):
            file.write(np.zeros(24_000 * 60, dtype=np.int16))
    tracemalloc.start()
    assert measure(path).duration == 900
    assert envelope(path, 2_000).buckets == 2_000
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_what_is_no_audio_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"no audio at all")
    with pytest.raises(BadAudio):
        measure(path)
    with pytest.raises(BadAudio):
        envelope(path, 10)
    with pytest.raises(AudioMissing):
        measure(tmp_path / "absent.wav")


def test_silence_has_a_peak_of_zero(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(1_000), 24_000)
    facts = measure(path)
    assert str(facts.peak) == "0.0"
    assert facts.waveform == bytes(128)
