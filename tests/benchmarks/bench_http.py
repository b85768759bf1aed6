"""The history over HTTP, at a million rows: against the same bytes ready made, in the same run.

The screens are open on the same library meanwhile, in a terminal of their own.
"""

from __future__ import annotations

import http.client
import os
import pty
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import APIRouter
from starlette.responses import Response

from rushes.api.access import Access
from rushes.api.app import create_app
from rushes.api.guards import Guard
from rushes.api.service import Service
from rushes.api.serving import Server, listen_at
from rushes.library import Library
from tests.benchmarks.conftest import ROWS
from tests.benchmarks.figures import at_most

ROUNDS = 400
PAGE = "/history?limit=50"


@pytest.fixture(scope="module")
def port(million: Path) -> Iterator[int]:
    """A server of the library, with a route that answers with a page ready made."""
    made: list[bytes] = []
    router = APIRouter()

    @router.get("/ready")
    async def ready() -> Response:
        return Response(made[0], media_type="application/json")

    with Library.open(million) as library, _screens(million):
        service = Service(library)
        server = Server(Guard(create_app(service, [router]), Access()), service.hub)
        place = listen_at("127.0.0.1", 0)
        begun = threading.Event()
        thread = threading.Thread(target=server.run_at, args=(place, begun.set))
        thread.start()
        begun.wait(30)
        number = int(place.address.rpartition(":")[2])
        with closing(http.client.HTTPConnection("127.0.0.1", number)) as connection:
            connection.request("GET", PAGE)
            made.append(connection.getresponse().read())
        yield number
        server.stop()
        thread.join()
        service.close()
        place.socket.close()


class _screens:  # noqa: N801  # used as a block
    """The screens on a library, in a pseudo-terminal that somebody reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rushes", "--library", str(self._folder), "--sound", "silence"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
        )
        os.close(theirs)
        threading.Thread(target=self._read, args=(ours,), daemon=True).start()
        time.sleep(3)

    def _read(self, ours: int) -> None:
        try:
            while os.read(ours, 65_536):
                pass
        except OSError:
            os.close(ours)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def _asked(connection: http.client.HTTPConnection, path: str) -> float:
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    return time.perf_counter() - began


def _in_turns(port: int, *paths: Callable[[], str]) -> list[float]:
    """The 95th percentile of each, asked in turns: other work on the machine comes and goes."""
    taken: list[list[float]] = [[] for _ in paths]
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        for _ in range(5):
            for path in paths:
                _asked(connection, path())
        for _ in range(ROUNDS):
            for times, path in zip(taken, paths, strict=True):
                times.append(_asked(connection, path()))
    return [sorted(times)[int(0.95 * ROUNDS)] for times in taken]


def bench_a_page_against_the_same_bytes_ready_made(port: int) -> None:
    ready, again = _in_turns(port, lambda: "/ready", lambda: PAGE)
    detail = f"{1e3 * again:.2f} ms, ready made {1e3 * ready:.2f} ms, p95 of {ROUNDS}"
    at_most("a page over HTTP, asked for again and again", again / ready, 1.5, detail)


def bench_pages_that_nobody_has_asked_for(port: int) -> None:
    """What is read from the database anew after each change: no bound was asked for."""
    chance = random.Random(1)
    ready, near, deep = _in_turns(
        port,
        lambda: "/ready",
        lambda: f"{PAGE}&offset={chance.randrange(1_000)}",
        lambda: f"{PAGE}&offset={chance.randrange(ROWS)}",
    )
    at_most("a page over HTTP among the newest", near / ready, 5, f"{1e3 * near:.2f} ms")
    at_most("a page over HTTP anywhere", deep / ready, 40, f"{1e3 * deep:.2f} ms")


def bench_an_event_of_another_process(port: int, million: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/events")
    events = connection.getresponse()
    script = (
        "import sys, time; from rushes import Library\n"
        "with Library.open(sys.argv[1]) as library:\n"
        "    made = []\n"
        "    for line in sys.stdin:\n"
        "        made.append(library.profiles.create(f'Event {time.time()}'))\n"
        "        print(time.time(), flush=True)\n"
        "    for profile in made: library.profiles.delete(profile)\n"
    )
    late = []
    with subprocess.Popen(
        [sys.executable, "-c", script, str(million)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for _ in range(10):
            other.stdin.write("\n")
            other.stdin.flush()
            while not events.readline().startswith(b"event: change"):
                pass
            late.append(time.time() - float(other.stdout.readline()))
        connection.close()
        other.stdin.close()
    at_most("an event of another process, the slowest of ten", max(late), 1.0, unit=" s")
