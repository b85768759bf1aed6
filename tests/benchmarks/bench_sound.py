"""Sound in real time on a PulseAudio null sink: keys against ``paplay`` of the same file.

Times are those at which the sink's monitor has a sample, some milliseconds late at most, the same
for both sides. Skipped where PulseAudio isn't installed.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.playback import Player, Playing, Source
from tests.benchmarks.figures import at_most
from tests.playback import pulse
from tests.playback.pulse import RATE, PulseServer, Recording, counting, place, runs

pytestmark = pytest.mark.skipif(not pulse.is_installed(), reason="PulseAudio isn't installed")

PAIRS = 11
ROUTES = ["simpleaudio", "miniaudio"]

Make = Callable[[str, pulse.Samples], Source]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recording]:
    folder = tmp_path_factory.mktemp("pulse")
    server = PulseServer(folder)
    (folder / "asound.conf").write_text(pulse.ALSA)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        patch.setenv("ALSA_CONFIG_PATH", str(folder / "asound.conf"))
        recording = Recording(server)
        yield recording
        recording.close()
    server.close()


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(name: str, samples: pulse.Samples) -> Source:
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, samples, RATE, subtype="PCM_16")
        return Source(name, path)

    return write


@pytest.fixture(params=ROUTES)
def player(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Player]:
    player = Player(route=request.param, log=tmp_path / "log")
    player.warm()
    while player.state.route is None:
        time.sleep(0.01)
    yield player
    player.close()


def route_of(player: Player) -> str:
    route = player.state.route
    assert route is not None
    return route.name


def first_heard(recording: Recording, since: float) -> float:
    """Milliseconds from a time until the first sample that isn't silence."""
    recording.wait(0.4)
    begin = max(0, recording.frame_at(since))
    sounds = np.flatnonzero(recording.samples[begin:])
    return (recording.time_of(begin + int(sounds[0])) - since) * 1000


def bench_key_to_sound_and_to_silence(recording: Recording, player: Player, make: Make) -> None:
    clip = make("clip", counting(5.0))
    ours, theirs, silent, astray = [], [], [], []
    for _ in range(PAIRS):
        time.sleep(0.3)  # the spare helper is ready, as after a person's last key
        recording.forget()
        pressed = time.monotonic()
        player.play(clip)
        ours.append(first_heard(recording, pressed))
        shown, now = player.state.position, time.monotonic()
        recording.wait(0.1)
        astray.append(abs(shown - place(recording.samples[recording.frame_at(now)])) * 1000)
        stopped = time.monotonic()
        player.stop()
        recording.wait(0.3)
        last = int(np.flatnonzero(recording.samples)[-1])
        silent.append((recording.time_of(last) - stopped) * 1000)
        recording.forget()
        pressed = time.monotonic()
        with subprocess.Popen(["paplay", clip.path]) as paplay:
            theirs.append(first_heard(recording, pressed))
            paplay.kill()
    name, beside = route_of(player), statistics.median(theirs)
    key = statistics.median(ours)
    at_most(f"{name}: key to sound against paplay", key / beside, 1, f"{key:.1f} ms")
    at_most(f"{name}: key to sound", key, 20, f"paplay {beside:.1f} ms", unit=" ms")
    at_most(f"{name}: stop to silence", statistics.median(silent), 10, unit=" ms")
    at_most(f"{name}: position shown from heard", statistics.median(astray), 20, unit=" ms")


def bench_a_swap_at_1_2_seconds(recording: Recording, player: Player, make: Make) -> None:
    one, other = make("one", counting(3.0)), make("other", counting(3.0, -1))
    apart, gaps, from_key = [], [], []
    for _ in range(PAIRS):
        time.sleep(0.3)
        recording.forget()
        player.play(one)
        while player.state.position < 1.2:
            time.sleep(0.001)
        player.swap(other)
        recording.wait(0.4)
        player.stop()
        samples = recording.samples
        left, came = int(np.flatnonzero(samples > 0)[-1]), int(np.flatnonzero(samples < 0)[0])
        apart.append(abs(place(samples[came]) - place(samples[left])) * 1000)
        from_key.append(abs(place(samples[came]) - 1.2) * 1000)
        gaps.append((came - left - 1) / RATE * 1000)
    name, most = route_of(player), f"most {max(apart):.1f} ms"
    at_most(f"{name}: a swap goes on where it was", statistics.median(apart), 30, most, unit=" ms")
    at_most(f"{name}: a swap goes on at 1.2 s", statistics.median(from_key), 30, unit=" ms")
    at_most(f"{name}: silence in a swap", statistics.median(gaps), 30, unit=" ms")


def bench_a_loop_of_half_a_second(recording: Recording, player: Player, make: Make) -> None:
    clip = make("clip", counting(0.5))
    player.loop(on=True)
    longest = []
    for _ in range(5):
        recording.forget()
        player.play(clip)
        recording.wait(2.5)
        player.stop()
        recording.wait(0.2)
        heard = recording.samples
        ends = np.flatnonzero(heard[:-1] == counting(0.5)[-1, 0])
        # Silence at the joint, and not the machine's own drop-outs elsewhere.
        joints = [heard[end : end + RATE // 4] for end in ends[:-8]]
        quiet = [run.frames for joint in joints for run in runs(joint)[1:2] if run.value == 0]
        longest.append(max(quiet, default=0) / RATE * 1000)
    at_most(f"{route_of(player)}: gap of a loop", statistics.median(longest), 10, unit=" ms")
    assert player.state.playing is Playing.STOPPED
