"""Exporting to the laptop: every format, whole files or none, and nothing left on the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import soundfile

from rushes.config import Config
from rushes.domain.exporting import ExportedFile, NotExported
from rushes.errors import TargetError
from rushes.library import Library
from rushes.media.decode import read_pcm16
from rushes.playback.listening.courier import Courier
from rushes.tui.app import RushesApp
from rushes.tui.screens.export import ExportDialog
from rushes.tui.screens.history import HistoryScreen
from tests.listening.conftest import Laptop, MakeWav, until
from tests.listening.server import Server, free_port
from tests.tui.driving import recorded, rows_shown, seen, take
from tests.tui.driving import until as until_shown


class Export:
    """``rushes export --to-laptop`` on the server, with a folder of its own for temporary files."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.library = folder / "takes"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.env = {
            **os.environ,
            "RUSHES_LIBRARY": str(self.library),
            "XDG_STATE_HOME": str(server.home / "state"),
            "TMPDIR": str(self.temporary),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "rushes", "export", "--to-laptop", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, env=self.env, text=True, **pipes)  # type: ignore[call-overload,no-any-return]  # pipes

    def __call__(self, *words: str) -> tuple[int, list[Path], str]:
        """Run it; give the exit code, where it says that the files lie, and what else it says."""
        export = self.start(*words)
        told, said = export.communicate()
        assert not list(self.temporary.iterdir()), "nothing is left on the server"
        return export.returncode, [Path(line) for line in told.splitlines()], said


@contextmanager
def thin_line(server: Server) -> Iterator[list[str]]:
    """A line to the server that carries 150 kB/s; gives ssh's options for it."""
    port = free_port()
    line = [sys.executable, "-m", "tests.listening.proxy"]
    proxy = subprocess.Popen([*line, str(port), str(server.port), "5", "150000"])
    try:
        yield server.through(port)
    finally:
        proxy.kill()
        proxy.wait()


@pytest.fixture
def export(server: Server, tmp_path: Path) -> Export:
    return Export(server, tmp_path)


def test_takes_land_in_the_downloads_in_every_form_and_named_as_by_any_export(
    listening: Laptop, export: Export
) -> None:
    takes = recorded(export.library, 3)
    downloads = listening.folder / "Downloads"
    code, zips, said = export(takes[0].id, takes[1].id, "--layout", "sonna")
    assert (code, {path.parent for path in zips}) == (0, {downloads})
    assert "2 takes exported to the laptop" in said
    for path, one in zip(zips, takes, strict=False):
        assert path.name == f"{one.profile_name}-2026-04-01-{one.text}-{one.id[:8]}.zip"
        assert "audio.wav" in zipfile.ZipFile(path).namelist()
    code, flacs, _ = export("--query", "line", "--format", "flac", "--name", "{profile} $")
    assert code == 0
    assert [path.name for path in flacs] == ["Anna $.flac", "Bob $.flac", "Anna $-2.flac"]
    assert soundfile.info(flacs[0]).format == "FLAC"
    with Library.open(export.library) as library:
        original = library.audio.path(takes[2])
    assert (read_pcm16(flacs[0]).samples == read_pcm16(original).samples).all()
    assert sorted(downloads.iterdir()) == sorted([*zips, *flacs])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_export_that_is_called_off_leaves_nothing_on_either_side(
    number: signal.Signals, laptop: Laptop, server: Server, export: Export, make_wav: MakeWav
) -> None:
    with thin_line(server) as way:
        laptop.listen([*way, "home"])
        until(server.relay_socket.exists)
        with Library.open(export.library) as library:
            one = take(library, "long", audio=make_wav(seconds=60.0))
        downloads = laptop.folder / "Downloads"
        running = export.start(one.id, "--audio-only")
        until(
            lambda: downloads.exists() and any(path.stat().st_size for path in downloads.iterdir())
        )
        assert not [file for file in export.temporary.rglob("*") if file.is_file()]
        running.send_signal(number)
        _, said = running.communicate()
        assert (running.returncode, said) == (128 + number, "")
        until(lambda: not list(downloads.iterdir()))
        assert not list(export.temporary.iterdir())


def test_a_laptop_that_stays_away_fails_the_rest_for_that_reason(
    listening: Laptop, server: Server, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(export.temporary))
    takes = recorded(export.library, 3)
    courier = Courier(server.relay_socket, patience=0.5)

    def watch(done: int, total: int, doing: str = "") -> None:
        assert total == 3
        if done == 1 and not doing.startswith("sending"):
            listening.close()

    with Library.open(export.library) as library:
        ids = [one.id for one in takes]
        first, *rest = library.exporting.each_carried(ids, courier.carry, watch=watch)
    courier.close()
    assert isinstance(first, ExportedFile)
    assert Path(first.file).stat().st_size == first.bytes
    assert [one.id for one in rest] == ids[1:]
    for one in rest:
        assert isinstance(one, NotExported)
        assert isinstance(one.error, TargetError)
        assert "out of reach" in str(one.error)
    assert not list(export.temporary.iterdir())


async def test_the_dialog_offers_the_laptop_shows_how_far_it_is_and_calls_it_off(
    laptop: Laptop,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_wav: MakeWav,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(server.home / "state"))
    recorded(tmp_path / "takes", 2)
    with Library.open(tmp_path / "takes") as library:
        take(library, "long", 9, audio=make_wav(seconds=60.0))
    downloads = laptop.folder / "Downloads"
    app = RushesApp(tmp_path / "takes", Config(sound="listener"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await rows_shown(pilot)
        await until_shown(pilot, lambda: "Nobody listens." in seen(app))
        await pilot.press("e")
        await until_shown(pilot, lambda: isinstance(app.screen, ExportDialog))
        assert "laptop" not in seen(app)
        await pilot.press("escape")
        with thin_line(server) as way:
            laptop.listen([*way, "home"])
            await until_shown(pilot, lambda: "(listening)" in seen(app))
            await pilot.press("j", "m", "m", "e")
            await until_shown(pilot, lambda: isinstance(app.screen, ExportDialog))
            await pilot.press("shift+tab", "right")
            await until_shown(pilot, lambda: "the downloads folder of" in seen(app))
            await pilot.press("enter")
            await until_shown(pilot, lambda: "Exported 2 takes to the downloads of" in seen(app))
            assert len(list(downloads.glob("*.zip"))) == len(list(downloads.iterdir())) == 2
            await until_shown(pilot, lambda: isinstance(app.screen, HistoryScreen))
            await pilot.press("escape", "g", "e")
            await until_shown(pilot, lambda: isinstance(app.screen, ExportDialog))
            assert "the downloads folder of" in seen(app)
            await pilot.press("enter")
            await until_shown(pilot, lambda: "taking home: sending" in seen(app))
            await until_shown(pilot, lambda: len(list(downloads.iterdir())) == 3)
            await pilot.press("escape")
            await until_shown(pilot, lambda: "Called off" in seen(app))
            await until_shown(pilot, lambda: len(list(downloads.iterdir())) == 2)
