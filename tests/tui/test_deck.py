"""The keys of the player, and the deck that stays on every screen while something is heard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.library import Library
from rushes.playback.player import Player
from rushes.playback.state import PlayerState, Playing
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.statistics import StatisticsScreen
from rushes.tui.screens.trash import TrashScreen
from tests.playback.fakes import FakeSink, FakeWays
from tests.tui.driving import desk, rows_shown, seen, take, until, voice

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from rushes.tui.app import RushesApp


@dataclass
class Here:
    """The application with a loudspeaker whose clock the test moves."""

    app: RushesApp
    pilot: Pilot[Any]
    sink: FakeSink

    @property
    def state(self) -> PlayerState:
        return self.app.desk.player.state

    @property
    def text(self) -> str:
        return seen(self.app)

    async def screen_is(self, kind: type[object]) -> None:
        """Wait until a screen of that kind is in front."""
        await until(self.pilot, lambda: isinstance(self.app.screen, kind))

    async def playing_from(self, seconds: float) -> None:
        """Wait until sound goes on from there."""
        await until(
            self.pilot,
            lambda: (
                self.state.playing is Playing.PLAYING and abs(self.state.position - seconds) < 0.01
            ),
        )


@asynccontextmanager
async def opened(tmp_path: Path) -> AsyncIterator[Here]:
    path = tmp_path / "takes"
    with Library.open(path) as library:
        for number in range(3):
            take(library, f"line {number}", number, audio=voice(20.0, 120 + number))
    app = desk(path)
    sink = FakeSink()
    sink.at_once = True
    app.desk.player = Player(
        ways=FakeWays(sink), on_change=app._tell_player_changed, clock=lambda: sink.now
    )
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await rows_shown(pilot)
        yield Here(app, pilot, sink)


async def test_space_plays_pauses_goes_on_and_cuts_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("space")
        await here.playing_from(0.0)
        await until(here.pilot, lambda: "▶" in here.text)
        here.sink.now += 3.0
        await here.pilot.press("space")
        await until(here.pilot, lambda: here.state.playing is Playing.PAUSED)
        await until(here.pilot, lambda: "‖" in here.text and "0:03.0" in here.text)
        await here.pilot.press("space")
        await here.playing_from(3.0)
        await here.pilot.press("j", "space")
        await until(here.pilot, lambda: "line 1" in here.text.splitlines()[-4])
        await here.playing_from(0.0)


async def test_arrows_and_h_l_seek_and_the_waveform_shows_how_far(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("space")
        await here.playing_from(0.0)
        for key, stands in (("right", 1.0), ("L", 6.0), ("left", 5.0), ("H", 0.0), ("L", 5.0)):
            await here.pilot.press(key)
            await here.playing_from(stands)
        await until(here.pilot, lambda: "0:05.0" in here.text)
        here.sink.now += 5.0
        await until(here.pilot, lambda: "0:10.0" in here.text)


async def test_the_deck_stays_on_every_screen(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("space")
        await here.playing_from(0.0)
        for key, kind in (("s", StatisticsScreen), ("T", TrashScreen)):
            await here.pilot.press(key)
            await here.screen_is(kind)
            await until(here.pilot, lambda: "line 2" in here.text.splitlines()[-4])
            await here.pilot.press("right")
            await here.pilot.press("escape")
            await here.screen_is(HistoryScreen)


async def test_a_device_that_goes_away_is_told(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("space")
        await here.playing_from(0.0)
        here.sink.fail(line="unplugged")
        await until(here.pilot, lambda: here.state.error is not None)
        error = here.state.error or ""
        await until(here.pilot, lambda: error.split(".")[0][:40] in here.text)
