"""Versions, presets and differences from the detail, driven in the real application."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from textual.widgets import Input

from rushes.domain.generation import Generation
from rushes.library import Library
from rushes.tui.screens.ask_text import AskText
from rushes.tui.screens.comparison import ComparisonScreen
from rushes.tui.screens.confirm import Confirm
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.presets import PresetsDialog
from rushes.tui.screens.text import TextScreen
from tests.tui.driving import take, until, voice
from tests.tui.test_detail import SIZES, Opened, opened

CHAIN: list[dict[str, object]] = [
    {"type": "reverb", "params": {"room_size": 0.4, "wet_level": 0.3}},
    {"type": "gain"},
]
SAID = "reverb: room 0.4, wet 0.3 · gain"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@pytest.fixture
def made(path: Path) -> Generation:
    """A take with a version made by effects, and one made from that."""
    with Library.open(path) as library:
        made = take(library, "Hello [laughs]", params={"temperature": 0.7}, seed=42)
        library.versions.add(
            made.id, voice(1.25), 24_000, label="hall", effects=CHAIN, made_from="original"
        )
        library.versions.add(made.id, voice(0.75), 24_000, label="cut", made_from="hall")
        return made


def labels(path: Path, made: Generation) -> list[str]:
    with Library.open(path) as library:
        found = library.versions.list(made.id)
    return [("*" if one.is_default else "") + one.label for one in found]


async def asked(here: Opened, kind: type) -> None:
    await until(here.pilot, lambda: isinstance(here.app.screen, kind))


async def told(here: Opened, words: str) -> None:
    """Wait until something is said."""
    said = here.app._notifications
    await until(here.pilot, lambda: any(words in one.message for one in said))


async def back(here: Opened) -> None:
    await asked(here, DetailScreen)
    await here.whole()


async def answer(here: Opened, text: str) -> None:
    """Type into the question in place of what stands there."""
    await asked(here, AskText)
    here.app.screen.query_one(Input).value = text
    await here.press("enter")


@SIZES
@pytest.mark.usefixtures("made")
async def test_versions_stand_in_their_tree_and_tell_their_effects(
    path: Path, size: tuple[int, int]
) -> None:
    async with opened(path, size=size) as here:
        await here.until_seen("●  original", "○  └ hall", "○    └ cut")
        await here.press("shift+tab", "down")
        await here.until_seen(f"hall: {SAID}")


async def test_a_version_becomes_the_default_and_undo_takes_it_back(
    path: Path, made: Generation
) -> None:
    async with opened(path) as here:
        await here.press("v")
        await told(here, "tab goes to the versions")
        await here.press("shift+tab", "down", "v")
        await until(here.pilot, lambda: here.screen.generation.duration == 1.25)
        await told(here, "hall is the default. u takes it back")
        await here.whole()
        assert labels(path, made) == ["original", "*hall", "cut"]
        await here.press("v")
        await told(here, "hall is the default already")
        await here.press("u")
        await until(here.pilot, lambda: here.screen.generation.duration == made.duration)
        assert labels(path, made) == ["*original", "hall", "cut"]


async def test_d_on_a_version_asks_with_cancel_in_focus(path: Path, made: Generation) -> None:
    async with opened(path) as here:
        await here.press("shift+tab", "down", "d")
        await asked(here, Confirm)
        assert "Delete the version hall for good?" in here.text
        await here.press("enter")
        await back(here)
        assert labels(path, made) == ["*original", "hall", "cut"]
        await here.press("d")
        await asked(here, Confirm)
        await here.press("tab", "enter")
        await told(here, "hall is deleted")
        await back(here)
        assert labels(path, made) == ["*original", "cut"]
        assert here.screen.generation.deleted_at is None


async def test_the_last_version_does_not_go(path: Path) -> None:
    with Library.open(path) as library:
        made = take(library, "Hello")
    async with opened(path) as here:
        await here.press("shift+tab", "d")
        await told(here, "The last version can't go")
        assert labels(path, made) == ["*original"]


@pytest.mark.usefixtures("made")
async def test_a_version_is_renamed_once_its_label_is_free(path: Path) -> None:
    async with opened(path) as here:
        await here.press("shift+tab", "down", "r")
        await answer(here, "CUT")
        await told(here, "already")
        await answer(here, "[b]room")
        await here.until_seen("└ [b]room")
        await back(here)
        await here.press("u")
        await here.until_seen("└ hall")


async def test_a_file_is_added_as_a_version_of_the_selected_one(
    path: Path, made: Generation, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "radio.wav", voice(0.6), 24_000)
    async with opened(path) as here:
        await here.press("shift+tab", "down", "A")
        await answer(here, str(tmp_path / "nothing.wav"))
        await told(here, "nothing.wav")
        await answer(here, str(tmp_path / "radio.wav"))
        await back(here)
        await here.until_seen("└ radio")
    with Library.open(path) as library:
        hall, radio = (library.versions.get(made.id, one) for one in ("hall", "radio"))
        assert radio.source_version_id == hall.id
    assert (tmp_path / "radio.wav").exists()


@SIZES
@pytest.mark.usefixtures("made")
async def test_the_difference_to_another_take_is_shown(path: Path, size: tuple[int, int]) -> None:
    with Library.open(path) as library:
        take(library, "Hello [laughs]", 1, params={"temperature": 0.9, "top_k": None}, seed=42)
    async with opened(path, size=size) as here:
        await here.until_seen("take 2 of 2")
        await here.press("c")
        await asked(here, ComparisonScreen)
        await here.until_seen("2 takes")
        rows = [" ".join(line.split()) for line in here.text.splitlines()]
        assert {"temperature 0.9 0.7", "top_k none not there"} <= set(rows)
        assert not any(row.startswith(("seed", "channels")) for row in rows)
        await here.press("escape")
        await back(here)


@pytest.mark.usefixtures("made")
async def test_without_another_take_there_is_no_difference(path: Path) -> None:
    async with opened(path) as here:
        await here.press("c")
        await told(here, "nothing to compare it with")


@SIZES
async def test_parameters_are_kept_as_a_preset_that_is_read_moved_and_deleted(
    path: Path, made: Generation, size: tuple[int, int]
) -> None:
    async with opened(path, size=size) as here:
        await here.press("P")
        await answer(here, "night/warm")
        await told(here, "Saved as the preset night/warm")
        await back(here)
        await here.press("P")
        await answer(here, "Night/Warm")
        await told(here, "already")
        await asked(here, AskText)
        await here.press("escape")
        await back(here)
        await here.press("p")
        await asked(here, PresetsDialog)
        await here.until_seen("night/warm", "engine qwen")
        await here.press("enter")
        await asked(here, TextScreen)
        assert "temperature  0.7" in here.text
        assert made.id[:8] in here.text
        await here.press("escape")
        await asked(here, PresetsDialog)
        await here.press("r")
        await answer(here, "cold")
        await told(here, "night/warm is now called cold")
        await asked(here, PresetsDialog)
        await here.press("d")
        await here.until_seen("None yet")
        await here.press("u")
        await here.until_seen("cold  ", "engine qwen")
    with Library.open(path) as library:
        assert [one.path for one in library.presets.list()] == ["cold"]
