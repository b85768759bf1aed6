"""The detail of one generation, driven in the real application on a real library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from rushes.domain.generation import Generation
from rushes.library import Library
from rushes.playback.state import PlayerState, Playing
from rushes.tui.app import RushesApp
from rushes.tui.desk import as_version
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.text import TextScreen
from tests.tui.driving import Recorder, desk, rows_shown, seen, take, until, voice

if TYPE_CHECKING:
    from textual.pilot import Pilot

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
WORDS = "Hello and welcome to the show, [laughs] it is good to have you here."


@dataclass
class Opened:
    """The application with its detail in front."""

    app: RushesApp
    pilot: Pilot[Any]
    player: Recorder

    @property
    def screen(self) -> DetailScreen:
        screen = self.app.screen
        assert isinstance(screen, DetailScreen)
        return screen

    @property
    def text(self) -> str:
        return seen(self.app)

    async def until_seen(self, *texts: str) -> None:
        await until(self.pilot, lambda: all(text in self.text for text in texts))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def whole(self) -> None:
        """Wait for the versions, the other takes and the fine waveform."""
        screen = self.screen
        await until(
            self.pilot,
            lambda: (
                screen._lists_of == screen.generation.id
                and not any(worker.is_running for worker in screen.app.workers)
            ),
        )
        await self.pilot.pause()


@asynccontextmanager
async def opened(
    path: Path, down: int = 0, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Opened]:
    """Open the library, go down by some rows, and open what is there."""
    app = desk(path)
    app.desk.player.close()
    player = Recorder()
    app.desk.player = player
    async with app.run_test(size=size) as pilot:
        await rows_shown(pilot)
        await pilot.press(*["j"] * down, "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        here = Opened(app, pilot, player)
        await here.whole()
        yield here


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the folder of a library that is still to be made."""
    return tmp_path / "takes"


def recorded(path: Path, texts: Sequence[str], **more: Any) -> list[Generation]:
    """Record these, the last of them the newest, and so the first row."""
    with Library.open(path) as library:
        return [take(library, text, number, **more) for number, text in enumerate(texts)]


def add_version(path: Path, generation: Generation, label: str, chain: object) -> Path:
    """Add a version that isn't the default; gives its file."""
    assert generation.audio_path is not None
    stored = generation.audio_path.replace(".wav", f"-{label}.wav")
    soundfile.write(path / stored, voice(1.25, 200), 24_000)
    row = {
        "id": f"version-{label}",
        "generation_id": generation.id,
        "label": label,
        "audio_path": stored,
        "effects_chain": json.dumps(chain),
        "is_default": 0,
        "created_at": "2026-04-01 12:00:00.000000",
    }
    with sqlite3.connect(path / "rushes.db") as database:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        database.execute(
            f"INSERT INTO generation_versions ({names}) VALUES ({marks})", tuple(row.values())
        )
    database.close()
    return path / stored


@SIZES
async def test_words_parameters_and_facts_are_shown_as_they_are(
    path: Path, size: tuple[int, int]
) -> None:
    params = {"temperature": 0.30000000000000004, "sampling": {"top_k": 50}}
    sound = np.pad(voice(3.0), (0, 2_400))  # as speech ends: nothing about it is flagged
    made = recorded(
        path,
        [WORDS],
        engine="qwen",
        model_size="1.7B",
        seed=42,
        params=params,
        rating=4,
        audio=sound,
    )
    async with opened(path, size=size) as here:
        await here.until_seen(WORDS, "qwen 1.7B", "★★★★☆", "original", "other takes: none")
        assert "▌" in here.text
        for key, wanted in (("temperature", " 0.3 "), ("sampling.top_k", " 50 ")):
            assert any(key in line and wanted in line for line in here.text.splitlines())
        await here.press("tab", "tab", "G")
        await here.until_seen(made[0].id[:20])
        assert made[0].facts is not None
        await here.press("pageup")
        await here.until_seen(made[0].facts.sha256[:16])


@SIZES
async def test_hostile_words_are_shown_and_nothing_is_parsed_or_sent(
    path: Path, size: tuple[int, int]
) -> None:
    hostile = "[/whisper] [bold]x \x1b[31mred\x07 今日はいい天気 👩‍👩‍👧 \u202eback %s {0}"
    recorded(path, [hostile], params={"[/b]": "[red]", "\x1b]0;title\x07": "y"}, note="[/note]")
    async with opened(path, size=size) as here:
        await here.until_seen("[/whisper] [bold]x ␛[31mred␇ 今日はいい天気", "[/b]", "[red]")
        assert "\x1b" not in here.text
        widths = {line.cell_length for line in here.screen._compositor.render_strips()}
        assert widths == {size[0]}


async def test_tab_goes_round_the_parts_that_hold_anything(path: Path) -> None:
    recorded(path, [WORDS])
    async with opened(path) as here:
        parts = []
        for _ in range(4):
            parts.append(here.screen.part.id)
            await here.press("tab")
        assert parts == ["wave", "words", "fields", "versions"]
        assert here.screen.part.id == "wave"
        await here.press("shift+tab")
        assert here.screen.part.id == "versions"


async def test_the_chosen_part_says_what_its_keys_do(path: Path) -> None:
    recorded(path, [WORDS, WORDS])
    async with opened(path) as here:
        for part, said in (
            ("wave", "space plays"),
            ("fields", "enter reads all"),
            ("versions", "space plays, v sets default"),
            ("takes", "keys act on this take"),
        ):
            while here.screen.part.id != part:
                await here.press("tab")
            assert said in here.text


async def test_j_and_k_go_to_the_neighbours_without_leaving(path: Path) -> None:
    recorded(path, ["one", "two", "three", "four"])
    async with opened(path) as here:
        await here.until_seen("four")
        await here.press("j")
        await until(here.pilot, lambda: here.screen.generation.text == "three")
        await here.press("j", "j", "k")
        await until(here.pilot, lambda: here.screen.generation.text == "two")
        await here.whole()
        await here.until_seen("two")
        await here.press("escape")
        history = here.app.screen
        assert isinstance(history, HistoryScreen)
        assert history.current is not None
        assert history.current.text == "two"


async def test_no_step_is_lost_however_fast_they_come(path: Path) -> None:
    recorded(path, [f"line {number}" for number in range(9)])
    async with opened(path) as here:
        for _ in range(5):
            here.screen.action_next_take()
        await until(here.pilot, lambda: here.screen.generation.text == "line 3")


async def test_the_waveform_is_that_of_the_generation_shown(path: Path) -> None:
    made = recorded(path, ["one", "two", "three"])
    async with opened(path) as here:
        await here.press("j", "j")
        await until(here.pilot, lambda: here.screen.generation.text == "one")
        await here.whole()
        envelope, facts = here.screen.wave._envelope, made[0].facts
        assert envelope is not None
        assert facts is not None
        assert envelope.frames == facts.frames
        assert envelope.buckets == 160


async def test_space_plays_the_generation_and_on_a_version_the_version(path: Path) -> None:
    made = recorded(path, [WORDS])[0]
    file = add_version(path, made, "radio", [{"type": "highpass"}, {"type": "gain"}])
    async with opened(path) as here:
        await here.until_seen("● ", "○ ", "radio", "highpass · gain")
        await here.press("space")
        await until(here.pilot, lambda: here.player.asked)
        assert here.player.asked[-1].key == made.id
        await here.press("shift+tab", "down", "space")
        await until(here.pilot, lambda: len(here.player.asked) == 2)
        assert here.player.asked[-1].key == f"{made.id}/version-radio"
        assert here.player.asked[-1].path == file
        assert isinstance(here.app.tape.in_deck, Generation)
        assert here.app.tape.in_deck.audio_path == f"{file.relative_to(path)}"
        await until(here.pilot, lambda: here.screen.wave._envelope is not None)
        envelope = here.screen.wave._envelope
        assert envelope is not None
        assert envelope.duration == pytest.approx(1.25)


async def test_the_default_version_is_the_generation_itself(path: Path) -> None:
    made = recorded(path, [WORDS])[0]
    async with opened(path) as here:
        await here.press("shift+tab", "enter")
        await until(here.pilot, lambda: here.player.asked)
        assert here.player.asked[-1].key == made.id


async def test_another_take_opens_in_place_and_keys_act_on_it(path: Path) -> None:
    old, _, new = recorded(path, [WORDS, "something else", WORDS])
    async with opened(path) as here:
        await here.until_seen("take 2 of 2")
        await here.press("shift+tab", "f")
        await until(here.pilot, lambda: here.screen.takes.current.is_favorited)  # type: ignore[union-attr]
        assert not here.screen.generation.is_favorited
        await here.press("space")
        await until(here.pilot, lambda: here.player.asked)
        assert here.player.asked[-1].key == old.id
        await here.press("enter")
        await here.until_seen("take 1 of 2")
        assert here.screen.generation.id == old.id
        assert here.screen.takes.current is not None
        assert here.screen.takes.current.id == new.id


async def test_favourite_and_rating_show_here_and_in_the_list(path: Path) -> None:
    recorded(path, [WORDS])
    async with opened(path) as here:
        await here.press("f", "3")
        await here.until_seen("♥", "★★★☆☆")
        await here.press("escape")
        await here.until_seen("♥", "★★★")


async def test_after_a_deletion_the_neighbour_is_shown_and_undo_brings_it_back(path: Path) -> None:
    recorded(path, ["one", "two"])
    async with opened(path) as here:
        await here.press("d")
        await until(here.pilot, lambda: here.screen.generation.text == "one")
        await here.press("d")
        await until(here.pilot, lambda: isinstance(here.app.screen, HistoryScreen))
        await here.until_seen("No generations yet.")
        await here.press("u")
        await here.until_seen("one")


async def test_for_good_on_one_of_several_versions_takes_nothing_away(path: Path) -> None:
    made = recorded(path, [WORDS])[0]
    add_version(path, made, "radio", [])
    async with opened(path) as here:
        await here.press("shift+tab", "D")
        await here.whole()
        assert here.screen.generation.deleted_at is None
        with Library.open(path) as library:
            assert library.generations.get(made.id).deleted_at is None


async def test_a_failed_one_shows_its_error_and_reads_it_whole(path: Path) -> None:
    error = "CUDA [oom]: tried to allocate 1.2 GiB. " * 40
    with Library.open(path) as library:
        run = library.generations.begin(profile="Anna", text=WORDS)
        library.generations.fail(run.id, error)
    async with opened(path) as here:
        await here.until_seen("✗ failed: CUDA [oom]", "enter reads the error")
        await here.press("space")
        assert not here.player.asked
        await here.press("enter")
        assert isinstance(here.app.screen, TextScreen)
        await here.until_seen("The error", "tried to allocate")


async def test_a_pending_one_counts_and_shows_its_audio_once_it_is_there(path: Path) -> None:
    with Library.open(path) as library:
        run = library.generations.begin(profile="Anna", text=WORDS)
    async with opened(path) as here:
        await here.until_seen("pending ", " s")
        assert "versions: none" in here.text
        with Library.open(path) as library:
            library.generations.complete(run.id, audio=voice(), sample_rate=24_000)
        await here.until_seen("original", "24 kHz mono 16-bit", "0:00.5")
        assert here.screen.wave._envelope is not None


async def test_a_long_text_is_read_whole(path: Path) -> None:
    text = " ".join(f"word{number} [b]" for number in range(1_000)) + " finis"
    recorded(path, [text])
    async with opened(path) as here:
        await here.press("tab")
        await here.until_seen("… more", "enter reads it whole")
        await here.press("down", "pagedown")
        assert "word0 " not in here.text
        await here.press("enter")
        assert isinstance(here.app.screen, TextScreen)
        await here.until_seen("word0 [b]", "there is more")
        await here.press("G")
        await here.until_seen("finis", "the end")
        await here.press("g", "j", "space", "ctrl+u", "escape")
        assert here.screen.part.id == "words"


async def test_parameters_are_read_whole(path: Path) -> None:
    recorded(path, [WORDS], params={"latent": [number / 7 for number in range(64)]})
    async with opened(path, size=(120, 40)) as here:
        await here.until_seen("64 values, 0 to 9")
        await here.press("tab", "tab", "enter", "G")
        await here.until_seen("Parameters", "sha256")
        await here.press("g")
        await here.until_seen('"latent": [', "0.14285714285714285,")


async def test_missing_audio_is_told_in_its_place(path: Path) -> None:
    made = recorded(path, [WORDS])[0]
    assert made.audio_path is not None
    (path / made.audio_path).unlink()
    async with opened(path) as here:
        await here.until_seen("is missing")


def playing(key: str, position: float, length: float) -> PlayerState:
    """Give the state of a player that plays."""
    return PlayerState(Playing.PLAYING, key, position, length, None, None)


async def test_the_playhead_repaints_only_its_own_cells(path: Path) -> None:
    made = recorded(path, [WORDS])[0]
    async with opened(path) as here:
        screen, wave = here.screen, here.screen.wave
        here.app.tape.in_deck = made
        screen.player_changed(playing(made.id, 0.1, 0.4))
        await here.until_seen("0:00.1 / 0:00.4", "│")
        await until(here.pilot, lambda: not wave._repaint_regions)
        screen.tick(playing(made.id, 0.1, 0.4))
        assert not wave._repaint_regions
        screen.tick(playing(made.id, 0.12, 0.4))
        dirty = sum(region.width * region.height for region in wave._repaint_regions)
        assert 0 < dirty <= 6 * wave.size.height


async def test_the_playhead_of_another_version_is_not_shown_here(path: Path) -> None:
    made = recorded(path, [WORDS])[0]
    add_version(path, made, "radio", [])
    async with opened(path) as here:
        versions = here.screen.versions._versions
        here.app.tape.in_deck = as_version(made, versions[1])
        here.screen.player_changed(playing(f"{made.id}/version-radio", 0.1, 1.25))
        await here.pilot.pause()
        assert "│" not in here.text
        assert any("▶" in line and "radio" in line for line in here.text.splitlines())
        await here.press("shift+tab", "down")
        await here.until_seen("0:00.1 / ", "│")


async def test_the_hidden_list_beneath_writes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(path, ["one"])
    with Library.open(path) as library:
        library.generations.begin(profile="Anna", text="running")
    async with opened(path, down=1) as here:
        history = here.app.screen_stack[-2]
        assert isinstance(history, HistoryScreen)
        written: list[object] = []
        monkeypatch.setattr(here.app, "_display", lambda *told: written.append(told))
        history.list.refresh()
        history.list._count_seconds()
        await here.pilot.pause()
        await here.pilot.pause()
        assert not written


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (200, 60)])
async def test_every_size_draws(path: Path, size: tuple[int, int]) -> None:
    made = recorded(path, [WORDS, WORDS])[1]
    add_version(path, made, "radio", [])
    async with opened(path, size=size) as here:
        for _ in range(5):
            await here.press("tab", "down", "pagedown", "up", "ctrl+u", "G", "g")
        await here.until_seen("Hello and welcome")
