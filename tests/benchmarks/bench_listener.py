"""From the key to the first sample on the laptop, over a line of 50 ms there and back, 2 Mbit/s.

A real ssh and sshd with a line between them, a PulseAudio null sink on the laptop that keeps real
time, and its monitor. In one run, in turns: the listener with a clip that was sent ahead and with
one that wasn't; ``ssh host cat clip | player``; PulseAudio's protocol forwarded by ssh.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.playback.clip import Source
from rushes.playback.listening.ways import HomePlayer
from tests.benchmarks.figures import at_least, at_most
from tests.listening.conftest import Laptop, until
from tests.listening.server import SSHD, Server, answers, free_port, start_server
from tests.playback.pulse import RATE, PulseServer, Recording, is_installed

ROUND_TRIP = 0.050
BYTES_A_SECOND = 250_000
SECONDS = 10
TURNS = int(os.environ.get("RUSHES_BENCH_TURNS", "9"))


@contextmanager
def _line_to(server: Server) -> Iterator[int]:
    """The port of a line to the server."""
    port = free_port()
    words = [port, server.port, ROUND_TRIP / 2 * 1000, BYTES_A_SECOND]
    command = [sys.executable, "-m", "tests.listening.proxy", *map(str, words)]
    process = subprocess.Popen(command)
    try:
        until(lambda: answers(port))
        yield port
    finally:
        process.kill()
        process.wait()


def _clip(folder: Path, name: str) -> Path:
    """Ten seconds of noise, which no coder makes smaller, without a silent sample; raw as well."""
    samples = np.random.default_rng().integers(2_000, 12_000, SECONDS * RATE, dtype=np.int16)
    soundfile.write(folder / f"{name}.wav", samples, RATE)
    samples.tofile(folder / f"{name}.raw")
    return folder / f"{name}.wav"


def _heard_after(recording: Recording, begin: Callable[[], object]) -> float:
    """Seconds from ``begin`` until the first sample that isn't silence."""
    recording.forget()
    began = time.monotonic()
    begin()
    deadline = began + 20
    while not (found := np.flatnonzero(recording.samples)).size:
        assert time.monotonic() < deadline, "nothing was heard"
        time.sleep(0.005)
    return recording.time_of(int(found[0])) - began


def _silence(recording: Recording) -> None:
    """Wait for a fifth of a second of silence."""
    while True:
        recording.forget()
        recording.wait(0.2)
        if not recording.samples.any():
            return


@pytest.mark.skipif(SSHD is None or not is_installed(), reason="needs sshd and PulseAudio")
def bench_key_to_first_sample(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for name in ("strict", "open", "pulse"):
            (tmp_path / name).mkdir()
        server = start_server(tmp_path / "strict")
        stack.callback(server.close)
        generous = start_server(tmp_path / "open", forwarding=True)
        stack.callback(generous.close)
        pulse = PulseServer(tmp_path / "pulse")
        stack.callback(pulse.close)
        near, far = stack.enter_context(_line_to(server)), stack.enter_context(_line_to(generous))
        laptop = Laptop(tmp_path / "laptop", extra=pulse.environment)
        stack.callback(laptop.close)
        laptop.configure('sound = "miniaudio"')
        laptop.listen([*server.through(near), "home"], command="sh -lc 'exec rushes relay'")
        until(server.relay_socket.exists)
        player = HomePlayer(route="listener", relay=server.relay_socket)
        stack.callback(player.close)
        player.warm()
        until(lambda: player.state.route and player.state.route.heard)
        recording = Recording(pulse)
        stack.callback(recording.close)
        forwarded = tmp_path / "forwarded"
        forwarding = subprocess.Popen(
            ["ssh", *generous.through(far), "-N", "-R", f"{forwarded}:{pulse.socket}", "home"]
        )
        stack.callback(forwarding.wait)
        stack.callback(forwarding.kill)
        until(forwarded.exists)
        # Both ends are one machine's here, and must not find that out.
        (tmp_path / "client.conf").write_text("enable-shm = no\nautospawn = no\n")
        from_far = {
            "PULSE_SERVER": f"unix:{forwarded}",
            "PULSE_CLIENTCONFIG": str(tmp_path / "client.conf"),
        }

        times: dict[str, list[float]] = {"ahead": [], "fresh": [], "cat": [], "forwarded": []}
        for turn in range(TURNS):
            wav = _clip(tmp_path, f"clip-{turn}")
            raw = wav.with_suffix(".raw")
            _silence(recording)
            play = Source(str(turn), wav)
            times["fresh"].append(_heard_after(recording, lambda: player.play(play)))  # noqa: B023
            until(lambda: len(laptop.cached()) == turn + 1)  # noqa: B023  # all of it has come
            player.stop()
            _silence(recording)
            times["ahead"].append(_heard_after(recording, lambda: player.play(play)))  # noqa: B023
            player.stop()
            for way, command, env in (
                ("cat", _through_a_pipe(server.through(near), raw), pulse.environment),
                ("forwarded", _pacat(raw), from_far),
            ):
                _silence(recording)
                times[way].append(_of_a_process(recording, command, env))
        _tell(times)


def _pacat(raw: Path | str) -> list[str]:
    form = [f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=20"]
    return ["pacat", "--playback", *form, str(raw)]


def _through_a_pipe(client: list[str], raw: Path) -> list[str]:
    ssh = " ".join(["ssh", *client, "home", "cat", str(raw)])
    return ["sh", "-c", f"{ssh} | {' '.join(_pacat('/dev/stdin'))}"]


def _of_a_process(recording: Recording, command: list[str], env: dict[str, str]) -> float:
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> None:
        started.append(subprocess.Popen(command, env={**os.environ, **env}, start_new_session=True))

    try:
        return _heard_after(recording, begin)
    finally:
        for process in started:
            os.killpg(process.pid, 9)
            process.wait()


def _tell(times: dict[str, list[float]]) -> None:
    median = {way: statistics.median(taken) * 1000 for way, taken in times.items()}
    spread = {way: f"{min(t) * 1000:.0f} to {max(t) * 1000:.0f} ms" for way, t in times.items()}
    bound = ROUND_TRIP / 2 * 1000 + 30
    at_most("key to sound, sent ahead", median["ahead"], bound, spread["ahead"], unit=" ms")
    at_most("key to sound, 10 s not sent yet", median["fresh"], 300, spread["fresh"], unit=" ms")
    best = min(median["cat"], median["forwarded"])
    others = (
        f"ssh cat {median['cat']:.0f} ms ({spread['cat']}), PulseAudio forwarded "
        f"{median['forwarded']:.0f} ms ({spread['forwarded']})"
    )
    at_least("the best other way against a clip sent ahead", best / median["ahead"], 4, others)
