"""The whole application while its sound server accepts and says nothing, and when one answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rushes.config import Config
from rushes.playback.state import Playing
from rushes.tui.app import RushesApp
from tests.playback import pulse
from tests.playback.conftest import use_alsa
from tests.playback.fakes import process_state
from tests.playback.pulse import PulseServer, Recording
from tests.tui.driving import recorded, rows_shown, seen, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

pytestmark = pytest.mark.skipif(not pulse.is_installed(), reason="PulseAudio isn't installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the sound server is looked for; patience is short, and looks are frequent."""
    folder = tmp_path / "pulse"
    folder.mkdir()
    use_alsa(monkeypatch, folder, pulse.ALSA)
    for name in ("SSH_CONNECTION", "PIPEWIRE_REMOTE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{folder / 'native'}")
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(folder / "run"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    monkeypatch.setattr("rushes.playback.helper_sink.PROBE_LIMIT", 1.0)
    monkeypatch.setattr("rushes.playback.engine.START_LIMIT", 1.0)
    monkeypatch.setattr("rushes.playback.outlet.LOOK_EVERY", 0.1)
    return folder


@pytest.fixture
def mute_server(folder: Path) -> Iterator[socket.socket]:
    """A server that accepts connections and never says a word."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "native"))
        listening.listen(64)
        yield listening


async def test_on_a_server_that_never_answers_keys_are_answered_and_a_real_one_is_found(
    folder: Path, mute_server: socket.socket, tmp_path: Path
) -> None:
    recorded(tmp_path / "takes", 8)
    app = RushesApp(tmp_path / "takes", Config(sound="auto"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        screen = await rows_shown(pilot)
        await until(pilot, lambda: app.desk.has_player)
        for step in range(1, 5):
            # The way out is being looked for, in vain, all the while.
            assert app.desk.player.state.route is None
            await pilot.press("j", *(["space"] if step == 2 else []))
            await until(pilot, lambda: screen.list.cursor == step)  # noqa: B023  # awaited
        await until(pilot, lambda: app.desk.player.state.playing is Playing.LOADING)
        await until(pilot, lambda: "no sound:" in seen(app))
        assert "doesn't answer" in seen(app)
        await until(pilot, lambda: app.desk.player.state.playing is Playing.STOPPED)
        await pilot.press("g")
        await until(pilot, lambda: screen.list.cursor == 0)

        mute_server.close()
        (folder / "native").unlink()
        server = PulseServer(folder)
        try:
            await until(pilot, lambda: "loudspeaker (simpleaudio)" in seen(app))
            assert "no sound:" not in seen(app)
            await is_heard(pilot, server)
            await freezes_and_thaws(pilot, server)
        finally:
            await pilot.press("q")
            server.close()


async def is_heard(pilot: Pilot[Any], server: PulseServer) -> None:
    """Play what is under the cursor, to the end, and look that it has come out."""
    app = pilot.app
    assert isinstance(app, RushesApp)
    recording = Recording(server)
    try:
        await pilot.press("space")
        await until(pilot, lambda: bool(recording.samples.any()))
        await until(pilot, lambda: app.desk.player.state.playing is Playing.STOPPED)
    finally:
        recording.close()


async def freezes_and_thaws(pilot: Pilot[Any], server: PulseServer) -> None:
    """The server stops answering while the screens are up, and goes on."""
    app = pilot.app
    assert isinstance(app, RushesApp)
    server.freeze()
    await until(pilot, lambda: process_state(server.process.pid) == "T")
    screen = await rows_shown(pilot)
    app.clear_notifications()
    await pilot.press("space", "j")
    await until(pilot, lambda: screen.list.cursor == 1)
    await until(pilot, lambda: bool(app.desk.player.state.error))
    await until(pilot, lambda: "the sound device doesn't answer" in seen(app))
    await pilot.press("k")
    await until(pilot, lambda: screen.list.cursor == 0)
    server.thaw()
    await is_heard(pilot, server)
