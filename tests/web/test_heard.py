"""What the player on the server plays is heard in the browser: the loudspeaker is recorded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rushes.playback.state import Playing
from tests.listening.conftest import Desk
from tests.listening.server import PATIENCE
from tests.playback.pulse import RATE, Recording, level
from tests.web.browser import Page
from tests.web.conftest import clip, likeness, noise


@pytest.mark.parametrize(("rate", "channels"), [(24_000, 1), (16_000, 2), (48_000, 1)])
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
    assert likeness(recording.samples, meant) > 0.98
    heard = np.flatnonzero(np.abs(recording.samples) > 50)
    assert (heard[-1] - heard[0]) / RATE == pytest.approx(0.6, abs=0.02)


def test_the_page_shows_what_plays_and_the_player_knows_where_it_is(
    desk: Desk, listening: Page, tmp_path: Path
) -> None:
    desk.play(clip(tmp_path, noise(20), "The third line").path)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    listening.until("parseFloat(document.querySelector('#deck-position').textContent.slice(2)) > 0.2")
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
    desk.play(clip(tmp_path, level(3.0, 5_000), "level").path)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    recording.wait(0.4)
    desk.player.pause()
    held = desk.recorder.until(lambda state: state.playing is Playing.PAUSED).position
    recording.wait(0.3)
    recording.forget()
    recording.wait(0.3)
    assert not np.any(recording.samples)
    desk.player.resume()
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    state = desk.player.wait(PATIENCE)
    assert (state.playing, state.error) == (Playing.STOPPED, None)
    recording.wait(0.2)
    loud = np.flatnonzero(np.abs(recording.samples) > 2_500)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(3.0 - held, abs=0.1)


def test_what_follows_comes_without_a_gap_and_a_loop_goes_round(
    desk: Desk, recording: Recording, tmp_path: Path
) -> None:
    first, second = (clip(tmp_path, level(0.4, value), str(value)) for value in (4_000, 8_000))
    desk.player.play(first)
    desk.player.queue(second)
    assert desk.player.wait(PATIENCE).error is None
    recording.wait(0.2)
    heard = recording.samples
    loud = np.flatnonzero(heard > 2_000)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(0.8, abs=0.02)
    assert np.all(heard[loud[0] : loud[-1]] > 2_000)
    assert np.count_nonzero(heard > 6_500) / RATE == pytest.approx(0.4, abs=0.02)
    recording.forget()
    desk.player.loop(on=True)
    desk.player.play(first)
    recording.wait(1.2)
    assert desk.player.state.playing is Playing.PLAYING
    desk.player.loop(on=False)
    assert desk.player.wait(PATIENCE).error is None
    recording.wait(0.2)
    loud = np.flatnonzero(recording.samples > 2_000)
    assert (loud[-1] - loud[0]) / RATE > 0.8
    assert np.all(recording.samples[loud[0] : loud[-1]] > 2_000)


def test_the_other_side_takes_over_at_the_same_place(
    desk: Desk, recording: Recording, tmp_path: Path
) -> None:
    first, second = (clip(tmp_path, level(30.0, value), str(value)) for value in (4_000, 4_001))
    desk.player.play(first)
    recording.wait(0.5)
    desk.player.swap(second)
    desk.recorder.until(lambda state: state.key == "4001" and state.playing is Playing.PLAYING)
    assert 0.2 < desk.player.state.position < 10
    recording.wait(0.2)
    loud = np.flatnonzero(recording.samples > 2_000)
    assert np.all(recording.samples[loud[0] :] > 2_000)


def test_a_clip_that_was_heard_does_not_travel_again(
    desk: Desk, listening: Page, tmp_path: Path
) -> None:
    path = clip(tmp_path, noise(0.3), "once").path
    desk.heard_whole(path)
    assert listening.received > 14_400
    before = listening.received
    desk.heard_whole(path)
    assert listening.received - before < 5_000


def test_another_listener_takes_over_and_the_page_can_take_it_back(
    desk: Desk, listening: Page, open_page: object, tmp_path: Path
) -> None:
    del open_page, tmp_path
    assert desk.player.state.route is not None
    assert desk.player.state.route.label == "browser (listening)"
