"""Exporting and importing on the screen: asked, done with progress, called off, told."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from rushes.domain.exporting import Result
from rushes.domain.watch import Watch, unwatched
from rushes.library import Library
from rushes.library.exporting import Exporting
from rushes.library.imported import Imported
from rushes.library.importing import Importing
from rushes.tui.screens.ask_path import AskPath
from rushes.tui.screens.confirm import Confirm
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.export import ExportDialog
from rushes.tui.screens.under_way import UnderWay
from tests.exchange.voiceboxes import Voicebox, state_of
from tests.tui.driving import Here, opened, recorded, until, voice


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


async def shows(here: Here, kind: type) -> None:
    await until(
        here.pilot, lambda: isinstance(here.app.screen, kind) and here.app.screen.is_mounted
    )
    await here.pilot.pause()


async def says(here: Here, text: str) -> None:
    await until(here.pilot, lambda: text in here.text)


def put(here: Here, place: str, field: str = "#export-place") -> None:
    here.app.screen.query_one(field).value = place  # type: ignore[attr-defined]  # an Input


async def test_the_marked_rows_are_exported_as_what_was_chosen(path: Path, tmp_path: Path) -> None:
    recorded(path, 3)
    out = tmp_path / "out [b]"
    async with opened(path, (80, 24)) as here:
        await here.press("m", "m", "e")
        await shows(here, ExportDialog)
        assert "2 takes" in here.text
        put(here, str(out))
        await here.pilot.press("shift+tab", "right", "right", "right", "enter")
        await says(here, "Exported 2 takes to")
        assert sorted(file.suffix for file in out.iterdir()) == [".flac", ".flac"]
        await here.press("e")
        await shows(here, ExportDialog)
        assert here.app.screen.query_one("#export-place").value == str(out)  # type: ignore[attr-defined]  # an Input
        await here.pilot.press("escape")
        await until(here.pilot, lambda: here.app.screen is here.screen)


async def test_the_row_under_the_cursor_goes_into_an_archive_with_the_name_that_was_shown(
    path: Path, tmp_path: Path
) -> None:
    recorded(path, 2)
    async with opened(path) as here:
        await here.press("e")
        await shows(here, ExportDialog)
        put(here, str(tmp_path / "out"))
        await here.pilot.press("tab")
        pattern: Any = here.app.focused
        pattern.value = "{text}-{label}"
        await says(here, "line 1-original.zip")
        pattern.value = "{nothing}"
        await says(here, "there is no field")
        await here.pilot.press("enter")
        assert isinstance(here.app.screen, ExportDialog)
        pattern.value = "{text}"
        await here.pilot.press("enter")
        await says(here, "Exported 1 take to")
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "line 1.zip"
    assert zipfile.is_zipfile(file)


async def test_a_place_that_cannot_take_files_is_told_and_asked_for_again(
    path: Path, tmp_path: Path
) -> None:
    recorded(path, 1)
    (tmp_path / "file").touch()
    async with opened(path) as here:
        await here.press("e")
        await shows(here, ExportDialog)
        for place in (str(path / "audio"), str(tmp_path / "file")):
            put(here, place)
            await here.pilot.press("enter")
            await until(here.pilot, lambda: here.app._notifications)
            await shows(here, ExportDialog)
            here.app.clear_notifications()


async def test_one_take_is_exported_from_its_own_screen(path: Path, tmp_path: Path) -> None:
    recorded(path, 2)
    async with opened(path) as here:
        await here.press("enter")
        await shows(here, DetailScreen)
        await here.pilot.press("e")
        await shows(here, ExportDialog)
        put(here, str(tmp_path / "one.wav"))
        await here.pilot.press("shift+tab", "right", "enter")
        await until(here.pilot, (tmp_path / "one.wav").exists)
        await says(here, "Exported 1 take")


async def test_an_export_is_looked_on_called_off_and_left_going_on(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(path, 3)
    go = Event()
    real = Exporting.each

    def each(
        exporting: Exporting, wanted: Sequence[str], *places: Any, watch: Watch, **more: Any
    ) -> Iterator[Result]:
        watch(1, 3, "exporting")
        assert go.wait(30)
        watch(2, 3, "exporting")
        return real(exporting, wanted, *places, watch=watch, **more)

    monkeypatch.setattr(Exporting, "each", each)
    async with opened(path) as here:
        for key in ("escape", "enter"):
            go.clear()
            await here.press("e")
            await shows(here, ExportDialog)
            put(here, str(tmp_path / "out"))
            await here.pilot.press("enter")
            await shows(here, UnderWay)
            await says(here, "1 of 3")
            assert "leave it going on" in here.text
            await here.pilot.press(key)
            if key == "enter":
                await until(here.pilot, lambda: here.app.screen is here.screen)
                await says(here, "exporting 33%")
                await here.press("i")  # one piece of work at a time: this one is shown
                await shows(here, UnderWay)
            go.set()
            await says(here, "Called off" if key == "escape" else "Exported 1 take")
            await until(here.pilot, lambda: here.app.screen is here.screen)
    assert len(list((tmp_path / "out").iterdir())) == 1


async def test_an_archive_comes_in_at_once_and_undo_moves_it_to_the_trash(
    path: Path, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "other") as other:
        take = other.generations.record(
            profile="Cleo", text="[laughs] far away", audio=voice(), sample_rate=24_000
        )
        (done,) = other.exporting.export(take.id, tmp_path / "zips").done
    recorded(path, 2)
    async with opened(path) as here:
        await here.press("i")
        await shows(here, AskPath)
        put(here, done.file, "#answer")
        await here.pilot.press("enter")
        await says(here, "1 take copied in. u moves them to the trash.")
        await until(here.pilot, lambda: "[laughs] far away" in here.text)
        await here.press("u")
        await says(here, "Undone: 1 take moved to the trash")
        await here.press("i")
        await shows(here, AskPath)
        assert here.app.screen.query_one("#answer").value == done.file  # type: ignore[attr-defined]  # an Input
        await here.pilot.press("enter")
        await says(here, "1 take here already, 1 of them in the trash.")


async def test_a_history_is_looked_through_and_asked_about_first(
    path: Path, tmp_path: Path
) -> None:
    voicebox = Voicebox(tmp_path / "voices")
    voicebox.take("[/whisper] one")
    voicebox.take("failed", seconds=None, status="failed")
    before = state_of(voicebox.folder)
    async with opened(path) as here:
        await here.press("i")
        await shows(here, AskPath)
        put(here, str(tmp_path / "nowhere"), "#answer")
        await here.pilot.press("enter")
        await says(here, "there is no")
        await shows(here, AskPath)
        put(here, str(voicebox.folder), "#answer")
        await here.pilot.press("enter")
        await shows(here, Confirm)
        for said in ("Copy in 2 takes?", "1 completed", "1 failed", "Nothing is changed there."):
            assert said in here.text, said
        await here.pilot.press("enter")
        await until(here.pilot, lambda: here.app.screen is here.screen)
        with here.library() as library:
            assert library.generations.count() == 0
        await here.press("i")
        await shows(here, AskPath)
        await here.pilot.press("enter")
        await shows(here, Confirm)
        await here.pilot.press("tab", "enter")
        await says(here, "2 takes copied in")
    assert state_of(voicebox.folder) == before


async def test_a_folder_of_archives_is_asked_about_and_what_failed_is_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zips = tmp_path / "zips"
    zips.mkdir()
    for name in ("a.zip", "b.zip"):
        (zips / name).write_text("no archive")
    seen: list[Imported] = []
    real = Importing.copy_in

    def copy_in(importing: Importing, place: str, *, watch: Watch = unwatched) -> Imported:
        seen.append(real(importing, place, watch=watch))
        return seen[-1]

    monkeypatch.setattr(Importing, "copy_in", copy_in)
    async with opened(path) as here:
        await here.press("i")
        await shows(here, AskPath)
        put(here, str(zips), "#answer")
        await here.pilot.press("enter")
        await shows(here, Confirm)
        assert "2 ZIP archives lie there." in here.text
        await here.pilot.press("tab", "enter")
        await says(here, "2 failed: ")
    assert len(seen[0].failed) == 2


async def test_nothing_to_export_asks_nothing(path: Path) -> None:
    async with opened(path) as here:
        await here.press("e")
        assert here.app.screen is here.screen
