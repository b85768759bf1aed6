"""The sources: how each stands, and linking, syncing and removing them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

from rushes.domain.query import HistoryQuery
from rushes.domain.watch import Watch, unwatched
from rushes.library import Library
from rushes.library.following import Following
from rushes.library.sources import Linked, Sources
from rushes.tui.screens.ask_text import AskText
from rushes.tui.screens.confirm import Confirm
from rushes.tui.screens.sources import SourcesScreen
from rushes.tui.screens.storage import StorageScreen
from tests.exchange.voiceboxes import Voicebox, state_of
from tests.tui.driving import Here, opened, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@pytest.fixture
def voicebox(tmp_path: Path) -> Voicebox:
    """Three takes: one without its file, one that failed."""
    made = Voicebox(tmp_path / "[b]voices[laughs]")
    made.take("the first [laughs]", created_at="2026-03-01 12:00:00.000000")
    made.take("lost", profile="Bob", seconds=0.1, created_at="2026-03-02 12:00:00.000000")
    made.take("failed", seconds=None, status="failed", created_at="2026-03-05 12:00:00.000000")
    lost = made.folder / "generations"
    key = next(file for file in lost.iterdir() if file.stat().st_size > 1_000)
    key.unlink()
    return made


def link(path: Path, *folders: Path) -> None:
    with Library.open(path) as library:
        for folder in folders:
            library.sources.add(folder)


async def goes_there(here: Here) -> None:
    await here.press("W")
    await until(here.pilot, lambda: isinstance(here.app.screen, SourcesScreen))
    await until(here.pilot, lambda: "reading …" not in here.text)


async def says(here: Here, text: str) -> None:
    await until(here.pilot, lambda: text in here.text)


async def names(here: Here, place: str) -> None:
    """Type a path in answer to the question for one."""
    await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
    field = here.app.screen.query_one("#answer")
    field.value = place  # type: ignore[attr-defined]  # an Input
    await here.pilot.press("enter")


async def is_told(here: Here, text: str) -> None:
    """Wait for a question for a line of text that says so."""
    await until(here.pilot, lambda: isinstance(here.app.screen, AskText) and text in here.text)


async def is_asked(here: Here) -> str:
    await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
    await here.pilot.pause()
    assert here.app.focused is not None
    assert here.app.focused.id == "cancel"
    return here.text


async def answers(here: Here, *keys: str) -> None:
    await here.pilot.press(*keys)
    await until(here.pilot, lambda: isinstance(here.app.screen, SourcesScreen))


@SIZES
async def test_every_source_is_listed_with_how_it_stands(
    path: Path, voicebox: Voicebox, tmp_path: Path, size: tuple[int, int]
) -> None:
    other = Voicebox(tmp_path / "gone")
    other.take("soon gone")
    link(path, voicebox.folder, other.folder)
    shutil.rmtree(other.folder)
    before = state_of(voicebox.folder)
    async with opened(path, size) as here:
        await goes_there(here)
        await says(here, "2 linked")
        await says(here, "following")
        await says(here, "in trouble")
        await until(
            here.pilot, lambda: "[b]voices[laughs]" in here.text and "1 missing" in here.text
        )
        assert "3 takes" in here.text
        assert "to go" not in here.text
        await here.press("j")
        await says(here, "Bring")
    assert state_of(voicebox.folder) == before


@SIZES
async def test_adding_shows_what_is_there_and_asks_before_it_links(
    path: Path, voicebox: Voicebox, size: tuple[int, int]
) -> None:
    before = state_of(voicebox.folder)
    async with opened(path, size) as here:
        assert "source add" in here.text
        await goes_there(here)
        await says(here, "Nothing is linked yet")
        await here.pilot.press("a")
        await names(here, str(voicebox.folder / "nowhere"))
        await until(here.pilot, lambda: "there is no" in here.text)
        await names(here, str(voicebox.folder))
        await is_told(here, "No audio for 1 of 3 takes.")
        await names(here, "")
        said = await is_asked(here)
        for text in ("Link 3 takes?", "2 completed", "1 failed", "2 Anna", "1 Bob", "1 missing"):
            assert text in said, text
        assert "2026-03-01 to 2026-03-05" in said
        await answers(here, "enter")
        with here.library() as library:
            assert library.sources.list() == ()
        await here.pilot.press("a")
        await names(here, str(voicebox.folder))
        await is_told(here, "Which folder holds it?")
        await names(here, "")
        await is_asked(here)
        await answers(here, "tab", "enter")
        await says(here, "Linked. [b]voices[laughs]: 3 new.")
        await says(here, "1 linked")
        await here.press("u")
        await says(here, "nothing linked")
        with here.library() as library:
            assert library.trash.count() == 3
    assert state_of(voicebox.folder) == before


async def test_the_folder_of_audio_that_lies_apart_is_asked_for_and_counted_anew(
    path: Path, voicebox: Voicebox, tmp_path: Path
) -> None:
    apart = tmp_path / "[b]apart"
    apart.mkdir()
    (voicebox.folder / "generations").rename(apart / "generations")
    empty = tmp_path / "empty"
    empty.mkdir()
    before = state_of(voicebox.folder) | state_of(apart)
    async with opened(path) as here:
        await goes_there(here)
        await here.pilot.press("a")
        await names(here, str(voicebox.folder))
        await is_told(here, "No audio for 2 of 3 takes. Which folder holds it?")
        assert "nothing: link it as it is" in here.text
        await names(here, str(tmp_path / "nowhere"))
        await until(here.pilot, lambda: "isn't a folder" in here.text)
        await is_told(here, "2 of 3 takes")
        await names(here, str(empty))
        await is_told(here, "2 of 3 takes")
        await names(here, str(apart))
        await is_told(here, "No audio for 1 of 3 takes.")
        await here.pilot.press("enter")  # the same folder: the one that is missing is so there too
        said = await is_asked(here)
        assert "audio in" in said
        assert "1 missing" in said
        await answers(here, "tab", "enter")
        await says(here, "Linked. [b]voices[laughs]: 3 new.")
        with here.library() as library:
            (source,) = library.sources.list()
            assert source.root == str(apart)
            library.measuring.run()
            (heard,) = library.generations.list(HistoryQuery(search="the first")).items
            assert library.audio.path(heard).is_relative_to(apart)
    assert state_of(voicebox.folder) | state_of(apart) == before


async def test_leaving_the_question_for_audio_links_nothing(path: Path, voicebox: Voicebox) -> None:
    async with opened(path) as here:
        await goes_there(here)
        await here.pilot.press("a")
        await names(here, str(voicebox.folder))
        await is_told(here, "Which folder holds it?")
        await answers(here, "escape")
        await here.settled()
        assert here.app.desk.work is None
        with here.library() as library:
            assert library.sources.list() == ()


async def test_removing_asks_and_undo_brings_it_back_even_where_it_is_out_of_reach(
    path: Path, voicebox: Voicebox
) -> None:
    link(path, voicebox.folder)
    async with opened(path) as here:
        await goes_there(here)
        await says(here, "1 linked")
        await here.pilot.press("d")
        assert "3 takes go to the trash" in await is_asked(here)
        await answers(here, "enter")
        await says(here, "1 linked")
        await here.pilot.press("d")
        await is_asked(here)
        await answers(here, "tab", "enter")
        await says(here, "nothing linked")
        voicebox.folder.rename(voicebox.folder.with_name("elsewhere"))
        await here.press("u")
        await says(here, "1 linked")
        with here.library() as library:
            assert library.generations.count() == 3
            assert library.trash.count() == 0


async def test_syncing_by_hand_says_what_came(
    path: Path, voicebox: Voicebox, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(path, voicebox.folder)
    monkeypatch.setattr(Following, "step", lambda *_: None)  # only what is asked for
    async with opened(path) as here:
        await goes_there(here)
        await says(here, "1 linked")
        await here.press("s")
        await says(here, "[b]voices[laughs]: nothing new.")
        voicebox.take("new there")
        voicebox.change("DELETE FROM generations WHERE text = ?", "lost")
        await here.press("S")
        await says(here, "[b]voices[laughs]: 1 new, 1 gone there.")
        await says(here, "1 of them gone there")
        await here.press("escape")
        await until(here.pilot, lambda: here.app.screen is here.screen)
        await says(here, "gone there")
        shutil.rmtree(voicebox.folder)
        await goes_there(here)
        await says(here, "1 linked")
        await here.press("s")
        await says(here, "Bring")
        await says(here, "in trouble")


async def test_linking_can_be_called_off(
    path: Path, voicebox: Voicebox, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = Event(), Event()
    real = Sources.add

    def add(
        sources: Sources, place: str, *, audio: str | None = None, watch: Watch = unwatched
    ) -> Linked:
        watch(1, 3, "linking")
        begun.set()
        assert go.wait(30)
        watch(2, 3, "linking")
        return real(sources, place, audio=audio, watch=watch)

    monkeypatch.setattr(Sources, "add", add)
    async with opened(path) as here:
        await goes_there(here)
        await here.pilot.press("a")
        await names(here, str(voicebox.folder))
        await is_told(here, "Which folder holds it?")
        await names(here, "")
        await is_asked(here)
        await answers(here, "tab", "enter")
        await until(here.pilot, begun.is_set)
        await says(here, "1 of 3")
        await here.pilot.press("escape")
        await says(here, "ending")
        go.set()
        await says(here, "Called off")
        await here.press("W")
        await until(here.pilot, lambda: here.app.screen is here.screen)


async def test_measuring_in_the_background_is_told_while_it_goes_on(
    path: Path, voicebox: Voicebox, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(path, voicebox.folder)
    go = Event()
    real = Following.step

    def step(following: Following, on_screen: Sequence[str] = (), watch: Watch = unwatched) -> None:
        watch(0, 2, "measuring")
        assert go.wait(30)
        real(following, on_screen, watch)

    monkeypatch.setattr(Following, "step", step)
    async with opened(path) as here:
        await says(here, "measuring, 2 to go")
        await goes_there(here)
        await says(here, "measuring, 2 to go")
        assert "2 files still to be read" in here.text
        assert "0%" in here.text
        go.set()
        await until(here.pilot, lambda: "to go" not in here.text)
        await until(here.pilot, lambda: "still to be read" not in here.text)
        await here.press("W")
        await until(here.pilot, lambda: here.app.screen is here.screen)
        await until(here.pilot, lambda: "to go" not in here.text)


async def test_what_is_gone_at_its_source_says_so(path: Path, voicebox: Voicebox) -> None:
    link(path, voicebox.folder)
    voicebox.change("DELETE FROM generations WHERE text = ?", "failed")
    with Library.open(path) as library:
        library.sources.sync(library.sources.list()[0])
    async with opened(path, (160, 42)) as here:
        await says(here, "gone at its source")
        await here.press("enter")
        await says(here, "gone at its source since")


async def test_storage_leads_to_the_sources(path: Path, voicebox: Voicebox) -> None:
    link(path, voicebox.folder)
    async with opened(path) as here:
        await here.press("w")
        await until(here.pilot, lambda: isinstance(here.app.screen, StorageScreen))
        await here.press("s")
        await until(here.pilot, lambda: isinstance(here.app.screen, SourcesScreen))
        await here.press("w")
        await until(here.pilot, lambda: isinstance(here.app.screen, StorageScreen))
