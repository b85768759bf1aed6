"""Mixing a story: how much slower than decoding its takes, and whether memory grows with it.

python -m pytest -s --timeout=0 -o python_files='bench_*.py' -o python_functions='bench_*' \\
    tests/benchmarks/bench_stories.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rushes.domain.story_sound import StoryWish
from rushes.library import Library
from rushes.media.decode import open_audio
from tests.benchmarks.figures import at_least, at_most

RATES = (24_000, 44_100, 48_000)
SHORT, LONG = 6, 60
_EXPORT = """
import resource, sys
from rushes.domain.story_sound import StoryWish
from rushes.library import Library
with Library.open(sys.argv[1]) as library:
    library.stories.export(sys.argv[2], sys.argv[3], StoryWish(overwrite=True))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _library(folder: Path) -> None:
    """Stories of 6 and 60 minutes: takes of a minute and of three rates, on two tracks."""
    chance = np.random.default_rng(0)
    with Library.open(folder) as library:
        takes = [
            library.generations.record(
                profile="Anna",
                text=f"{rate}",
                audio=(chance.standard_normal((60 * rate, 1)) * 0.1).astype(np.float32),
                sample_rate=rate,
                subtype="PCM_16",
            ).id
            for rate in RATES
        ]
        for minutes in (SHORT, LONG):
            story = library.stories.create(f"{minutes} minutes").story
            for track in (0, 1):
                found = [takes[(number + track) % len(takes)] for number in range(minutes)]
                library.stories.add(story, found, track=track)


def bench_a_mix_against_decoding_its_takes_twice(tmp_path: Path) -> None:
    _library(tmp_path / "takes")
    with Library.open(tmp_path / "takes") as library:
        scene = library.stories.scene(f"{SHORT} minutes")
        files = [library.audio.path(one.version) for one in scene.items if one.version]

        def decode() -> None:
            for file in (*files, *files):
                with open_audio(file) as reader:
                    for _ in reader.mixing_blocks():
                        pass

        def mix() -> None:
            library.stories.export(scene.story, tmp_path / "x.wav", StoryWish(overwrite=True))

        pairs = [(_cpu(mix), _cpu(decode)) for _ in range(5)]
    ours, bare = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    detail = f"{ours:.2f} s for {SHORT} minutes on two tracks, decoding alone {bare:.2f} s"
    at_least("mixing in two passes: × real time per core", 60 * SHORT / ours, 50, detail)


def bench_memory_of_a_long_story_against_a_short_one(tmp_path: Path) -> None:
    _library(tmp_path / "takes")
    peaks = []
    for minutes in (SHORT, LONG):
        command = [sys.executable, "-c", _EXPORT, str(tmp_path / "takes"), f"{minutes} minutes"]
        told = subprocess.run(
            [*command, str(tmp_path / f"{minutes}.flac")],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(told.stdout) / 1024)
    detail = f"{peaks[0]:.0f} MB for {SHORT} minutes, {peaks[1]:.0f} MB for {LONG}"
    at_most("memory of an hour's mix", peaks[1] / peaks[0], 1.2, detail)
