"""A server, a laptop that listens to it, and a player on the server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from rushes.playback.clip import Source
from rushes.playback.listening.ways import HomePlayer
from rushes.playback.state import PlayerState, Playing
from tests.listening.server import PATIENCE, SSHD, Server, start_server
from tests.playback.fakes import Recorder

Samples = NDArray[np.int16]

_SLOW = """
pcm.!default {{ type plug  slave.pcm "pipe" }}
pcm.pipe {{ type file  slave.pcm "null"  file "{file}"  format "raw" }}
pcm.null {{ type null }}
"""
_CAPTURE = """
pcm.!default {{ type plug  slave.pcm "capture" }}
pcm.capture {{ type file  slave.pcm "null"  file "{file}"  format "raw"  perm 0600 }}
pcm.null {{ type null }}
"""
PING = 0.4
QUICK_RELAY = f"sh -lc 'exec rushes relay --ping {PING}'"


def until(holds: Callable[[], object], what: str = "it never came to hold") -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def children_of(pid: int, command: bytes) -> list[int]:
    """The processes that another has started, whose command line begins so."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    children = [child for thread in threads for child in (thread / "children").read_text().split()]
    lines = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return [int(child) for child, line in lines.items() if line.startswith(command)]


@dataclass
class Laptop:
    """A home of its own with a loudspeaker that records, and ``rushes listen`` in it."""

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    listeners: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        (self.folder / "asound.conf").write_text(_CAPTURE.format(file=self.recorded))

    @property
    def recorded(self) -> Path:
        return self.folder / "recorded.raw"

    @property
    def said(self) -> str:
        """What the listeners printed."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("said-*")))

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.folder),
            "ALSA_CONFIG_PATH": str(self.folder / "asound.conf"),
            "PULSE_SERVER": "unix:/nowhere",
            "XDG_RUNTIME_DIR": str(self.folder),
            **self.extra,
        }

    def configure(self, text: str) -> None:
        """Writes the configuration file."""
        file = self.folder / ".config" / "rushes" / "config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(text)

    def heard(self) -> Samples:
        """What the loudspeaker recorded since it was last opened."""
        if not self.recorded.exists():
            return np.zeros(0, np.int16)
        return np.fromfile(self.recorded, np.int16)

    def cached(self) -> list[Path]:
        return sorted(self.folder.glob(".cache/rushes/clips/*.pcm"))

    def listen(
        self, words: Sequence[str], *, command: str = QUICK_RELAY, prefix: Sequence[str] = ()
    ) -> subprocess.Popen[bytes]:
        """Starts ``rushes listen``."""
        said = self.folder / f"said-{len(self.listeners)}"
        with said.open("wb") as words_:
            listener = subprocess.Popen(
                [
                    *prefix,
                    *(sys.executable, "-P", "-m", "rushes", "listen", "--command", command),
                    *words,
                ],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stderr=words_,
                start_new_session=True,
            )
        self.listeners.append(listener)
        return listener

    def close(self) -> None:
        for listener in self.listeners:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(listener.pid, signal.SIGKILL)
            listener.wait()


@dataclass
class Desk:
    """A player on the server, and what it has told."""

    player: HomePlayer
    recorder: Recorder

    def routed(self, name: str) -> PlayerState:
        """Waits until the sound goes that way."""
        return self.recorder.until(
            lambda state: state.route is not None and state.route.name == name
        )

    def play(self, path: Path, at: float = 0.0) -> None:
        self.player.play(Source(path.stem, path), at)

    def heard_whole(self, path: Path, at: float = 0.0) -> PlayerState:
        """Plays to the end."""
        self.play(path, at)
        state = self.player.wait(PATIENCE)
        assert (state.playing, state.error) == (Playing.STOPPED, None)
        assert state.position == state.length > 0
        return state


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, one for all tests; each has the relay for itself."""
    if SSHD is None:
        pytest.skip("openssh-server isn't installed")
    server = start_server(tmp_path_factory.mktemp("sshd"))
    yield server
    server.close()


@pytest.fixture
def server(sshd: Server) -> Iterator[Server]:
    """The server without anybody who listens."""
    yield sshd
    until(lambda: not sshd.relay_socket.exists(), "the relay ends with the last listener")


@pytest.fixture
def laptop(tmp_path: Path, server: Server) -> Iterator[Laptop]:
    """The laptop, where nothing runs yet."""
    del server  # it is to outlive the listeners
    home = Laptop(tmp_path / "laptop")
    yield home
    home.close()


@pytest.fixture
def listening(laptop: Laptop, server: Server) -> Laptop:
    """The laptop with a listener that is connected."""
    laptop.listen([*server.client, "home"])
    until(server.relay_socket.exists)
    return laptop


MakeDesk = Callable[[], Desk]


@pytest.fixture
def make_desk(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeDesk]:
    """Players on the server, which has no loudspeaker."""
    (tmp_path / "empty.conf").write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "empty.conf"))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    players: list[HomePlayer] = []

    def make() -> Desk:
        recorder = Recorder()
        player = HomePlayer(
            route="listener", on_change=recorder, log=tmp_path / "log", relay=server.relay_socket
        )
        players.append(player)
        player.warm()
        return Desk(player, recorder)

    yield make
    for player in players:
        player.close()


@pytest.fixture
def desk(make_desk: MakeDesk, listening: Laptop) -> Desk:
    """A player on the server whose sound goes to the laptop."""
    del listening
    desk = make_desk()
    desk.routed("listener")
    return desk


@pytest.fixture
def slow_laptop(listening: Laptop) -> Iterator[Laptop]:
    """The same with a loudspeaker that takes a second of sound and then waits."""
    pipe = listening.folder / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)
    (listening.folder / "asound.conf").write_text(_SLOW.format(file=pipe))
    yield listening
    os.close(held)


MakeWav = Callable[..., Path]


@pytest.fixture
def make_wav(tmp_path: Path) -> MakeWav:
    """Writes a WAV file of noise."""
    random = np.random.default_rng(1)

    def make(
        name: str = "noise", *, seconds: float = 1.0, rate: int = 24_000, channels: int = 1
    ) -> Path:
        shape = (int(seconds * rate), channels)
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, random.integers(-32768, 32768, shape, dtype=np.int16), rate)
        return path

    return make
