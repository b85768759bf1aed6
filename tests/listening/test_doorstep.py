"""A relay that waits for somebody to listen: programs are told so, and whoever listens gets in."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from rushes.errors import PlaybackError
from rushes.playback.listening import frames
from rushes.playback.listening.doorstep import Doorstep
from rushes.playback.listening.frames import Frame
from rushes.playback.listening.link import Link, socket_link
from rushes.playback.listening.place import Claim, connect
from rushes.playback.listening.relay import Relay
from rushes.playback.listening.remote import Remote, own_hello
from tests.listening.conftest import until

WORDS = "open the page and press Listen"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "relay" / "here.sock"


@pytest.fixture
def doorstep(place: Path) -> Doorstep:
    return Doorstep(place, own_hello(), WORDS)


def listen(place: Path) -> tuple[Link, threading.Thread, list[int]]:
    """A laptop that listens through a relay of its own; the kinds of frames that it got."""
    near, far = socket.socketpair()
    number = far.fileno()
    relay = Relay(place, own_hello())

    def serve() -> None:
        relay.serve(number, number, sever=lambda: far.shutdown(socket.SHUT_RDWR))
        far.detach()

    thread = threading.Thread(target=serve)
    thread.start()
    heard: list[int] = []
    laptop = socket_link(near, hear=lambda frame: heard.append(frame.kind), gone=lambda _: None)
    laptop.begin(Frame(frames.HELLO, 0, own_hello().packed()))
    until(lambda: frames.AWAKE in heard or not thread.is_alive())
    return laptop, thread, heard


def test_programs_are_told_what_to_do_until_somebody_listens(
    place: Path, doorstep: Doorstep
) -> None:
    doorstep.take()
    told: list[str] = []
    remote = Remote(place)
    remote.changed = lambda: told.append(remote.problem)
    remote.begin()
    assert remote.settled(20) is None
    until(lambda: remote.problem == WORDS)
    until(lambda: told)  # who owns the connection looks again
    laptop, thread, _ = listen(place)
    until(lambda: remote.listener is not None)
    assert remote.problem == ""
    laptop.close("enough")
    thread.join(20)
    until(lambda: remote.listener is None)
    remote.close()


def test_it_leaves_no_socket_and_no_thread_behind(place: Path, doorstep: Doorstep) -> None:
    before = threading.active_count()
    for _ in range(3):
        doorstep.take()
        doorstep.take()
        assert place.exists()
        connection = connect(place)
        assert connection is not None
        doorstep.leave()
        doorstep.leave()
        while connection.recv(4_096):
            pass
        connection.close()
        assert not place.exists()
    until(lambda: threading.active_count() == before)


def test_it_keeps_out_of_the_way_of_who_is_there_already(place: Path, doorstep: Doorstep) -> None:
    claim = Claim(place)
    listening = claim.listen()
    doorstep.take()
    doorstep.leave()
    assert place.exists()
    listening.close()
    claim.release()
    doorstep.take()
    assert place.exists()
    doorstep.leave()


def test_a_relay_that_ends_leaves_no_thread_behind(place: Path) -> None:
    before = threading.active_count()
    for _ in range(2):
        laptop, thread, _ = listen(place)
        laptop.close("enough")
        thread.join(20)
        assert not place.exists()
    until(lambda: threading.active_count() == before)


def test_in_one_process_one_relay_takes_over_from_another(place: Path) -> None:
    first, first_thread, heard = listen(place)
    second, second_thread, _ = listen(place)
    first_thread.join(20)
    assert not first_thread.is_alive()
    assert frames.BYE in heard
    assert second_thread.is_alive()
    second.close("enough")
    second_thread.join(20)
    first.close("enough")


def test_a_laptop_that_says_nothing_is_let_go_of(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.playback.listening.relay._HELLO_LIMIT", 0.01)
    near, far = socket.socketpair()
    number = far.fileno()
    with pytest.raises(PlaybackError, match="no listener answers"):
        Relay(place, own_hello()).serve(
            number, number, sever=lambda: far.shutdown(socket.SHUT_RDWR)
        )
    far.detach()
    near.settimeout(20)
    with near:
        while near.recv(4_096):
            pass
