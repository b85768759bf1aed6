"""A server with a library, a real browser that opens its page, and a loudspeaker that records."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rushes import Library
from rushes.playback.clip import Source
from rushes.playback.listening.place import host_name
from rushes.playback.listening.ways import HomePlayer
from tests.listening.conftest import Desk, until
from tests.playback.fakes import Recorder
from tests.playback.pulse import RATE, PulseServer, Recording, is_installed
from tests.web.browser import CHROMIUM, Browser, Page

Samples = NDArray[np.int16]
PING = 1.0

TEXTS = ("Hello and welcome to the show", "The lighthouse at night", "<img src=x onerror=f()>")
LONG_AGO = 52
"""Takes that fill more than one page of the list."""


@pytest.fixture(scope="session")
def pulse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulseServer]:
    """The laptop's sound server."""
    if CHROMIUM is None or not is_installed():
        pytest.skip("chromium-headless-shell or pulseaudio isn't installed")
    server = PulseServer(tmp_path_factory.mktemp("pulse"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def browser(pulse: PulseServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The laptop's browser, one for all tests; every page has its own cookies."""
    # A busy machine must not make its sound stumble.
    flag = "--audio-buffer-size=4096"
    browser = Browser(tmp_path_factory.mktemp("browser"), pulse.environment, flag)
    yield browser
    browser.close()


@dataclass
class Site:
    """A running ``rushes relay --web``. ``address`` has no token, ``entrance`` has it."""

    home: Path
    process: subprocess.Popen[str]
    entrance: str

    @property
    def address(self) -> str:
        return self.entrance.partition("#")[0].rstrip("/")

    @property
    def token(self) -> str:
        return self.entrance.partition("#")[2]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def relay_socket(self) -> Path:
        return self.home / "state" / "rushes" / "relay" / f"{host_name()}.sock"

    @property
    def said(self) -> str:
        """What it has printed besides the address."""
        return (self.home / "said").read_text()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def start_site(home: Path, takes: Path, port: int = 0, ping: float = PING) -> Site:
    """Starts it, in a home of its own."""
    home.mkdir(parents=True)
    command = [sys.executable, "-P", "-m", "rushes", "--library", str(takes)]
    with (home / "said").open("w") as said:
        process = subprocess.Popen(
            [*command, "relay", "--web", "--port", str(port), "--ping", str(ping)],
            env={**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home / "state")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert process.stdout is not None
    return Site(home, process, process.stdout.readline().strip())


def noise(seconds: float, seed: int = 1) -> Samples:
    """Noise below 1 kHz, which survives any resampling."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.normal(size=round(seconds * RATE)))
    spectrum[np.fft.rfftfreq(round(seconds * RATE), 1 / RATE) > 1_000] = 0
    samples = np.fft.irfft(spectrum, round(seconds * RATE))
    return np.asarray(samples / np.abs(samples).max() * 20_000, np.int16)


@pytest.fixture(scope="session")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a few takes that are meant, and many that fill the list."""
    folder = tmp_path_factory.mktemp("web") / "takes"
    with Library.open(folder) as library:
        record = library.generations.record
        filler = noise(0.05, 9)
        for number in range(LONG_AGO):
            text = f"An older take, number {number}"
            record(profile="Narrator", text=text, audio=filler, sample_rate=RATE)
        for number, text in enumerate(TEXTS):
            samples = noise(1.5, number)
            record(profile="Anna", text=text, audio=samples, sample_rate=RATE)
    return folder


@pytest.fixture(scope="session")
def site(takes: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests that don't end it."""
    site = start_site(tmp_path_factory.mktemp("site") / "home", takes)
    yield site
    site.close()


MakePage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[MakePage]:
    """Opens pages, and looks in the end that none had anything to complain of."""
    pages: list[Page] = []
    heedless: list[Page] = []

    def make(address: str, *, complains: bool = False) -> Page:
        page = browser.open(address)
        pages.append(page)
        if complains:
            heedless.append(page)
        return page

    yield make
    complaints = [one for page in pages if page not in heedless for one in page.complaints]
    for page in pages:
        page.close()
    assert not complaints


def signed_in(page: Page) -> Page:
    """Waits for the history on a page."""
    page.until("document.querySelectorAll('#rows li').length > 3")
    return page


def is_listening(page: Page) -> None:
    page.until("document.querySelector('#route').className === 'listening'")


@pytest.fixture
def page(open_page: MakePage, site: Site) -> Page:
    """The page, let in."""
    return signed_in(open_page(site.entrance))


@pytest.fixture
def listening(page: Page) -> Page:
    """The page after somebody has pressed Listen."""
    page.click("#listen")
    is_listening(page)
    return page


@pytest.fixture
def recording(pulse: PulseServer) -> Iterator[Recording]:
    recording = Recording(pulse)
    yield recording
    recording.close()


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    """Players on the server, which has no loudspeaker."""
    players: list[HomePlayer] = []

    def make(site: Site) -> Desk:
        recorder = Recorder()
        player = HomePlayer(
            route="listener", on_change=recorder, log=tmp_path / "log", relay=site.relay_socket
        )
        players.append(player)
        player.warm()
        return Desk(player, recorder)

    yield make
    for player in players:
        player.close()


@pytest.fixture
def desk(make_desk: MakeDesk, site: Site, listening: Page) -> Desk:
    """A player on the server whose sound goes to the page."""
    del listening
    desk = make_desk(site)
    desk.routed("listener")
    return desk


def clip(folder: Path, samples: Samples, name: str = "clip", rate: int = RATE) -> Source:
    """A file to play."""
    import soundfile

    path = folder / f"{name}.wav"
    soundfile.write(path, samples, rate, subtype="PCM_16")
    return Source(name, path)


def likeness(heard: Samples, meant: Samples) -> float:
    """How well one is found in the other: 1 where it is there whole, but for its loudness."""
    size = len(heard) + len(meant)
    spectrum = np.fft.rfft(heard.astype(float), size) * np.conj(
        np.fft.rfft(meant.astype(float), size)
    )
    products = np.fft.irfft(spectrum, size)[: max(1, len(heard) - len(meant) + 1)]
    place = int(np.argmax(products))
    part = heard[place : place + len(meant)].astype(float)
    norm = np.linalg.norm(part) * np.linalg.norm(meant.astype(float))
    return float(products[place] / norm) if norm else 0.0


def share_heard(heard: Samples, meant: Samples) -> float:
    """How much of what was meant is there, a tenth of a second at a time, from 0 to 1.

    Alone it is all of it; the sound server of a machine that is busy loses some now and then.
    """
    size = RATE // 10
    parts = [meant[start : start + size] for start in range(0, len(meant) - size + 1, size)]
    return sum(likeness(heard, part) > 0.9 for part in parts) / len(parts)


def falls_silent(recording: Recording) -> None:
    """Waits until nothing is heard any more: what was on its way out is heard to its end."""

    def is_silent() -> bool:
        recording.forget()
        recording.wait(0.2)
        return not np.any(recording.samples)

    until(is_silent, "it is never silent")
    assert is_silent()
