"""Loudspeakers to test with: one that records bit for bit, one that is slow, and none at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from rushes.playback import Player
from tests.playback.fakes import Recorder, leave_out_children_there

Samples = NDArray[np.int16]
WriteWav = Callable[[str, Samples, int], Path]
Wav = Callable[[int, int, int], tuple[Path, Samples]]
MakePlayer = Callable[..., tuple[Player, Recorder]]

_CAPTURE = """
pcm.!default {{ type plug  slave.pcm "capture" }}
pcm.capture {{ type file  slave.pcm "null"  file "{file}"  format "raw"  perm 0600 }}
pcm.null {{ type null }}
"""


@pytest.fixture(autouse=True)
def _own_children() -> None:
    """What other tests have started is neither counted nor killed."""
    leave_out_children_there()


@pytest.fixture
def alsa_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for ALSA's configuration; no sound server of the person at the desk takes part."""
    nowhere = tmp_path / "no-server"
    nowhere.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(nowhere))
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(nowhere))
    for name in ("PULSE_SERVER", "SSH_CONNECTION", "PIPEWIRE_REMOTE"):
        monkeypatch.delenv(name, raising=False)
    return nowhere


@pytest.fixture
def capture(alsa_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A device that writes what it plays to this file, faster than real time."""
    _need("simpleaudio")
    recorded = tmp_path / "recorded.raw"
    use_alsa(monkeypatch, alsa_folder, _CAPTURE.format(file=recorded))
    return recorded


@pytest.fixture
def slow_device(alsa_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A device that takes 64 KiB in all, and then nothing more."""
    _need("simpleaudio")
    pipe = alsa_folder / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)
    use_alsa(monkeypatch, alsa_folder, _CAPTURE.format(file=pipe))
    yield
    os.close(held)


@pytest.fixture
def no_device(alsa_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ALSA without any device."""
    use_alsa(monkeypatch, alsa_folder, "")


def _need(name: str) -> None:
    """Skips the test where a library or program that it plays through isn't installed."""
    if find_spec(name) is None and shutil.which(name) is None:
        pytest.skip(f"{name} isn't installed")


def use_alsa(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """Lets ALSA read this configuration and no other."""
    config = folder / "asound.conf"
    config.write_text(text)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))


@pytest.fixture
def write_wav(tmp_path: Path) -> WriteWav:
    """Writes a 16-bit WAV file of that name."""

    def write(name: str, samples: Samples, rate: int) -> Path:
        path = tmp_path / name
        soundfile.write(path, samples, rate, subtype="PCM_16")
        return path

    return write


@pytest.fixture
def wav(write_wav: WriteWav) -> Wav:
    """Makes a WAV file of noise out of frames, channels and rate; gives its path and samples."""

    def make(frames: int, channels: int, rate: int) -> tuple[Path, Samples]:
        random = np.random.default_rng(frames + channels)
        samples = random.integers(-32768, 32768, (frames, channels), dtype=np.int16)
        return write_wav(f"noise-{frames}-{channels}.wav", samples, rate), samples

    return make


@pytest.fixture
def make_player(tmp_path: Path) -> Iterator[MakePlayer]:
    """Players with somebody who listens to their changes; closed when the test is over."""
    players: list[Player] = []
    open_files = len(list(Path("/proc/self/fd").iterdir()))

    def make(*, route: str = "auto", **options: object) -> tuple[Player, Recorder]:
        if route != "auto":
            _need(route)
        recorder = Recorder()
        player = Player(
            route=route,
            on_change=recorder,
            log=tmp_path / "rushes.log",
            **options,  # type: ignore[arg-type]
        )
        players.append(player)
        return player, recorder

    yield make
    for player in players:
        player.close()
    assert len(list(Path("/proc/self/fd").iterdir())) <= open_files
