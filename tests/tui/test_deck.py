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
from rushes.tui.screens.detail import DetailScreen
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

    @property
    def words(self) -> str:
        """The deck's line of words."""
        return self.text.splitlines()[-4]

    async def screen_is(self, kind: type[object]) -> None:
        """Wait until a screen of that kind is in front."""
        await until(self.pilot, lambda: isinstance(self.app.screen, kind))

    def later(self, seconds: float) -> None:
        """Let that much more be heard."""
        board = self.app.desk.player._board
        with board.changed:
            self.sink.now += seconds
            board.changed.notify_all()

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


async def test_l_plus_and_minus_loop_and_change_the_gain_and_the_deck_says_so(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("plus")
        await until(here.pilot, lambda: "Gain +2 dB" in here.text)
        await here.pilot.press("space")
        await here.playing_from(0.0)
        await until(here.pilot, lambda: "gain +2 dB" in here.words)
        await here.pilot.press("l", "minus", "minus", "minus")
        await until(here.pilot, lambda: "gain −4 dB" in here.words and "loop" in here.words)
        assert (here.state.playing, here.state.loop) == (Playing.PLAYING, True)
        await here.pilot.press("l", "equals_sign", "equals_sign")
        await until(here.pilot, lambda: "gain" not in here.words and "loop" not in here.words)


async def test_x_goes_over_to_the_row_in_place_and_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("x")
        await here.playing_from(0.0)  # nothing was in the deck: it plays
        await here.pilot.press("x")
        await until(here.pilot, lambda: "on another swaps the two" in here.text)
        here.sink.now += 3.0
        await here.pilot.press("j", "x")
        await here.playing_from(3.0)
        await until(here.pilot, lambda: "line 1" in here.words and "▸B" in here.words)
        here.sink.now += 1.0
        await here.pilot.press("x")
        await here.playing_from(4.0)
        await until(here.pilot, lambda: "line 2" in here.words and "▸A" in here.words)
        # The cursor is still on the other row.
        await here.pilot.press("x")
        await until(here.pilot, lambda: "line 1" in here.words and "▸B" in here.words)


async def test_audition_plays_what_the_cursor_rests_on_and_nothing_on_the_way(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("a")
        await here.playing_from(0.0)
        await until(here.pilot, lambda: "audition" in here.words and "line 2" in here.words)
        await here.pilot.press("j", "j")
        await until(here.pilot, lambda: "line 0" in here.words and len(here.sink.starts) > 1)
        assert len(here.sink.starts) == 2, "what lies between wasn't played"
        with Library.open(here.app.desk.path) as library:
            library.generations.begin(profile="Anna", text="not there yet")
        await until(here.pilot, lambda: "not there yet" in here.text)
        await here.pilot.press("g")
        await until(here.pilot, lambda: here.state.playing is Playing.STOPPED)
        await here.pilot.press("a", "j")
        await until(here.pilot, lambda: "Audition is off" in here.text)
        await here.pilot.pause(0.3)
        assert here.state.playing is Playing.STOPPED


async def test_audition_goes_along_to_the_neighbours_of_an_open_take(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("a")
        await here.playing_from(0.0)
        await here.pilot.press("enter")
        await here.screen_is(DetailScreen)
        await here.pilot.press("j")
        await until(here.pilot, lambda: "line 1" in here.words)


async def test_in_continuous_a_row_follows_the_other_and_the_cursor_goes_along(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("N")
        await until(here.pilot, lambda: "Continuous: the next row follows" in here.text)
        await here.pilot.press("space")
        await here.playing_from(0.0)
        assert here.sink.stretch is not None
        assert here.sink.stretch.clip.frames == 3 * 20 * 24_000
        await until(here.pilot, lambda: "continuous" in here.words and "line 2" in here.words)
        here.later(20.5)
        await until(here.pilot, lambda: "line 1" in here.words)
        screen = here.app.screen
        assert isinstance(screen, HistoryScreen)
        await until(here.pilot, lambda: screen.list.cursor == 1)
        assert here.sink.starts[1:] == []
        await here.pilot.press("k")
        here.later(20.0)
        await until(here.pilot, lambda: "line 0" in here.words)
        assert screen.list.cursor == 0, "it stood elsewhere, and stays there"
        await here.pilot.press("space")  # another row: it cuts over, and goes on from there
        await here.playing_from(0.0)
        await until(here.pilot, lambda: len(here.state.following) == 2)
        await here.pilot.press("N")
        await until(here.pilot, lambda: not here.state.following)
        await until(here.pilot, lambda: "continuous" not in here.words)
        assert here.sink.stretch.clip.frames == 20 * 24_000


async def test_in_continuous_marked_rows_follow_and_what_is_switched_on_while_a_row_plays_holds(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("m", "j", "m", "g", "space")
        await here.playing_from(0.0)
        assert here.state.following == ()
        await here.pilot.press("N")
        await until(here.pilot, lambda: len(here.state.following) == 1)
        here.sink.end()
        await until(here.pilot, lambda: "line 0" in here.words)
        await here.playing_from(0.0)
        assert here.state.following == ()


async def test_a_device_that_goes_away_is_told(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.pilot.press("space")
        await here.playing_from(0.0)
        here.sink.fail(line="unplugged")
        await until(here.pilot, lambda: here.state.error is not None)
        error = here.state.error or ""
        await until(here.pilot, lambda: error.split(".")[0][:40] in here.text)
