"""What goes wrong between a server and a laptop: each is said, and mends itself."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rushes.media.decode import read_pcm16
from rushes.playback.listening import frames
from rushes.playback.listening.frames import Frame, Hello
from rushes.playback.listening.place import Claim, connect
from rushes.playback.state import Playing
from tests.listening.conftest import Desk, Laptop, MakeDesk, MakeWav, children_of, until
from tests.listening.server import Server
from tests.small_disk import small_disk

SLEEP_SECONDS = float(os.environ.get("SLEEP_SECONDS", "0"))
"""How long a laptop sleeps at least; `make sleep` has it sleep for half a minute."""


def is_heard(laptop: Laptop, path: Path) -> bool:
    return np.array_equal(laptop.heard(), read_pcm16(path).samples.ravel())


def plays_again(desk: Desk, laptop: Laptop, path: Path) -> None:
    """The sound goes to the laptop again, and a clip is heard there."""
    desk.routed("listener")
    desk.heard_whole(path)
    assert is_heard(laptop, path)


def relays(server: Server) -> list[int]:
    """The processes of relays on this server."""
    home = f"\0XDG_STATE_HOME={server.home}/state\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            ours = home in b"\0" + (folder / "environ").read_bytes()
            if ours and b"relay" in words and b"-P" in words:
                found.append(int(folder.name))
    return found


@pytest.mark.parametrize("victim", ["ssh", "relay"])
def test_what_is_killed_in_between_comes_back_by_itself(
    victim: str, desk: Desk, listening: Laptop, server: Server, make_wav: MakeWav
) -> None:
    path = make_wav()
    desk.heard_whole(path)
    listener = listening.listeners[0]
    (ssh,) = children_of(listener.pid, b"ssh\0")
    (relay,) = relays(server)
    os.kill(ssh if victim == "ssh" else relay, signal.SIGKILL)
    state = desk.routed("silence")
    assert state.route is not None
    assert "rushes listen" in state.route.hint
    plays_again(desk, listening, path)
    assert "is out of reach" in listening.said


def test_a_laptop_that_sleeps_is_noticed_and_welcome_when_it_wakes(
    desk: Desk, listening: Laptop, make_wav: MakeWav
) -> None:
    path = make_wav()
    desk.heard_whole(path)
    listener = listening.listeners[0]
    asleep_since = time.monotonic()
    os.killpg(listener.pid, signal.SIGSTOP)
    desk.routed("silence")
    desk.play(path)
    state = desk.recorder.until(lambda state: state.error is not None)
    assert "rushes listen" in str(state.error)
    time.sleep(max(0.0, SLEEP_SECONDS + asleep_since - time.monotonic()))
    os.killpg(listener.pid, signal.SIGCONT)
    plays_again(desk, listening, path)


def test_a_cache_that_takes_nothing_is_said_and_memory_serves(
    laptop: Laptop, server: Server, make_desk: MakeDesk, make_wav: MakeWav
) -> None:
    path = make_wav()
    place = laptop.folder / ".cache" / "rushes" / "clips"
    place.parent.mkdir(parents=True)
    place.write_text("in the way")
    laptop.listen([*server.client, "home"])
    until(server.relay_socket.exists)
    desk = make_desk()
    desk.routed("listener")
    for _ in range(2):
        desk.heard_whole(path)
        assert is_heard(laptop, path)
    until(lambda: "memory serves" in laptop.said)


def test_a_cache_on_a_full_disk_is_said_and_memory_serves_until_there_is_room(
    laptop: Laptop, server: Server, make_desk: MakeDesk, make_wav: MakeWav
) -> None:
    with small_disk(laptop.folder / ".cache", "128k") as disk:
        laptop.listen([*server.client, "home"])
        until(server.relay_socket.exists)
        desk = make_desk()
        desk.routed("listener")
        clips = [make_wav(f"clip {number}") for number in range(4)]  # 48 KB each
        for path in clips:
            desk.heard_whole(path)
            assert is_heard(laptop, path)
        assert len(laptop.cached()) == 2
        until(lambda: "memory serves" in laptop.said)
        for path in laptop.cached():
            path.unlink()
        for path in (make_wav("later"), *clips[::-1]):
            desk.heard_whole(path)
            assert is_heard(laptop, path)
        assert laptop.cached()
        assert not list(disk.rglob("*.part"))


def test_of_two_programs_the_one_that_plays_last_is_heard(
    slow_laptop: Laptop, make_desk: MakeDesk, make_wav: MakeWav
) -> None:
    assert not slow_laptop.heard().size
    first, second = make_wav("first", seconds=30), make_wav("second")
    desk, other = make_desk(), make_desk()
    desk.routed("listener")
    other.routed("listener")
    desk.play(first)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    other.play(second)
    other.recorder.until(lambda state: state.playing is Playing.PLAYING)
    state = desk.recorder.until(lambda state: state.playing is Playing.STOPPED)
    assert "another rushes plays on the laptop" in str(state.error)
    assert state.route is not None
    assert state.route.name == "listener"


def test_a_second_listener_takes_over_and_the_first_one_ends(
    desk: Desk, listening: Laptop, server: Server, tmp_path: Path, make_wav: MakeWav
) -> None:
    path = make_wav()
    other = Laptop(tmp_path / "other")
    try:
        other.listen([*server.client, "home"])
        until(lambda: listening.listeners[0].poll() is not None)
        assert listening.listeners[0].returncode == 0
        assert "has taken over" in listening.said
        until(lambda: "listening to" in other.said)
        until(lambda: desk.player.state.route and desk.player.state.route.name == "listener")
        until(lambda: _plays(desk, path) and is_heard(other, path))
        assert not len(listening.heard())
    finally:
        other.close()


def _plays(desk: Desk, path: Path) -> bool:
    desk.play(path)
    return desk.player.wait(20).error is None


@pytest.mark.usefixtures("listening")
def test_a_relay_that_hangs_is_replaced(server: Server, tmp_path: Path) -> None:
    (hanging,) = relays(server)
    os.kill(hanging, signal.SIGSTOP)
    other = Laptop(tmp_path / "other")
    try:
        other.listen([*server.client, "home"])
        until(lambda: "listening to" in other.said)
        (relay,) = relays(server)
        assert relay != hanging
    finally:
        other.close()


@pytest.mark.parametrize("too_old", ["laptop", "server"])
def test_versions_that_cannot_talk_say_which_is_too_old(
    too_old: str, laptop: Laptop, server: Server, tmp_path: Path
) -> None:
    """The other side is a small program that speaks a protocol of another time."""
    theirs = 0 if too_old == "server" else 9
    hello = Hello("9.9" if theirs else "0.0", "rack", protocol=theirs, oldest=theirs)
    words = frames.MAGIC + Frame(frames.HELLO, 0, hello.packed()).packed()
    said = tmp_path / "said"
    said.write_bytes(words)
    listener = laptop.listen([*server.client, "home"], command=f"cat {said}; sleep 5")
    assert listener.wait(20) == 1
    assert "is too old for" in laptop.said
    assert "pip install -U rushes" in laptop.said
    assert len(laptop.said.strip().splitlines()) == 1


def test_an_old_listener_is_told_so(tmp_path: Path) -> None:
    relay = relay_here(tmp_path)
    old = Hello("0.0", "laptop", protocol=0, oldest=0)
    assert relay.stdin is not None
    assert relay.stdout is not None
    assert relay.stderr is not None
    with relay.stdin as words, relay.stdout as answers, relay.stderr as complaints:
        words.write(frames.MAGIC + Frame(frames.HELLO, 0, old.packed()).packed())
        words.flush()
        told, complaint = answers.read(), complaints.read()
    assert relay.wait(20) == 1
    assert b"is too old for" in complaint
    assert b"Traceback" not in complaint
    unpacked = frames.Unpacker().feed(told)
    assert [frame.kind for frame in unpacked] == [frames.HELLO, frames.BYE]


def relay_here(folder: Path) -> subprocess.Popen[bytes]:
    """A relay that speaks with the test, as ssh would have it."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "rushes", "relay", "--ping", "0.2"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "XDG_STATE_HOME": str(folder / "state")},
    )


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"Welcome to rack\r\n" * 40_000,
        frames.MAGIC + b"\xff" * 64,
        frames.MAGIC + Frame(frames.HELLO, 0, b'{"rushes": 1').packed(),
        frames.MAGIC + Frame(frames.HELLO, 0, b"[" * 60_000).packed(),
    ],
    ids=["nothing", "no end of words", "no frame", "no JSON", "deep JSON"],
)
def test_garbage_in_place_of_a_laptop_ends_the_relay_with_one_line(
    garbage: bytes, tmp_path: Path
) -> None:
    relay = relay_here(tmp_path)
    _, complaint = relay.communicate(garbage, timeout=20)
    assert relay.returncode == 1
    (line,) = complaint.decode().splitlines()
    assert line.startswith("rushes: no listener answers")


def test_a_host_that_answers_nonsense_is_told_in_one_line(laptop: Laptop, server: Server) -> None:
    listener = laptop.listen([*server.client, "home"], command="yes nonsense")
    assert listener.wait(20) == 1
    assert "no relay answers on home: no rushes answers there" in laptop.said


def test_a_host_without_rushes_and_one_that_is_not_there_are_told_apart(
    laptop: Laptop, server: Server
) -> None:
    listener = laptop.listen([*server.client, "home"], command="no-such-program")
    assert listener.wait(20) == 1
    assert "there is no rushes on home" in laptop.said
    listener = laptop.listen([*server.client, "-p", "1", "home"])
    assert listener.wait(20) == 1
    assert "ssh doesn't reach home" in laptop.said


def test_a_program_that_sends_nonsense_is_shown_out_and_the_others_stay(
    desk: Desk, server: Server, make_wav: MakeWav
) -> None:
    path = make_wav()
    desk.heard_whole(path)
    intruder = connect(server.relay_socket)
    assert intruder is not None
    with intruder:
        intruder.sendall(frames.MAGIC + b"\xff" * 4_000)
        with contextlib.suppress(ConnectionError):
            while intruder.recv(65_536):
                pass
    desk.heard_whole(path)


def test_a_socket_that_was_left_behind_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "relay" / "host.sock"
    path.parent.mkdir(mode=0o755)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    assert connect(path) is None
    claim = Claim(path)
    with claim.listen() as listening:
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        with pytest.raises(BlockingIOError):
            Claim(path)
        connection = connect(path)
        assert connection is not None
        with connection, listening.accept()[0]:
            pass
    claim.release()
    assert connect(path) is None


def test_a_path_that_is_too_long_for_a_socket_serves_as_well(tmp_path: Path) -> None:
    path = tmp_path / ("long" * 30) / "host.sock"
    claim = Claim(path)
    with claim.listen() as listening:
        connection = connect(path)
        assert connection is not None
        with connection, listening.accept()[0]:
            pass
    claim.release()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.usefixtures("listening")
def test_another_user_of_the_server_can_neither_listen_nor_play(server: Server) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    for folder in [server.relay_socket.parent.parent, *server.relay_socket.parents[2:-1]]:
        folder.chmod(folder.stat().st_mode | 0o711)
    script = (
        "import os, socket, sys\n"
        "os.setuid(int(sys.argv[1]))\n"
        "try:\n"
        "    socket.socket(socket.AF_UNIX).connect(sys.argv[2])\n"
        "except PermissionError:\n"
        "    sys.exit(7)\n"
    )
    command = [sys.executable, "-c", script, str(nobody), str(server.relay_socket)]
    assert subprocess.run(command, check=False).returncode == 7
    # Even where the folder lets them in, the relay looks who it is.
    server.relay_socket.parent.chmod(0o777)
    server.relay_socket.chmod(0o777)
    script = script.replace(
        ".connect(sys.argv[2])",
        "\n    c = socket.socket(socket.AF_UNIX); c.connect(sys.argv[2])\n"
        "    sys.exit(7 if c.recv(100) == b'' else 1)",
    )
    command = [sys.executable, "-c", script, str(nobody), str(server.relay_socket)]
    assert subprocess.run(command, check=False).returncode == 7
