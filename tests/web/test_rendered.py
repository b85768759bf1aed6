"""The loudspeaker's inside, block by block in a real browser: every sample is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rushes.playback.listening import frames
from rushes.tui.colours import DARK
from tests.web.browser import Browser, Page
from tests.web.conftest import Site

Sound = NDArray[np.float64]

_RENDER = """(async () => {
    const { kernel } = await import('/page/kernel.js');
    const { clips, asks, later, rate, frames } = ASKED;
    const told = (globalThis.told = []);
    // What the thread that renders sound has, and a page hasn't.
    globalThis.AudioWorkletProcessor = class {
        port = { postMessage: (one) => one.word === 'at' || globalThis.told.push(one) };
    };
    globalThis.registerProcessor = (_, made) => (globalThis.Loudspeaker = made);
    Object.assign(globalThis, { sampleRate: rate, currentTime: 0 });
    await import('/page/worklet.js');
    const speaker = new Loudspeaker();
    const say = ({ how, clip, name, frame = 0, loop = false }) => {
        const facts = clips[clip];
        const given = {
            samples: Int16Array.from(facts.samples).buffer, there: Uint8Array.from(facts.there),
            rows: kernel(facts.rate, rate), rate: facts.rate, channels: 1,
            frames: facts.samples.length, pieceSamples: 4096,
        };
        speaker.port.onmessage({ data: { play: { name, frame, loop, clip: given }, how } });
    };
    asks.forEach(say);
    const heard = [];
    while (heard.length < frames) {
        if (later && heard.length >= later.at * rate && !later.said) {
            later.said = true;
            say(later);
        }
        const block = new Float32Array(128);
        speaker.process([], [[block]]);
        heard.push(...block);
        currentTime += 128 / rate;
    }
    return { heard: heard.slice(0, frames), told };
})()"""


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """One page for all: nothing in it is kept but the class that is looked at."""
    page = browser.open(site.address)
    yield page
    page.close()


def clip(samples: Sound, rate: int, missing: tuple[int, ...] = ()) -> dict[str, object]:
    """A clip of samples between -1 and 1, of which some pieces are still to come."""
    pieces = -(-len(samples) // 4096)
    return {
        "samples": np.round(samples * 32768).astype(int).tolist(),
        "rate": rate,
        "there": [int(piece not in missing) for piece in range(pieces)],
    }


def render(page: Page, **asked: object) -> tuple[Sound, list[dict[str, Any]]]:
    """What comes out, and what was told of it."""
    script = _RENDER.replace("ASKED", json.dumps({"later": None, **asked}))
    answer = page.value(script)
    return np.asarray(answer["heard"]), answer["told"]


def tone(seconds: float, rate: int, hertz: float = 440.0) -> Sound:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def test_samples_of_the_same_rate_come_out_as_they_are(page: Page) -> None:
    sound = tone(0.1, 48_000)
    heard, told = render(
        page,
        clips=[clip(sound, 48_000)],
        asks=[{"how": "now", "clip": 0, "name": 1}],
        rate=48_000,
        frames=6_000,
    )
    assert np.abs(heard[:4_800] - sound).max() < 1 / 32_000
    assert not heard[4_800:].any()
    assert [(one["word"], one["name"]) for one in told] == [("begun", 1), ("done", 1)]
    assert told[1]["when"] == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100, 96_000])
def test_other_rates_sound_the_same(page: Page, rate: int) -> None:
    heard, _ = render(
        page,
        clips=[clip(tone(0.2, rate, 3_000.0), rate)],
        asks=[{"how": "now", "clip": 0, "name": 1}],
        rate=48_000,
        frames=9_600,
    )
    middle = slice(500, 9_000)
    assert np.abs(heard[middle] - tone(0.2, 48_000, 3_000.0)[middle]).max() < 0.001


def test_what_follows_joins_on_to_the_sample(page: Page) -> None:
    whole = tone(0.2, 24_000)
    parts = [clip(whole[:2_001], 24_000), clip(whole[2_001:], 24_000)]
    heard, told = render(
        page,
        clips=parts,
        asks=[{"how": "now", "clip": 0, "name": 1}, {"how": "then", "clip": 1, "name": 2}],
        rate=24_000,
        frames=5_000,
    )
    assert np.abs(heard[:4_800] - whole).max() < 1 / 32_000
    words = [(one["word"], one["name"]) for one in told]
    assert words == [("begun", 1), ("done", 1), ("begun", 2), ("done", 2)]
    assert told[1]["when"] == told[2]["when"] == pytest.approx(2_001 / 24_000)


def test_a_loop_has_no_seam(page: Page) -> None:
    period = tone(1 / 100, 24_000, 100.0)
    heard, told = render(
        page,
        clips=[clip(period, 24_000)],
        asks=[{"how": "now", "clip": 0, "name": 1, "loop": True}],
        rate=48_000,
        frames=9_600,
    )
    assert np.abs(heard[100:] - tone(0.2, 48_000, 100.0)[100:]).max() < 0.002
    assert [one["word"] for one in told] == ["begun"]


def test_the_other_side_takes_over_where_this_one_is(page: Page) -> None:
    up, down = np.linspace(0, 0.9, 24_000), np.linspace(0, -0.9, 24_000)
    heard, _ = render(
        page,
        clips=[clip(up, 24_000), clip(down, 24_000)],
        asks=[{"how": "now", "clip": 0, "name": 1}],
        later={"how": "here", "clip": 1, "name": 2, "at": 0.5},
        rate=24_000,
        frames=24_000,
    )
    cut = int(np.argmax(heard < 0))
    assert 11_900 < cut < 13_000
    assert np.abs(heard[: cut - 128] - up[: cut - 128]).max() < 0.001
    assert np.abs(heard[cut + 128 :] - down[cut + 128 :]).max() < 0.001


def test_where_samples_lack_it_waits_and_says_so(page: Page) -> None:
    heard, told = render(
        page,
        clips=[clip(tone(1.0, 24_000), 24_000, missing=(2,))],
        asks=[{"how": "now", "clip": 0, "name": 1}],
        rate=24_000,
        frames=24_000,
    )
    assert [one["word"] for one in told] == ["begun", "dry"]
    reached = told[1]["frame"]
    assert 2 * 4_096 - 300 < reached <= 2 * 4_096
    assert not heard[int(reached) + 128 :].any()


def test_the_page_speaks_the_relays_numbers(page: Page) -> None:
    told = page.value(
        "import('/page/frames.js').then((all) => Object.fromEntries("
        "Object.entries(all).filter(([, value]) => typeof value === 'number')))"
    )
    assert len(told) > 20
    assert told == {name: getattr(frames, name) for name in told}


def test_profiles_have_the_colours_of_the_screens(page: Page) -> None:
    names = ["Anna", "a55b7d0c-2f0e-4b27-b9d3-0d6a2cbb2f10", "声優"]
    told = page.value(
        f"import('/page/words.js').then((all) => {json.dumps(names)}.map(all.profileClass))"
    )
    dark = "getComputedStyle(document.documentElement).getPropertyValue('--{}')"
    page.wear("dark")
    for name, profile in zip(names, told, strict=True):
        assert page.value(dark.format(profile)) == DARK.of_profile(name)
