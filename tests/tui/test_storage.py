"""Storage and health: what is shown, and the work that is tried first, asked about and done."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from rushes.domain.health import Report
from rushes.domain.query import HistoryQuery
from rushes.domain.retention import Policy
from rushes.domain.watch import Watch, unwatched
from rushes.errors import BadInput
from rushes.library import Library
from rushes.library.health import Health
from rushes.tui.colours import DARK
from rushes.tui.screens.ask_text import AskText
from rushes.tui.screens.clean_up import WAYS, ChooseCleanUp, Way, number_of
from rushes.tui.screens.confirm import Confirm
from rushes.tui.screens.storage import StorageScreen
from rushes.tui.storage_lines import Canvas, Said
from tests.tui.driving import Here, opened, recorded, take, until, voice

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


async def goes_there(here: Here) -> None:
    await here.press("w")
    await until(here.pilot, lambda: isinstance(here.app.screen, StorageScreen))
    await until(here.pilot, lambda: " free" in here.text)


async def is_asked(here: Here) -> str:
    """Wait for a question, see that Cancel has the focus, and give what it says."""
    await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
    await here.pilot.pause()
    assert here.app.focused is not None
    assert here.app.focused.id == "cancel"
    return here.text


async def says(here: Here, text: str) -> None:
    await until(here.pilot, lambda: text in here.text)


async def answers(here: Here, *keys: str) -> None:
    """Answer a question and wait until the screen is there again."""
    await here.pilot.press(*keys)
    await until(here.pilot, lambda: isinstance(here.app.screen, StorageScreen))


class Held:
    """Holds verify at its first step until it is let go; counts how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go, self.ended = Event(), Event(), Event()
        real = Health.check

        def check(health: Health, *, deep: bool = False, watch: Watch = unwatched) -> Report:
            try:
                watch(3, 10, "files")
                self.begun.set()
                assert self.go.wait(30)
                watch(4, 10, "files")
                return real(health, deep=deep, watch=watch)
            finally:
                self.ended.set()

        monkeypatch.setattr(Health, "check", check)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(monkeypatch)


# What is shown


@SIZES
async def test_disk_use_is_shown_by_kind_profile_engine_and_month(
    path: Path, size: tuple[int, int]
) -> None:
    recorded(path, engine="qwen")
    with Library.open(path) as library:
        library.generations.delete(library.generations.ids(HistoryQuery())[:2])
    async with opened(path, size) as here:
        await goes_there(here)
        for text in ("takes", "trash", "database", "Anna", "Bob", "qwen"):
            assert text in here.text, text
        assert "not verified in this sitting" in here.text
        await here.press("G")
        await says(here, "2026-04" if "2026-04" in here.text else "April")


async def test_names_are_shown_literally(path: Path) -> None:
    with Library.open(path) as library:
        take(library, "one", profile="[/x] 声優 100%")
    async with opened(path) as here:
        await goes_there(here)
        assert "[/x] 声優 100%" in here.text


# Verify and repair


@SIZES
async def test_verify_says_what_it_found(path: Path, size: tuple[int, int]) -> None:
    takes = recorded(path)
    with Library.open(path) as library:
        library.audio.path(takes[0]).unlink()
    (path / "audio" / "stray.wav").write_bytes(b"RIFF")
    async with opened(path, size) as here:
        await goes_there(here)
        await here.press("v")
        await says(here, "left to do")
        assert "missing audio: 1" in here.text
        assert "stray.wav" in here.text
        await here.press("w")
        await until(here.pilot, lambda: here.app.screen is here.screen)
        await goes_there(here)
        assert "missing audio: 1" in here.text


async def test_a_sound_library_is_said_to_be_well(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await goes_there(here)
        await here.press("V")
        await says(here, "all is well")
        assert "read whole" in here.text
        await here.press("r")
        await says(here, "Nothing to repair")


async def test_repair_asks_with_what_it_would_do_and_does_it(path: Path) -> None:
    takes = recorded(path)
    with Library.open(path) as library:
        library.audio.path(takes[5]).unlink()
    async with opened(path) as here:
        await goes_there(here)
        await here.press("r")
        said = await is_asked(here)
        assert "missing audio: 1" in said
        assert "No audio is deleted" in said
        await answers(here, "enter")
        with here.library() as library:
            assert library.generations.get(takes[5].id).fault is None
        await here.press("r")
        await is_asked(here)
        await answers(here, "tab", "enter")
        await says(here, "Repaired:")
        with here.library() as library:
            assert library.generations.get(takes[5].id).fault is not None
        await here.press("escape")
        await says(here, "· missing ·")


# Calling off, and leaving


async def test_escape_calls_off_and_says_so(path: Path, held: Held) -> None:
    recorded(path)
    async with opened(path) as here:
        await goes_there(here)
        await here.press("v")
        await until(here.pilot, held.begun.is_set)
        await says(here, "3 of 10")
        assert "calls it off" in here.text
        await here.press("escape")
        await says(here, "ending")
        held.go.set()
        await says(here, "Called off")
        assert isinstance(here.app.screen, StorageScreen)
        await here.press("escape")
        await until(here.pilot, lambda: here.app.screen is here.screen)


async def test_work_goes_on_when_the_screen_is_left_and_its_end_is_told(
    path: Path, held: Held
) -> None:
    recorded(path)
    async with opened(path) as here:
        await goes_there(here)
        await here.press("v")
        await until(here.pilot, held.begun.is_set)
        await here.press("w")
        await until(here.pilot, lambda: here.app.screen is here.screen)
        await says(here, "verifying 30%")
        await goes_there(here)
        await here.press("r")
        await says(here, "One at a time")
        await here.press("w")
        held.go.set()
        await says(here, "Verified: all is well")
        await until(here.pilot, lambda: "verifying" not in here.text)


async def test_quitting_calls_the_work_off(path: Path, held: Held) -> None:
    recorded(path)
    async with opened(path) as here:
        await goes_there(here)
        await here.press("v")
        await until(here.pilot, held.begun.is_set)
        held.go.set()
        await here.pilot.press("q")
    assert held.ended.is_set()


# Compression


async def test_compression_is_tried_asked_about_done_and_taken_back(path: Path) -> None:
    with Library.open(path) as library:
        for number in range(3):
            take(library, f"line {number}", number, audio=voice(2.0))
    before = {file.name: file.read_bytes() for file in (path / "audio").rglob("*.wav")}
    async with opened(path) as here:
        await goes_there(here)
        await here.press("z")
        said = await is_asked(here)
        assert "3 files" in said
        assert "come back" in said
        assert len(list((path / "audio").rglob("*.flac"))) == 0
        await answers(here, "tab", "enter")
        await says(here, "Compressed 3 takes")
        assert len(list((path / "audio").rglob("*.flac"))) == 3
        await here.press("z")
        await says(here, "Nothing to compress; 3 takes left alone (FLAC already)")
        await here.press("x")
        await is_asked(here)
        await answers(here, "tab", "enter")
        await says(here, "Expanded 3 takes")
        after = [file.read_bytes() for file in (path / "audio").rglob("*.wav")]
        assert sorted(after) == sorted(before.values())


# Clean-up


async def test_a_clean_up_is_planned_asked_about_done_and_undone(path: Path) -> None:
    takes = recorded(path)
    with Library.open(path) as library:
        library.generations.favorite([takes[0].id])
    async with opened(path) as here:
        await goes_there(here)
        await here.press("c")
        await until(here.pilot, lambda: isinstance(here.app.screen, ChooseCleanUp))
        await here.press("j", "j", "enter")
        await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
        await here.press(*"one", "enter")
        await says(here, "no whole number")
        await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
        await here.press(*["backspace"] * 3, "1", "enter")
        said = await is_asked(here)
        assert "Move 3 takes to the trash?" in said
        assert "Favourites and what a story uses stay." in said
        await answers(here, "tab", "enter")
        await says(here, "3 takes moved to the trash")
        with here.library() as library:
            assert library.generations.count() == 3
        await here.press("u")
        await says(here, "3 takes back from the trash")
        with here.library() as library:
            assert library.generations.count() == 6


async def test_the_filter_of_the_list_and_the_saved_policy_are_offered(path: Path) -> None:
    recorded(path)
    with Library.open(path) as library:
        library.storage.save_policy(Policy(keep_per_profile=2))
    async with opened(path) as here:
        await here.press("slash", *"bob", "enter")
        await until(here.pilot, lambda: len(here.texts) == 3)
        await goes_there(here)
        await here.press("c")
        await says(here, "the saved policy")
        await here.press("enter")
        assert "Move 2 takes" in await is_asked(here)
        await answers(here, "enter")
        await here.press("c")
        await says(here, "the saved policy")
        await here.press(*"jjjjj", "enter")
        await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
        await here.press("enter")
        assert "Bob: 3 takes" in await is_asked(here)


async def test_nothing_to_clean_up_is_said(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await goes_there(here)
        await here.press("c")
        await until(here.pilot, lambda: isinstance(here.app.screen, ChooseCleanUp))
        await here.press("j", "j", "enter")
        await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
        await here.press(*"500", "enter")
        await says(here, "Nothing to clean up")


@pytest.mark.parametrize(
    ("way", "answer"),
    list(zip(WAYS, ("90d", "3", "1,000", "20 GB", "-is:fav", "30"), strict=True)),
)
def test_each_way_makes_a_policy(way: Way, answer: str) -> None:
    assert way.policy(answer).record() != Policy(older_than_days=1).record()


def test_what_is_no_number_is_refused() -> None:
    for text in ("", "x", "-1", "1.5", "٣"):
        with pytest.raises(BadInput):
            number_of(text)
    assert number_of(" 1,000 ") == 1000


async def test_a_damaged_database_is_told_with_what_rebuilds_it(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        with (path / "rushes.db").open("r+b") as database:
            database.seek(4096)
            database.write(b"\xaa" * 4096 * 12)
        await here.press("w")
        await until(here.pilot, lambda: isinstance(here.app.screen, StorageScreen))
        await here.press("r")
        await says(here, "leave rushes, then type rushes verify --repair")


@SIZES
async def test_what_was_found_is_readable_whole(path: Path, size: tuple[int, int]) -> None:
    takes = recorded(path)
    with Library.open(path) as library:
        library.audio.path(takes[0]).unlink()
        library.audio.path(takes[1]).write_bytes(b"RIFF")
    async with opened(path, size) as here:
        await goes_there(here)
        await here.press("v")
        await says(here, "left to do")
        assert f"{takes[0].id[:8]}  the file isn't there" in here.text
        assert "it has 4 bytes" in here.text
        assert "were recorded" in here.text


def test_a_long_finding_goes_on_in_the_next_line() -> None:
    said = Said("the database is damaged: " + "very much so " * 4, "ink", indent=4)
    canvas = Canvas(40, DARK, ascii=False)
    drawn = [draw(canvas).strip(40).text for draw in said.lines(40)]
    assert " ".join(" ".join(drawn).split()) == said.text.strip()
    assert [len(text) - len(text.lstrip()) for text in drawn] == [4] + [6] * (len(drawn) - 1)
