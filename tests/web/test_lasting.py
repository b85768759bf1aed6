"""What lasts and what ends: tunnels that break, pages that take over, servers that stop."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket

from rushes.api.access import COOKIE
from rushes.api.page.bridge import MOST_PAGES
from rushes.playback.listening import frames
from rushes.playback.listening.frames import Frame, Unpacker
from rushes.playback.listening.place import connect
from rushes.playback.listening.remote import own_hello
from tests.listening.conftest import until
from tests.listening.server import SSHD, Server, answers, free_port, start_server
from tests.web.browser import Page
from tests.web.conftest import (
    MakeDesk,
    MakePage,
    Site,
    clip,
    is_listening,
    noise,
    signed_in,
    start_site,
)

INVITED = "!document.querySelector('#welcome').hidden"


@pytest.fixture
def own_site(tmp_path: Path, takes: Path) -> Iterator[Site]:
    """A server that the test may end."""
    site = start_site(tmp_path / "server", takes)
    yield site
    site.close()


@pytest.fixture
def ssh_server(tmp_path: Path) -> Iterator[Server]:
    """A real sshd, which lets ports through."""
    if SSHD is None:
        pytest.skip("openssh-server isn't installed")
    server = start_server(tmp_path, forwarding=True)
    yield server
    server.close()


def listen(page: Page) -> Page:
    signed_in(page).click("#listen")
    is_listening(page)
    return page


def test_it_ends_while_a_page_listens_and_everybody_is_told(
    open_page: MakePage, own_site: Site, make_desk: MakeDesk, tmp_path: Path
) -> None:
    page = listen(open_page(own_site.entrance, complains=True))
    desk = make_desk(own_site)
    desk.routed("listener")
    desk.play(clip(tmp_path, noise(30), "long").path)
    page.until("document.querySelector('#deck:not([hidden]):not(.still)') !== null")
    own_site.process.send_signal(signal.SIGTERM)
    assert own_site.process.wait(20) == 0
    assert not own_site.relay_socket.exists()
    state = desk.routed("silence")
    assert "rushes listen" in (state.route.hint if state.route else "")
    page.until("document.querySelector('#route').className === 'waiting'")
    page.until("document.querySelector('#deck').hidden")
    assert "Traceback" not in own_site.said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_other_signals_end_it_as_cleanly(own_site: Site, number: signal.Signals) -> None:
    with sound_of(own_site) as page:
        greet(page)
        own_site.process.send_signal(number)
        assert own_site.process.wait(20) == 0
        with contextlib.suppress(ConnectionClosed):
            for _ in page:
                pass  # until it is closed
    assert not own_site.relay_socket.exists()
    assert "Traceback" not in own_site.said


def test_who_comes_after_a_restart_with_the_old_token_is_told(
    open_page: MakePage, own_site: Site, takes: Path, tmp_path: Path
) -> None:
    page = listen(open_page(own_site.entrance, complains=True))
    own_site.close()
    after = start_site(tmp_path / "anew", takes, own_site.port)
    try:
        page.value("dispatchEvent(new Event('online'))")  # the network is back, it seems
        page.until("!document.querySelector('#closed').hidden")
        page.until("document.querySelector('#deck').hidden")
        page.go(after.entrance)  # in the same tab
        page.until("location.hash === '' && !document.querySelector('#history').hidden")
        signed_in(page)
    finally:
        after.close()


def test_a_tunnel_that_breaks_is_taken_up_again(
    open_page: MakePage,
    site: Site,
    ssh_server: Server,
    make_desk: MakeDesk,
    tmp_path: Path,
) -> None:
    port = free_port()
    forward = f"{port}:127.0.0.1:{site.port}"
    command = ["ssh", *ssh_server.client, "-o", "ExitOnForwardFailure=yes", "-N", "-L", forward]
    tunnel = subprocess.Popen([*command, "home"])
    until(lambda: answers(port))
    page = listen(open_page(f"http://127.0.0.1:{port}/#{site.token}", complains=True))
    desk = make_desk(site)
    desk.routed("listener")
    tunnel.kill()
    tunnel.wait()
    state = desk.routed("silence")
    assert state.route is not None
    page.until("document.querySelector('#route').className === 'waiting'")
    tunnel = subprocess.Popen([*command, "home"])
    is_listening(page)
    desk.routed("listener")
    desk.heard_whole(clip(tmp_path, noise(0.5), "again").path)
    tunnel.kill()
    tunnel.wait()


def test_one_page_listens_and_the_other_can_take_it_back(
    open_page: MakePage, site: Site, make_desk: MakeDesk
) -> None:
    first, second = (open_page(site.entrance) for _ in range(2))
    listen(first)
    listen(second)
    first.until(INVITED)
    words = first.value("document.querySelector('#welcome-words').textContent")
    assert "a listener on browser has taken over" in words
    first.click("#listen")
    is_listening(first)
    second.until(INVITED)
    desk = make_desk(site)
    state = desk.routed("listener")
    assert state.route is not None
    assert state.route.label == "browser (listening)"


def test_until_somebody_presses_listen_the_player_is_told_what_to_do(
    page: Page, site: Site, make_desk: MakeDesk
) -> None:
    page.until(INVITED)
    desk = make_desk(site)
    state = desk.recorder.until(
        lambda state: state.route is not None and "press Listen" in state.route.hint
    )
    assert state.route is not None
    assert not state.route.heard
    page.click("#listen")
    desk.routed("listener")
    page.close()
    desk.recorder.until(lambda state: state.route is not None and "Listen" in state.route.hint)
    until(lambda: is_there(site))


def is_there(site: Site) -> bool:
    connection = connect(site.relay_socket)
    if connection is not None:
        connection.close()
    return connection is not None


def sound_of(site: Site) -> ClientConnection:
    """The page's WebSocket, without a page."""
    address = site.address.replace("http", "ws") + "/page/sound"
    cookie = [("Cookie", f"{COOKIE}={site.token}")]
    return open_socket(address, additional_headers=cookie, proxy=None)


def greet(page: ClientConnection) -> None:
    """Begin to listen."""
    page.send(frames.MAGIC + Frame(frames.HELLO, 0, own_hello().packed()).packed())
    unpacker = Unpacker()
    kinds: set[int] = set()
    while frames.AWAKE not in kinds:
        data = page.recv(timeout=20)
        assert isinstance(data, bytes)
        kinds.update(frame.kind for frame in unpacker.feed(data))


def test_pages_that_come_and_go_leave_nothing_behind(own_site: Site) -> None:
    descriptors = Path(f"/proc/{own_site.process.pid}/fd")
    before = len(list(descriptors.iterdir()))
    for _ in range(5):
        with sound_of(own_site) as page:
            greet(page)
    until(lambda: len(list(descriptors.iterdir())) == before)
    with contextlib.ExitStack() as silent:
        for _ in range(MOST_PAGES):
            page = silent.enter_context(sound_of(own_site))
            page.recv(timeout=20)  # the relay has begun, and waits
        with sound_of(own_site) as one_too_many:
            with pytest.raises(ConnectionClosed):
                one_too_many.recv(timeout=20)
            assert one_too_many.close_code == 1013
    until(lambda: len(list(descriptors.iterdir())) == before)
