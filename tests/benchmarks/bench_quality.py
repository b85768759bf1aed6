"""Listening to clips: how much faster than they play, and what it adds to what was done before.

python -m pytest -s --timeout=0 -o python_files='bench_*.py' -o python_functions='bench_*' \\
    tests/benchmarks/bench_quality.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.demo.synthesis import SAMPLE_RATE, Throat, synthesise
from rushes.domain.waveform import BUCKETS
from rushes.media.decode import open_audio
from rushes.media.facts import measure, sha256_of
from rushes.media.peaks import measure_buckets
from tests.benchmarks.figures import at_least, at_most

SECONDS = 300
WORDS = "The archive stood at the end of the tram line, where the grass begins, and nobody went."


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor time: what others do meanwhile doesn't count."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _plainly(path: Path) -> None:
    """What was measured before anybody listened: peaks, waveform, hash."""
    with open_audio(path) as reader:
        measure_buckets(reader, BUCKETS)
    sha256_of(path)


@pytest.mark.parametrize(
    ("rate", "channels", "form", "subtype"),
    [
        (24_000, 1, "WAV", "PCM_16"),
        (24_000, 1, "FLAC", "PCM_16"),
        (44_100, 1, "WAV", "FLOAT"),
        (48_000, 1, "FLAC", "PCM_24"),
        (48_000, 2, "WAV", "PCM_24"),
    ],
)
def bench_listening(tmp_path: Path, rate: int, channels: int, form: str, subtype: str) -> None:
    spoken = synthesise(WORDS, Throat(110), 1)
    at = np.arange(len(spoken) * rate // SAMPLE_RATE) * (SAMPLE_RATE / rate)
    once = np.interp(at, np.arange(len(spoken)), spoken)
    samples = np.resize(once, SECONDS * rate)[:, None] * np.ones(channels)
    path = tmp_path / "clip"
    soundfile.write(path, samples, rate, format=form, subtype=subtype)
    measure(path)
    pairs = [(_cpu(lambda: measure(path)), _cpu(lambda: _plainly(path))) for _ in range(7)]
    ours = statistics.median(pair[0] for pair in pairs)
    before = statistics.median(pair[1] for pair in pairs)
    what = f"{form} {subtype}, {rate:,} Hz, {channels} channels"
    detail = f"{1e3 * ours:.0f} ms for {SECONDS} s; without listening {1e3 * before:.0f} ms"
    at_least(f"measuring with decoding, {what}: × real time per core", SECONDS / ours, 300, detail)


def bench_one_short_clip(tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    soundfile.write(path, synthesise(WORDS, Throat(110), 1)[: 2 * SAMPLE_RATE], SAMPLE_RATE)
    pairs = [(_cpu(lambda: measure(path)), _cpu(lambda: _plainly(path))) for _ in range(200)]
    ours = statistics.median(pair[0] for pair in pairs[20:])
    before = statistics.median(pair[1] for pair in pairs[20:])
    detail = f"{1e3 * ours:.2f} ms, without {1e3 * before:.2f} ms"
    at_most("listening to a clip of 2 s adds", 1e3 * (ours - before), 2, detail, unit=" ms")
