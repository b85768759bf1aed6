"""What reaches the laptop's loudspeaker through a real ssh: every sample, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rushes.config import Config
from rushes.library import Library
from rushes.media.decode import read_pcm16
from rushes.playback.doctor import tone
from rushes.playback.listening import frames
from rushes.playback.listening.place import host_name
from rushes.playback.listening.remote import Remote
from rushes.playback.state import Playing
from rushes.tui.app import RushesApp
from tests.listening.conftest import Desk, Laptop, MakeWav, until
from tests.listening.server import PATIENCE, Server
from tests.tui.driving import rows_shown, seen, take, voice
from tests.tui.driving import until as until_shown


def test_a_clip_is_heard_and_travels_once(desk: Desk, listening: Laptop, make_wav: MakeWav) -> None:
    path = make_wav()
    desk.heard_whole(path)
    samples = read_pcm16(path).samples.ravel()
    assert np.array_equal(listening.heard(), samples)
    (cached,) = listening.cached()
    assert cached.stat().st_mode & 0o777 == 0o600
    assert cached.parent.stat().st_mode & 0o777 == 0o700
    written = cached.stat().st_ino
    desk.heard_whole(path, at=0.25)
    assert np.array_equal(listening.heard(), samples[6_000:])
    assert listening.cached()[0].stat().st_ino == written


FORMATS = [("PCM_16", 24_000, 1), ("PCM_16", 48_000, 2), ("PCM_24", 44_100, 1)]


@pytest.mark.parametrize("knows_how", [True, False], ids=["makes", "too old"])
def test_what_is_made_louder_is_made_on_the_laptop_unless_that_is_too_old(
    *,
    knows_how: bool,
    desk: Desk,
    listening: Laptop,
    make_wav: MakeWav,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[int] = []
    send, can = Remote.send, Remote.can

    def noted(remote: Remote, kind: int, body: bytes = b"") -> None:
        sent.append(kind)
        send(remote, kind, body)

    path = make_wav()
    desk.heard_whole(path)
    monkeypatch.setattr(Remote, "send", noted)
    if not knows_how:
        monkeypatch.setattr(Remote, "can", lambda *words: words[1] != "make" and can(*words))
    desk.player.louder(-6.0)
    desk.heard_whole(path)
    samples = read_pcm16(path).samples.ravel()
    assert np.array_equal(listening.heard(), np.rint(samples * 10 ** (-6 / 20)))
    assert ({frames.DATA, frames.LEAN} & {*sent} == set()) is knows_how
    assert len(listening.cached()) == 2


async def test_space_in_the_screens_is_heard_on_the_laptop(
    listening: Laptop, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(server.home / "state"))
    random = np.random.default_rng(7)
    expected = []
    with Library.open(tmp_path / "takes") as library:
        for number, (subtype, rate, channels) in enumerate(FORMATS):
            clip = tmp_path / "clip.wav"
            soundfile.write(clip, random.uniform(-1, 1, (rate, channels)), rate, subtype=subtype)
            expected.append(read_pcm16(clip).samples.ravel())
            take(library, f"line {number}", number, audio=clip)
    app = RushesApp(tmp_path / "takes", Config(sound="auto"))
    async with app.run_test(size=(120, 40)) as pilot:
        await rows_shown(pilot)
        await until_shown(pilot, lambda: "(listening)" in seen(app))
        # The neighbours of the cursor are sent ahead, without anybody asking.
        await until_shown(pilot, lambda: len(listening.cached()) == len(FORMATS))
        for samples in reversed(expected):
            await pilot.press("space")
            await until_shown(pilot, lambda: np.array_equal(listening.heard(), samples))  # noqa: B023  # awaited
            await until_shown(pilot, lambda: app.desk.player.state.playing is Playing.STOPPED)
            await pilot.press("j")


async def test_the_screens_change_over_by_themselves_and_say_so(
    laptop: Laptop, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(server.home / "state"))
    with Library.open(tmp_path / "takes") as library:
        take(library, "line")
    app = RushesApp(tmp_path / "takes", Config(sound="listener"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await rows_shown(pilot)
        await until_shown(pilot, lambda: "Nobody listens." in seen(app))
        listener = laptop.listen([*server.client, "home"])
        await until_shown(pilot, lambda: "The sound comes out on" in seen(app))
        assert "(listening)" in seen(app)
        assert "no sound:" not in seen(app)
        listener.terminate()
        await until_shown(pilot, lambda: "Nobody listens any more" in seen(app))
        await until_shown(pilot, lambda: "no sound:" in seen(app))


async def test_what_may_be_heard_next_is_sent_ahead_from_an_open_take(
    listening: Laptop, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(server.home / "state"))
    monkeypatch.setattr("rushes.tui.widgets.history_list.NEIGHBOURS", (0, 1))
    with Library.open(tmp_path / "takes") as library:
        for number in range(8):
            words = "the same words" if number in (0, 5) else f"line {number}"
            made = take(library, words, number)
        library.versions.add(made.id, voice(0.7, 333), sample_rate=24_000)
    app = RushesApp(tmp_path / "takes", Config(sound="auto"))
    async with app.run_test(size=(120, 40)) as pilot:
        await rows_shown(pilot)
        await until_shown(pilot, lambda: len(listening.cached()) == 2)
        await pilot.press("enter")
        await until_shown(pilot, lambda: len(listening.cached()) == 3)  # its other version
        await pilot.press("j")
        await until_shown(pilot, lambda: len(listening.cached()) == 4)  # the next neighbour
        await pilot.press("j")
        await until_shown(pilot, lambda: len(listening.cached()) == 6)  # and the same words


def test_the_doctor_plays_its_tone_on_the_laptop_and_says_so(
    listening: Laptop, server: Server
) -> None:
    env = {**os.environ, "XDG_STATE_HOME": str(server.home / "state")}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "rushes", "audio", "doctor"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert f"Sound goes to {host_name()}: it comes first." in lines
    assert f"Three soft notes were played on {host_name()}." in lines
    assert lines[-1] == "Type: rushes"
    notes = tone()
    samples = np.frombuffer(os.pread(notes.descriptor, notes.frames * 2, 0), np.int16)
    notes.close()
    until(lambda: np.array_equal(listening.heard(), samples))


def test_rushes_play_is_heard_on_the_laptop(
    listening: Laptop, server: Server, make_wav: MakeWav, tmp_path: Path
) -> None:
    path = make_wav()
    with Library.open(tmp_path / "takes") as library:
        made = take(library, "line", audio=path)
    done = subprocess.run(
        [sys.executable, "-m", "rushes", "play", made.id],
        env={
            **os.environ,
            "RUSHES_LIBRARY": str(tmp_path / "takes"),
            "XDG_STATE_HOME": str(server.home / "state"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    until(lambda: np.array_equal(listening.heard(), read_pcm16(path).samples.ravel()))


def test_a_clip_that_was_deleted_while_it_plays_is_heard_whole(
    desk: Desk, listening: Laptop, make_wav: MakeWav
) -> None:
    path = make_wav(seconds=20)
    samples = read_pcm16(path).samples.ravel()
    desk.play(path)
    desk.recorder.until(lambda state: state.length > 0)
    path.unlink()
    state = desk.player.wait(PATIENCE)
    assert state.error is None
    assert np.array_equal(listening.heard(), samples)
