"""Files from the server in the laptop's downloads: whole, checked, and resumed after a break."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rushes.errors import RushesError
from rushes.playback.listening import frames
from rushes.playback.listening.courier import Courier
from rushes.playback.listening.frames import Frame
from rushes.playback.listening.homecoming import Homecoming, harmless
from tests.listening.conftest import Laptop, children_of
from tests.listening.server import Server


def test_home_puts_files_into_the_downloads_and_says_where(
    listening: Laptop, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "Anna – hello.wav"
    file.write_bytes(os.urandom(300_000))
    command = [sys.executable, "-P", "-m", "rushes", "home", str(file), str(file)]
    env = {**os.environ, "XDG_STATE_HOME": str(server.home / "state")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = (Path(line) for line in done.stdout.splitlines())
    assert first.parent == second.parent == listening.folder / "Downloads"
    assert (first.name, second.name) == (file.name, "Anna – hello-2.wav")
    assert first.read_bytes() == second.read_bytes() == file.read_bytes()
    assert sorted(first.parent.iterdir()) == sorted([first, second]), "nothing else is left"
    assert f"taken home: {first}" in listening.said


def test_a_break_is_mended_and_what_had_come_stays(
    listening: Laptop, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "long.wav"
    file.write_bytes(os.urandom(8_000_000))
    there: list[int] = []

    def watch(done: int, total: int) -> None:
        if not there and done > total // 4:
            (ssh,) = children_of(listening.listeners[0].pid, b"ssh\0")
            os.kill(ssh, signal.SIGKILL)
            there.append(done)
        elif there and done:
            there.append(done)

    courier = Courier(server.relay_socket)
    landed = courier.take(file, watch)
    courier.close()
    assert Path(landed).read_bytes() == file.read_bytes()
    assert min(there) >= 8_000_000 // 4, "nothing came twice"
    assert "out of reach" in listening.said


@pytest.mark.usefixtures("listening")
def test_what_is_neither_audio_nor_an_archive_is_refused(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "run.desktop"
    file.write_text("[Desktop Entry]")
    courier = Courier(server.relay_socket)
    with pytest.raises(RushesError, match="aren't taken"):
        courier.take(file)
    courier.close()


def test_without_a_listener_it_says_what_to_type(server: Server) -> None:
    with pytest.raises(RushesError, match="rushes listen USER@HOST"):
        Courier(server.relay_socket)


@pytest.mark.parametrize(
    ("proposed", "name"),
    [
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".profile", "profile"),
        ("", "take"),
        ("...", "take"),
        ("a\x1b[2Jb.wav", "a␛[2Jb.wav"),
        ("a:b?.wav", "ab.wav"),
    ],
)
def test_a_name_is_a_name_and_no_path(proposed: str, name: str) -> None:
    assert harmless(proposed) == name
    assert len(os.fsencode(harmless("é" * 4_000 + ".wav"))) < 200


def test_other_bytes_than_announced_leave_nothing_behind(tmp_path: Path) -> None:
    answers: list[tuple[int, int, bytes]] = []
    home = Homecoming(
        tmp_path, lambda kind, channel, body: answers.append((kind, channel, body)), lambda _: None
    )
    home.hear(Frame(frames.FILE, 1, frames.pack_file(7, 10, b"\0" * 32, "a.wav")))
    home.hear(Frame(frames.PART, 1, frames.pack_part(7, 0, b"0123456789")))
    assert [kind for kind, _, _ in answers] == [frames.FROM, frames.FROM, frames.UNLANDED]
    assert not list(tmp_path.iterdir())
