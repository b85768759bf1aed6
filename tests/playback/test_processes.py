"""Helper processes: killed, orphaned, hurried, and always cleaned up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from rushes.playback import PlayerState, Playing
from tests.playback.conftest import MakePlayer, Wav
from tests.playback.fakes import PATIENCE, Recorder, children, process_state, source

# Says the numbers of its helpers once sound is on, and then does what it was told.
PERSON = """
import sys, time
from pathlib import Path
from rushes.playback import Player, Playing, Source
changes = []
player = Player(on_change=changes.append, log=Path(sys.argv[2]))
player.play(Source("clip", Path(sys.argv[1])))
while player.state.playing is Playing.LOADING:
    time.sleep(0.005)
print(player.state.playing, flush=True)
"""


@pytest.fixture
def minute(wav: Wav) -> Path:
    return wav(24_000 * 60, 1, 24_000)[0]


def gone(pid: int) -> bool:
    """Waits until there is no such process; one that nobody reaped is gone, too."""
    deadline = time.monotonic() + PATIENCE
    while process_state(pid) not in ("", "Z"):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def on(recorder: Recorder) -> PlayerState:
    return recorder.until(lambda state: state.playing is Playing.PLAYING)


def in_use() -> int:
    """The helper that plays: the one with threads or children of its own."""
    for pid in children():
        if len(list(Path(f"/proc/{pid}/task").iterdir())) > 1:
            return pid
    raise AssertionError(children())


@pytest.mark.usefixtures("slow_device")
def test_a_helper_that_is_killed_is_replaced_and_the_sound_goes_on_where_it_was(
    make_player: MakePlayer, minute: Path
) -> None:
    player, recorder = make_player(route="simpleaudio")
    for at in range(5, 25, 5):
        player.play(source(minute), at)
        recorder.until(lambda seen: seen.playing is Playing.PLAYING and not seen.error)
        os.kill(in_use(), signal.SIGKILL)
        state = recorder.until(lambda seen: seen.playing is Playing.PLAYING and bool(seen.error))
        assert "SIGKILL" in str(state.error)
        assert at <= state.position < at + 4
    player.play(source(minute))
    assert recorder.until(lambda seen: seen.position < 4).error is None


@pytest.mark.usefixtures("slow_device")
def test_many_starts_cut_overs_and_stops_leave_no_process_descriptor_or_memory(
    make_player: MakePlayer, wav: Wav
) -> None:
    # `make plays` sets PLAYS to 1,000: two starts and a stop each.
    plays = int(os.environ.get("PLAYS", "15"))
    clips = [source(wav(24_000 * 9 + number, 1, 24_000)[0]) for number in range(3)]
    player, recorder = make_player(route="simpleaudio")
    player.play(clips[0])
    on(recorder)
    open_before, shared_before = len(list(Path("/proc/self/fd").iterdir())), shared()
    for number in range(plays):
        for clip in (clips[number % 3], clips[(number + 1) % 3]):
            player.play(clip)
            key = clip.key
            state = recorder.until(
                lambda seen: seen.key == key and seen.playing is Playing.PLAYING  # noqa: B023
            )
            assert state.error is None
        player.stop()
        recorder.until(lambda seen: seen.playing is Playing.STOPPED)
        assert len(children()) <= 4
    assert "Z" not in children().values() or settled()
    assert len(list(Path("/proc/self/fd").iterdir())) <= open_before + 6
    player.close()
    assert not children()
    assert shared() <= shared_before


def settled() -> bool:
    """Waits until every helper that ended was reaped."""
    deadline = time.monotonic() + PATIENCE
    while "Z" in children().values():
        assert time.monotonic() < deadline, children()
        time.sleep(0.002)
    return True


def shared() -> int:
    """How many files without a name, in which clips lie, this process has open or mapped."""
    count = Path("/proc/self/maps").read_text().count("memfd:rushes")
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the folder's own is gone again
            count += "memfd:rushes" in str(path.readlink())
    return count


def test_a_spare_that_is_killed_is_missed_by_nobody(
    capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    player, recorder = make_player(route="simpleaudio")
    player.warm()
    recorder.until(lambda state: state.route is not None)
    path, samples = wav(24_000, 1, 24_000)
    for _ in range(5):
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        player.play(source(path))
        assert player.wait(PATIENCE).error is None
        assert np.array_equal(np.fromfile(capture, np.int16), samples.ravel())


@pytest.mark.usefixtures("slow_device")
def test_a_helper_that_hangs_is_cut_off_at_once(make_player: MakePlayer, minute: Path) -> None:
    player, recorder = make_player(route="simpleaudio")
    player.play(source(minute))
    on(recorder)
    hung = in_use()
    os.kill(hung, signal.SIGSTOP)
    player.play(source(minute), 30.0)
    recorder.until(lambda state: state.playing is Playing.PLAYING and state.position >= 30.0)
    assert gone(hung)


@pytest.mark.usefixtures("slow_device")
def test_stop_ends_the_process_that_sounds(make_player: MakePlayer, minute: Path) -> None:
    player, recorder = make_player(route="simpleaudio")
    player.play(source(minute))
    on(recorder)
    sounding = in_use()
    player.stop()
    assert gone(sounding)


@pytest.mark.usefixtures("slow_device")
def test_closing_leaves_no_process_and_no_zombie(make_player: MakePlayer, minute: Path) -> None:
    player, recorder = make_player(route="simpleaudio")
    player.play(source(minute))
    on(recorder)
    assert children()
    player.close()
    assert not children()


@pytest.mark.parametrize("route", ["simpleaudio", "miniaudio", "aplay"])
def test_a_thousand_hurried_wishes_leave_one_sound_and_no_zombie(
    route: str, capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    path, samples = wav(24_000 * 2, 1, 24_000)
    clips = [source(path), source(wav(24_000 * 2 + 1, 1, 24_000)[0])]
    player, recorder = make_player(route=route)
    dice = random.Random(11)
    wishes: list[Callable[[], None]] = [
        lambda: player.play(dice.choice(clips), dice.uniform(0, 2)),
        player.toggle,
        player.stop,
        lambda: player.seek(dice.uniform(0, 2)),
        lambda: player.nudge(dice.uniform(-1, 1)),
    ]
    for number in range(1000):
        dice.choice(wishes)()
        if number % 50 == 0:
            # Let sound begin now and then: most wishes are overtaken by the next.
            player.play(clips[1])
            recorder.until(lambda state: state.playing is not Playing.LOADING)
    player.play(clips[0])
    state = player.wait(PATIENCE)
    assert (state.key, state.error, state.position) == (path.stem, None, 2.0)
    assert np.array_equal(np.fromfile(capture, np.int16)[: samples.size], samples.ravel())
    assert len(children()) <= 4
    player.close()
    assert not children()


@pytest.mark.usefixtures("slow_device")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_helper_outlives_the_player(how: signal.Signals, minute: Path, tmp_path: Path) -> None:
    code = PERSON + "time.sleep(1000)"
    arguments = [sys.executable, "-c", code, str(minute), str(tmp_path / "log")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as person:
        assert person.stdout
        assert person.stdout.readline() == "playing\n"
        helpers = [
            int(pid)
            for task in Path(f"/proc/{person.pid}/task").iterdir()
            for pid in (task / "children").read_text().split()
        ]
        assert helpers
        person.send_signal(how)
    for pid in helpers:
        assert gone(pid)


@pytest.mark.usefixtures("slow_device")
def test_a_program_that_ends_without_closing_leaves_nothing(minute: Path, tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", PERSON, str(minute), str(tmp_path / "log")]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "playing\n", "")
    helpers = [
        path
        for path in Path("/proc").glob("[0-9]*")
        if "rushes.playback.helper" in _command(path) and _parent(path) == 1
    ]
    assert not helpers


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@pytest.mark.usefixtures("no_device")
def test_what_alsa_prints_goes_to_the_log_and_not_to_the_terminal(
    minute: Path, tmp_path: Path
) -> None:
    arguments = [sys.executable, "-c", PERSON, str(minute), str(tmp_path / "log")]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
    assert "ALSA" in (tmp_path / "log").read_text()


def test_a_file_in_the_working_folder_does_not_pass_for_a_module(
    capture: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_player: MakePlayer,
    wav: Wav,
) -> None:
    (tmp_path / "simpleaudio.py").write_text("raise SystemExit('taken in')")
    (tmp_path / "mmap.py").write_text("raise SystemExit('taken in')")
    monkeypatch.chdir(tmp_path)
    player, _ = make_player(route="simpleaudio")
    player.play(source(wav(100, 1, 24_000)[0]))
    assert player.wait(PATIENCE).error is None
    assert capture.exists()


def test_importing_the_player_loads_nothing_heavy() -> None:
    code = "import rushes.playback, rushes.playback.player, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "soundfile", "simpleaudio", "miniaudio", "textual", "sqlmodel"}
    assert not heavy & set(done.stdout.split())


def test_the_helper_starts_with_little() -> None:
    code = "import rushes.playback.helper, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "dataclasses", "subprocess", "logging", "rushes.playback.player"}
    assert not heavy & set(done.stdout.split())
