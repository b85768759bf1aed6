"""Changes as they happen, whoever makes them, to however many listen."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import httpx

from rushes.api.events import BETWEEN, Hub
from tests.api.conftest import Served, serving
from tests.library.takes import Take, fill

LISTENERS = 200


@contextmanager
def listening(served: Served) -> Iterator[BinaryIO]:
    """A line on which events come, past the hello."""
    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=20) as line,
        line.makefile("rb") as events,
    ):
        line.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(events, b"event: hello")
        until(events, b"data:")
        yield events


def until(events: BinaryIO, beginning: bytes) -> bytes:
    """Reads up to a line that begins so."""
    for line in events:
        if line.startswith(beginning):
            return line
    raise AssertionError("the stream has ended")


def test_a_change_by_another_process_is_told(served: Served) -> None:
    script = (
        "import sys; from rushes import Library\n"
        "with Library.open(sys.argv[1]) as library:\n"
        "    library.profiles.create('Warm'); print(flush=True); input()\n"
        "    library.profiles.create('Anna')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(served.library.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdout.readline()
        with listening(served) as events:
            other.stdin.write("\n")
            other.stdin.flush()
            until(events, b"event: change")
    # A second is the bound; bench_http measures it.
    assert BETWEEN <= 0.25


def test_a_change_by_the_server_itself_is_told(served: Served, client: httpx.Client) -> None:
    with listening(served) as events:
        client.post("/profiles", json={"name": "Anna"})
        assert until(events, b"data:").startswith(b'data: {"change": ')


def test_two_hundred_listeners_cost_one_watcher_and_no_work_while_nothing_changes(
    served: Served,
) -> None:
    with ExitStack() as lines:
        events = [lines.enter_context(listening(served)) for _ in range(LISTENERS)]
        assert served.service.hub.waiting == LISTENERS
        looks, worked, began = served.service.hub.looks, time.process_time(), time.monotonic()
        watched(served, looks + 8)
        looked = served.service.hub.looks - looks
        lasted = time.monotonic() - began
        # One look for all of them, four times a second at most.
        assert looked <= lasted / 0.25 + 1
        # Two hundred times as many would take the whole of a core, and more.
        assert time.process_time() - worked < 0.5 * lasted
        fill(served.library, [Take("Hello")])
        for one in events:
            until(one, b"event: change")
    ends = time.monotonic() + 20
    while served.service.hub.waiting:
        assert time.monotonic() < ends
        time.sleep(0.02)
    assert not served.service.hub.is_watching


def watched(served: Served, looks: int) -> None:
    ends = time.monotonic() + 20
    while served.service.hub.looks < looks:
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_listeners_are_sent_home_when_the_server_stops(tmp_path: Path) -> None:
    with serving(tmp_path / "takes") as served, listening(served) as events:
        served.server.stop()
        rest = events.read()
    assert rest.endswith(b"0\r\n\r\n"), "the stream was torn, not ended"


def test_the_head_of_the_stream_ends(client: httpx.Client) -> None:
    answer = client.head("/events")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


async def test_several_changes_between_two_looks_are_one_and_none_is_lost() -> None:
    token = 1

    def look() -> int:
        return token

    hub = Hub(look, between=0.01)
    assert await hub.enter() == 0
    token = 5
    assert await hub.beyond(0, patience=20) == 1
    # Whoever comes late learns of it at once.
    assert await hub.beyond(0, patience=20) == 1
    assert await hub.beyond(1, patience=0.01) == 1
    late = asyncio.ensure_future(hub.beyond(1, patience=20))
    await asyncio.sleep(0)
    hub.leave()
    hub.close()
    assert await late == 1
    assert await hub.enter() == 1
