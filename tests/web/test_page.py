"""The history on the page: looked through, searched, heard; and how one comes in and stays in."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes import HistoryQuery, Library
from rushes.api.access import COOKIE
from rushes.playback.state import Playing
from tests.listening.conftest import Desk
from tests.playback.pulse import Recording
from tests.web.browser import Page
from tests.web.conftest import (
    LONG_AGO,
    TEXTS,
    MakePage,
    Site,
    clip,
    falls_silent,
    is_listening,
    noise,
    share_heard,
    signed_in,
)

ROWS = "document.querySelectorAll('#rows li')"
SOUNDS = "document.querySelector('#deck:not([hidden]):not(.still)') !== null"
TEXTS_OF_ROWS = f"[...{ROWS}].map(row => row.querySelector('.text').textContent)"


def shown(page: Page) -> list[str]:
    texts = page.value(TEXTS_OF_ROWS)
    assert isinstance(texts, list)
    return texts


def test_rows_have_text_as_people_wrote_it_and_a_waveform(page: Page) -> None:
    assert shown(page)[:3] == list(reversed(TEXTS))
    assert page.value("document.querySelector('#rows img')") is None
    page.until("""(() => {
        const wave = document.querySelector('#rows canvas');
        const { data } = wave.getContext('2d').getImageData(0, 0, wave.width, wave.height);
        return data.some((value) => value > 0);
    })()""")


def test_the_history_is_searched_while_one_types_in_the_language_of_filters(page: Page) -> None:
    page.press("/")
    page.write("lighthouse")
    page.until(f"{ROWS}.length === 1 && {TEXTS_OF_ROWS}[0].includes('lighthouse')")
    page.until("document.querySelector('#found').textContent === '1 take'")
    page.write(" rating:>")
    page.until("document.querySelector('#found').className === 'wrong'")
    assert shown(page) == ["The lighthouse at night"]  # the last result stays
    assert page.complaints
    assert all("(Unprocessable" in complaint for complaint in page.complaints)
    page.complaints.clear()
    page.press("Escape")
    page.until(f"{ROWS}.length === 50")


def test_the_next_page_comes_as_one_scrolls(page: Page) -> None:
    page.until(f"{ROWS}.length === 50")
    page.value("document.querySelector('main').scrollTop = 1e6")
    page.until(f"{ROWS}.length === {LONG_AGO + len(TEXTS)}")
    assert len(set(shown(page))) == LONG_AGO + len(TEXTS)


def test_keys_move_play_mark_and_rate(
    page: Page, recording: Recording, takes: Path, tmp_path: Path
) -> None:
    del tmp_path
    page.press("j")
    page.press("j")
    focused = "document.activeElement.querySelector('.text').textContent"
    page.until(f"{focused} === 'The lighthouse at night'")
    page.press("f")
    page.press("4")
    page.until(f"{ROWS}[1].querySelector('.stars').textContent === '★★★★'")
    page.until(f"{ROWS}[1].querySelector('.heart').ariaPressed === 'true'")
    with Library.open(takes) as library:
        (take,) = library.generations.list(HistoryQuery(search="lighthouse")).items
        assert (take.is_favorited, take.rating) == (True, 4)
        library.generations.rate(take.id, None)
    # What another process changes shows by itself.
    page.until(f"{ROWS}[1].querySelector('.stars').textContent === ''")
    page.until(f"{focused} === 'The lighthouse at night'")
    recording.forget()
    page.press(" ")
    page.until(SOUNDS)
    page.until(f"!({SOUNDS})")
    recording.wait(0.2)
    assert share_heard(recording.samples, noise(1.5, 1)) > 0.7
    assert any(request.endswith(f"/audio/{take.id}") for request in page.requests)


def test_one_loudspeaker_plays_one_thing(
    desk: Desk, listening: Page, recording: Recording, tmp_path: Path
) -> None:
    desk.play(clip(tmp_path, noise(30), "long").path)
    listening.until(SOUNDS)
    listening.click("#rows li .take")
    state = desk.recorder.until(lambda state: state.playing is Playing.STOPPED)
    assert "something else plays in the browser now" in (state.error or "")
    listening.until("document.querySelector('#deck-from').textContent === 'played here'")
    desk.play(clip(tmp_path, noise(30, 5), "other").path)
    listening.until("document.querySelector('#deck-from').textContent === 'from the server'")
    assert listening.value("document.querySelector('#own').paused")
    desk.player.stop()
    falls_silent(recording)


def test_the_take_that_plays_is_named_by_the_history(
    desk: Desk, listening: Page, takes: Path
) -> None:
    from rushes.playback.clip import Source

    with Library.open(takes) as library:
        (take,) = library.generations.list(HistoryQuery(search="lighthouse")).items
        path = library.audio.path(take)
    desk.player.loop(on=True)
    desk.player.play(Source(f"{take.id}/some-version", path))
    listening.until("document.querySelector('#deck-profile').textContent === 'Anna'")
    assert listening.value("document.querySelector('#deck-text').textContent") == take.text
    listening.until("document.querySelector('#rows li.plays .text').textContent.includes('house')")


def test_the_token_leaves_the_address_and_a_reload_changes_nothing(
    desk: Desk, listening: Page, site: Site
) -> None:
    assert listening.value("location.href") == f"{site.address}/"
    assert listening.value("document.cookie") == ""
    cookies = listening.ask("Network.getCookies")["cookies"]
    assert [(one["httpOnly"], one["sameSite"]) for one in cookies] == [(True, "Strict")]
    assert cookies[0]["name"] == f"{COOKIE}_{site.port}"
    assert not any(site.token in request for request in listening.requests)
    listening.ask("Page.reload")
    desk.routed("silence")
    signed_in(listening)
    listening.until("!document.querySelector('#welcome').hidden")
    listening.press("j")  # any key tells the browser that somebody is there
    is_listening(listening)
    desk.routed("listener")
    logs = [path.read_text() for path in site.home.rglob("*.log")]
    assert not any(site.token in text for text in [*logs, site.said])


@pytest.mark.parametrize("fragment", ["", "#not-the-token-at-all-but-long-enough"])
def test_without_the_token_the_page_says_how_to_get_in(
    open_page: MakePage, site: Site, fragment: str
) -> None:
    page = open_page(f"{site.address}/{fragment}", complains=True)
    page.until("!document.querySelector('#closed').hidden")
    assert page.value("document.querySelector('#history').hidden")
    assert page.value("document.querySelector('#welcome').hidden")
    assert page.value("location.hash") == ""


def test_every_control_has_a_name_and_nothing_hangs_over_the_edge(page: Page) -> None:
    nameless = """[...document.querySelectorAll('button, input, canvas')].filter((one) =>
        !one.ariaHidden && !one.closest('[aria-hidden]') && !one.ariaLabel &&
        !one.textContent.trim()).map((one) => one.outerHTML)"""
    assert page.value(nameless) == []
    for width in (320, 390, 1280):
        page.resize(width, 800)
        page.until(f"innerWidth === {width}")
        assert page.value("document.documentElement.scrollWidth") == width
        assert page.value("document.querySelector('main').scrollWidth") <= width
