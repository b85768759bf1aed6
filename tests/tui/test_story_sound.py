"""A story is heard from its timeline: the playhead, seeking, splitting there, and exporting it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import soundfile
from textual.geometry import Region

from rushes.domain.story_sound import ExportedStory, StorySound, StoryWish
from rushes.domain.story_wave import wave_of
from rushes.domain.watch import Watch, unwatched
from rushes.domain.waveform import unpack
from rushes.library import Library
from rushes.library.stories import Stories
from rushes.playback.player import Player
from rushes.playback.state import PlayerState, Playing
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.story import StoryScreen
from rushes.tui.screens.story_export import StoryExportDialog
from rushes.tui.screens.under_way import UnderWay
from rushes.tui.widgets.timeline import Timeline
from tests.playback.fakes import FakeSink, FakeWays
from tests.tui.driving import Here, desk, opened, rows_shown, until
from tests.tui.storied import WORDS, list_of_stories, scene_of, story_of, told

REAL = Path(__file__).parents[3] / "shared" / "real"

if not REAL.is_dir():  # a checkout in a folder of worktrees lies one deeper
    REAL = Path(__file__).parents[4] / "shared" / "real"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


class Heard(Here):
    """The application with a loudspeaker whose clock the test moves."""

    sink: FakeSink

    @property
    def state(self) -> PlayerState:
        return self.app.desk.player.state

    async def playing_from(self, seconds: float) -> None:
        await until(
            self.pilot,
            lambda: (
                self.state.playing is Playing.PLAYING and abs(self.state.position - seconds) < 0.01
            ),
        )

    async def is_seen_at(self, screen: StoryScreen, ms: int) -> None:
        """Wait until the playhead stands in the cell of that moment."""
        view = screen.timeline.view
        assert view is not None
        column = 5 + view.cell(ms)
        await until(self.pilot, lambda: self.text.splitlines()[2][column] == "▼")
        assert self.text.splitlines()[3][column] == "│"


@asynccontextmanager
async def heard(path: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Heard]:
    app = desk(path)
    sink = FakeSink()
    sink.at_once = True
    app.desk.player = Player(
        ways=FakeWays(sink), on_change=app._tell_player_changed, clock=lambda: sink.now
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        here = Heard(app, pilot, await rows_shown(pilot), None)  # type: ignore[arg-type]  # the real one
        here.sink = sink
        yield here


async def test_it_plays_from_the_cursor_and_the_playhead_moves_over_the_timeline(
    path: Path,
) -> None:
    told(path)
    async with heard(path) as here:
        screen = await story_of(here, "j")
        await here.press("j", "space")
        await here.playing_from(1.0)
        await here.is_seen_at(screen, 1_000)
        assert "The river" in here.text.splitlines()[-4]
        await until(here.pilot, lambda: f"Anna: {WORDS[2]}" in here.text.splitlines()[-4])
        here.sink.now += 1.5
        await here.is_seen_at(screen, 2_500)
        await until(here.pilot, lambda: f"Bob: {WORDS[1]}" in here.text.splitlines()[-4])
        await here.press("space")
        await until(here.pilot, lambda: here.state.playing is Playing.PAUSED)
        await here.press("space")
        await here.playing_from(2.5)
        await here.press("right")
        await here.playing_from(3.5)
        await here.is_seen_at(screen, 3_500)
        await here.press("H")
        await here.playing_from(0.0)
        await here.press("G", "space")
        await here.playing_from(5.0)
        await here.press("escape", "escape")
        await until(here.pilot, lambda: isinstance(here.app.screen, HistoryScreen))
        assert "Bob: 100% of a_b [/whisper]" in here.text, "the deck stays"
        here.sink.end()
        await until(here.pilot, lambda: here.state.playing is Playing.STOPPED)


@pytest.mark.skipif(not REAL.is_dir(), reason="there are no real directories here")
async def test_a_story_of_voicebox_opens_and_plays_with_its_split_trim_volume_and_pin(
    path: Path,
) -> None:
    with Library.open(path) as library:
        library.sources.add(REAL / "voicebox")
        library.measuring.run()
    async with heard(path, (80, 24)) as here:
        screen = await story_of(here)
        for text in ("3 items on 2 tracks", "only read", "0.100 s in front, 1.100 s behind",
                     "0.5, −6 dB", "original, pinned", "gone"):  # fmt: skip
            await says(here, text)
        await here.press("G")
        await says(here, "0.600 s in front, 0.200 s behind")
        await says(here, "original, the default")
        await here.press("space")
        await here.playing_from(0.5)
        await here.is_seen_at(screen, 500)
        assert here.state.length == pytest.approx(1.2)


def test_the_waveform_of_a_story_is_that_of_its_items_and_silent_where_none_is(path: Path) -> None:
    ids = told(path)
    with Library.open(path) as library:
        library.generations.delete([ids[3]])
    whole = unpack(wave_of(scene_of(path)))
    # Of 7 s in 64 buckets, 4 to 5 s lie between items, and 5 to 7 s are a gap.
    assert max(whole.rms[38:]) == 0
    assert min(max(whole.rms[at : at + 8]) for at in range(0, 32, 8)) > 0.01
    with Library.open(path) as library:
        for shown in library.stories.scene("The river").items:
            library.stories.set_volume(shown, 0.5)
    softer = unpack(wave_of(scene_of(path)))
    assert sum(softer.rms) == pytest.approx(sum(whole.rms) / 2, rel=0.02)


async def test_the_playhead_repaints_nothing_but_its_own_cells(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(path)
    async with heard(path) as here:
        screen = await story_of(here, "j")
        await here.press("space")
        await here.playing_from(0.0)
        await here.is_seen_at(screen, 0)
        painted: list[Region] = []
        real = Timeline.refresh

        def refresh(timeline: Timeline, *regions: Region, **more: Any) -> Timeline:
            painted.extend(regions or [timeline.size.region])
            return real(timeline, *regions, **more)

        monkeypatch.setattr(Timeline, "refresh", refresh)
        assert screen.timeline.view is not None
        here.sink.now += screen.timeline.view.ms / 1000
        await here.is_seen_at(screen, screen.timeline.view.ms)
        assert [region.width for region in painted] == [2]
        painted.clear()
        here.sink.now += 3.0
        await here.is_seen_at(screen, 3_000 + screen.timeline.view.ms)
        assert [region.width for region in painted] == [1, 1]


async def test_the_page_is_turned_when_the_playhead_runs_out_of_sight(path: Path) -> None:
    told(path)
    async with heard(path, (80, 24)) as here:
        screen = await story_of(here, "j")
        await here.press(*["z"] * 3, "space")
        await here.playing_from(0.0)
        before = screen.timeline.view
        assert before is not None
        assert before.cell(5_500) >= before.width
        here.sink.now += 5.5
        await until(here.pilot, lambda: screen.timeline.is_in_sight(5_500))
        await here.is_seen_at(screen, 5_500)


async def test_it_is_split_at_the_playhead_and_goes_on_with_what_was_changed(path: Path) -> None:
    told(path)
    async with heard(path) as here:
        await story_of(here, "j")
        await here.press("space")
        await here.playing_from(0.0)
        here.sink.now += 0.7
        await here.press("space")
        await until(here.pilot, lambda: here.state.playing is Playing.PAUSED)
        await here.press("s")
        assert [one.start_ms for one in scene_of(path).items[:2]] == [0, 700]
        await here.press("space")
        await here.playing_from(0.7)
        key = here.state.key
        await here.press("space")
        await until(here.pilot, lambda: here.state.playing is Playing.PAUSED)
        await here.press("J", "space")
        await here.playing_from(0.7)
        assert here.state.key == key, "where it lies on other tracks is heard alike"
        await here.press("space", "V", "space")
        await until(here.pilot, lambda: here.state.key != key)
        await here.playing_from(0.7)


async def test_the_list_plays_a_story_too_and_says_what_cannot_be_heard(path: Path) -> None:
    ids = told(path)
    async with heard(path, (80, 24)) as here:
        await list_of_stories(here)
        await here.press("j", "space")
        await here.playing_from(0.0)
        await here.press("space")
        await until(here.pilot, lambda: here.state.playing is Playing.PAUSED)
        with here.library() as library:
            library.generations.delete(ids)
        await here.press("k")
        await here.press("space")
        await until(here.pilot, lambda: "nothing to hear in this story yet" in here.text)
        await here.press("j", "enter")
        await until(here.pilot, lambda: "4 gaps" in here.text, 20)
        await here.press("j", "space")
        await until(here.pilot, lambda: "can be heard" in here.text)


async def test_a_long_mix_is_shown_and_called_off(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(path)
    go = Event()
    real = Stories.sound

    def sound(stories: Stories, story: str, watch: Watch = unwatched) -> StorySound:
        watch(1, 4, "mixing")
        assert go.wait(30)
        watch(2, 4, "mixing")
        return real(stories, story, watch)

    monkeypatch.setattr(Stories, "sound", sound)
    async with heard(path) as here:
        await story_of(here, "j")
        await here.pilot.press("space")
        await until(here.pilot, lambda: isinstance(here.app.screen, UnderWay))
        await until(here.pilot, lambda: "mixing the story" in here.text)
        await here.pilot.press("escape")
        go.set()
        await until(here.pilot, lambda: "Called off" in here.text)
        assert here.state.playing is Playing.STOPPED


async def says(here: Here, text: str) -> None:
    """Wait until it is said; a toast may break it anywhere, where a path is long."""

    def said() -> bool:
        return any(text in one.message for one in here.app._notifications)

    await until(here.pilot, lambda: said() or text in here.text)


def put(here: Here, place: str) -> None:
    here.app.screen.query_one("#export-place").value = place  # type: ignore[attr-defined]  # an Input


async def test_a_story_is_exported_with_what_is_said_beside_it(path: Path, tmp_path: Path) -> None:
    ids = told(path)
    with Library.open(path) as library:
        library.generations.delete([ids[3]])
    out = tmp_path / "out [b]"
    async with opened(path, (80, 24)) as here:
        await story_of(here, "j")
        await here.pilot.press("e")
        await until(here.pilot, lambda: isinstance(here.app.screen, StoryExportDialog))
        put(here, str(path / "audio"))
        await here.pilot.press("enter")
        await says(here, "it lies in the library")
        await until(here.pilot, lambda: isinstance(here.app.screen, StoryExportDialog))
        put(here, f"{out}/")
        # Up to the bits and the format, and from the place on to what lies beside it.
        await here.pilot.press("shift+tab", "right", "shift+tab", "right", "down", "down", "tab")
        await here.pilot.press("space", "right", "right", "space")
        await here.pilot.press("enter")
        await says(here, "Exported to")
        await says(here, "1 gap is silent")
    names = sorted(file.name for file in out.iterdir())
    assert names == ["The river.flac", "The river.labels.txt", "The river.srt"]
    facts = soundfile.info(out / "The river.flac")
    assert (facts.frames, facts.subtype) == (7 * 24_000, "PCM_16")
    assert WORDS[1] in (out / "The river.srt").read_text(encoding="utf-8")


async def test_an_export_is_looked_on_and_called_off(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(path)
    go = Event()
    real = Stories.export

    def export(
        stories: Stories, story: str, target: str, wish: StoryWish, watch: Watch
    ) -> ExportedStory:
        watch(1, 4, "mixing")
        assert go.wait(30)
        return real(stories, story, target, wish, watch)

    monkeypatch.setattr(Stories, "export", export)
    async with opened(path) as here:
        await list_of_stories(here)
        await here.pilot.press("j", "e")
        await until(here.pilot, lambda: isinstance(here.app.screen, StoryExportDialog))
        put(here, f"{tmp_path / 'out'}/")
        await here.pilot.press("enter")
        await until(here.pilot, lambda: isinstance(here.app.screen, UnderWay))
        await until(here.pilot, lambda: "exporting the story" in here.text)
        await here.pilot.press("escape")
        go.set()
        await says(here, "Called off")
    out = tmp_path / "out"
    assert not out.exists() or not list(out.iterdir())
