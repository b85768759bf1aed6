"""What the player on the server plays is heard in the browser: the loudspeaker is recorded."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rushes.errors import TargetError
from rushes.playback.listening.courier import Courier
from rushes.playback.listening.ways import HomePlayer
from rushes.playback.state import Playing
from tests.listening.conftest import Desk, until
from tests.listening.server import PATIENCE, answers, free_port
from tests.playback.fakes import Recorder
from tests.playback.pulse import RATE, Recording, level
from tests.web.browser import Browser, Page
from tests.web.conftest import (
    MakeDesk,
    MakePage,
    Site,
    clip,
    falls_silent,
    is_listening,
    noise,
    share_heard,
    signed_in,
    start_site,
)


@pytest.fixture(scope="module")
def listening(browser: Browser, site: Site) -> Iterator[Page]:
    """One page that listens, for all tests here that don't need one of their own."""
    page = signed_in(browser.open(site.entrance))
    page.click("#listen")
    is_listening(page)
    yield page
    complaints = page.complaints
    page.close()
    assert not complaints


@pytest.fixture(scope="module")
def one_desk(
    listening: Page, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """One player whose sound goes there."""
    del listening
    recorder = Recorder()
    log = tmp_path_factory.mktemp("desk") / "log"
    player = HomePlayer(route="listener", on_change=recorder, log=log, relay=site.relay_socket)
    player.warm()
    desk = Desk(player, recorder)
    desk.routed("listener")
    yield desk
    player.close()


@pytest.fixture
def desk(one_desk: Desk) -> Iterator[Desk]:
    """The same, silent before and after."""
    yield one_desk
    one_desk.player.stop()
    one_desk.recorder.until(lambda state: state.playing is Playing.STOPPED)


@pytest.mark.parametrize(("rate", "channels"), [(24_000, 1), (16_000, 2)])
def test_what_is_played_on_the_server_is_heard_whole(
    desk: Desk, recording: Recording, tmp_path: Path, rate: int, channels: int
) -> None:
    meant = noise(0.6)
    places = np.arange(round(0.6 * rate)) * RATE / rate
    samples = np.interp(places, np.arange(len(meant)), meant).astype(np.int16)
    sent = np.repeat(samples.reshape(-1, 1), channels, axis=1)
    recording.forget()
    state = desk.heard_whole(clip(tmp_path, sent, f"noise-{rate}", rate).path)
    recording.wait(0.2)
    assert state.length == pytest.approx(0.6, abs=0.001)
    assert share_heard(recording.samples, meant) > 0.7
    heard = np.flatnonzero(np.abs(recording.samples) > 50)
    assert (heard[-1] - heard[0]) / RATE == pytest.approx(0.6, abs=0.1)


def test_the_page_shows_what_plays_and_the_player_knows_where_it_is(
    desk: Desk, listening: Page, tmp_path: Path
) -> None:
    desk.play(clip(tmp_path, noise(20), "The third line").path)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    listening.until(
        "parseFloat(document.querySelector('#deck-position').textContent.slice(2)) > 0.2"
    )
    assert desk.player.state.position > 0.1
    assert listening.value("document.querySelector('#deck-text').textContent") == "The third line"
    coloured = """(() => {
        const wave = document.querySelector('#deck-wave');
        const { data } = wave.getContext('2d').getImageData(0, 0, wave.width, wave.height);
        const seen = new Set();
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 250) {
            seen.add([data[at], data[at + 1], data[at + 2]].join());
        }
        return seen.size >= 3;  // what was played, what comes, and the playhead
    })()"""
    listening.until(coloured)
    desk.player.seek(15.0)
    listening.until("document.querySelector('#deck-position').textContent.startsWith('0:15')")
    desk.player.stop()
    listening.until("document.querySelector('#deck').hidden")


def test_a_pause_is_silent_and_goes_on_where_it_was(
    desk: Desk, recording: Recording, tmp_path: Path
) -> None:
    desk.play(clip(tmp_path, level(1.4, 5_000), "level").path)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    recording.wait(0.3)
    desk.player.pause()
    held = desk.recorder.until(lambda state: state.playing is Playing.PAUSED).position
    falls_silent(recording)
    desk.player.resume()
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    state = desk.player.wait(PATIENCE)
    assert (state.playing, state.error) == (Playing.STOPPED, None)
    recording.wait(0.2)
    loud = np.flatnonzero(np.abs(recording.samples) > 2_500)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.4 - held, abs=0.1)


def loudness(recording: Recording) -> tuple[float, float, float]:
    """Seconds from the first sound to the last, of sound, and of loud sound within it.

    A busy machine may lose some: that nothing is missing between clips is for ``test_rendered``.
    """
    heard = recording.samples
    sounding = np.flatnonzero(heard > 2_000)
    span = (sounding[-1] - sounding[0]) / RATE
    return span, len(sounding) / RATE, np.count_nonzero(heard > 6_500) / RATE


def test_what_follows_is_heard_and_a_loop_goes_round(
    desk: Desk, recording: Recording, tmp_path: Path
) -> None:
    first, second = (clip(tmp_path, level(0.4, value), str(value)) for value in (4_000, 8_000))
    desk.player.play(first)
    desk.player.queue(second)
    assert desk.player.wait(PATIENCE).error is None
    recording.wait(0.2)
    assert loudness(recording) == pytest.approx((0.8, 0.8, 0.4), abs=0.1)
    recording.forget()
    desk.player.loop(on=True)
    desk.player.play(first)
    recording.wait(1.0)
    assert desk.player.state.playing is Playing.PLAYING
    desk.player.loop(on=False)
    assert desk.player.wait(PATIENCE).error is None
    recording.wait(0.2)
    span, sounding, _ = loudness(recording)
    assert span > 0.8
    assert sounding == pytest.approx(span, abs=0.1)


def test_the_other_side_takes_over_at_the_same_place(
    desk: Desk, recording: Recording, tmp_path: Path
) -> None:
    first, second = (clip(tmp_path, level(30.0, value), str(value)) for value in (4_000, 8_000))
    desk.player.play(first)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    recording.wait(0.4)
    desk.player.swap(second)
    state = desk.recorder.until(
        lambda state: state.key == "8000" and state.playing is Playing.PLAYING
    )
    assert 0.1 < desk.player.state.position < 15
    assert state.side == "B"
    recording.wait(0.3)
    desk.player.stop()
    span, sounding, _ = loudness(recording)
    assert sounding == pytest.approx(span, abs=0.1)


def test_a_clip_that_was_heard_does_not_travel_again(
    desk: Desk, listening: Page, tmp_path: Path
) -> None:
    path = clip(tmp_path, noise(0.3), "once").path
    desk.heard_whole(path)
    assert listening.received > 14_400
    before = listening.received
    desk.heard_whole(path)
    assert listening.received - before < 5_000


def test_a_page_takes_no_files_home_and_that_is_said_at_once(desk: Desk, site: Site) -> None:
    del desk
    with pytest.raises(TargetError, match="takes no files"):
        Courier(site.relay_socket)


def thin_tunnel(site: Site, rate: int) -> tuple[subprocess.Popen[bytes], int]:
    """A way to the server that lets so many bytes a second through."""
    port = free_port()
    words = [str(port), str(site.port), "20", str(rate)]
    tunnel = subprocess.Popen([sys.executable, "-m", "tests.listening.proxy", *words])
    until(lambda: answers(port))
    return tunnel, port


def test_a_clip_plays_while_it_comes_in_and_waits_where_that_stops(
    open_page: MakePage,
    patient_site: Site,
    make_desk: MakeDesk,
    recording: Recording,
    tmp_path: Path,
) -> None:
    tunnel, port = thin_tunnel(patient_site, 75_000)
    page = signed_in(open_page(f"http://127.0.0.1:{port}/#{patient_site.token}", complains=True))
    page.click("#listen")
    is_listening(page)
    desk = make_desk(patient_site)
    desk.routed("listener")
    before = page.received
    meant = noise(2.0, 21)
    recording.forget()
    desk.play(clip(tmp_path, meant, "long").path)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    assert page.received - before < 2 * len(meant)
    tunnel.send_signal(signal.SIGSTOP)
    page.until("document.querySelector('#deck.still:not([hidden])')")
    assert page.received - before < 2 * len(meant)
    recording.wait(0.3)
    tunnel.send_signal(signal.SIGCONT)
    page.until("document.querySelector('#deck:not(.still)')")
    state = desk.player.wait(PATIENCE)
    assert (state.playing, state.error) == (Playing.STOPPED, None)
    recording.wait(0.3)
    assert share_heard(recording.samples, meant[-RATE:]) > 0.7
    sounding = np.flatnonzero(np.abs(recording.samples) > 300)
    assert (sounding[-1] - sounding[0]) / RATE > 2.3
    tunnel.kill()
    tunnel.wait()


@pytest.fixture
def patient_site(tmp_path: Path, takes: Path) -> Iterator[Site]:
    """A server that doesn't take a line for broken soon."""
    site = start_site(tmp_path / "patient", takes, ping=5.0)
    yield site
    site.close()
