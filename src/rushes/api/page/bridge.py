"""From a page to the programs that play: what its WebSocket carries goes to a relay of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from starlette.websockets import WebSocket, WebSocketDisconnect

from rushes.errors import PlaybackError
from rushes.logs import logger
from rushes.playback.listening.doorstep import Doorstep
from rushes.playback.listening.relay import Relay
from rushes.playback.listening.remote import own_hello

MOST_PAGES = 4
"""Pages that may be about to listen; one of them does, the one that came last."""

WORDS = "A page in a browser can play it: open what rushes relay --web has printed, press Listen"
"""What is told to who plays while no page listens."""

_TRY_LATER = 1013  # of the WebSocket's codes
_PIECE = 65_536

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Both ends of a way between the page and its relay."""

    page: socket.socket
    relay: socket.socket


class Bridge:
    """Lets pages listen, one after the other; keeps the place of the relay in between.

    Args:
        path: of the relay's socket.
        ping: seconds between two looks for the page.
    """

    def __init__(self, path: Path, ping: float = 2.0) -> None:
        self._path = path
        self._hello = own_hello(ping)
        self._doorstep = Doorstep(path, self._hello, WORDS)
        self._threads = ThreadPoolExecutor(MOST_PAGES, "rushes-relay")
        self._pages = 0
        self._closed = False

    def begin(self) -> None:
        """Be found by programs from now on."""
        self._doorstep.take()

    def close(self) -> None:
        """Leave the place; pages that listen must have gone before."""
        self._closed = True
        self._threads.shutdown(wait=True)
        self._doorstep.leave()

    async def listen(self, page: WebSocket) -> None:
        """Let a page be the loudspeaker until it goes, or another one takes over."""
        await page.accept()
        if self._pages >= MOST_PAGES:
            await page.close(_TRY_LATER)
            return
        self._pages += 1
        ends = _Ends(*socket.socketpair())
        ends.page.setblocking(False)
        relay = asyncio.get_running_loop().run_in_executor(self._threads, self._relay, ends.relay)
        try:
            await _carry(page, ends.page)
        finally:
            ends.page.close()
            try:
                await asyncio.shield(relay)
            finally:
                self._pages -= 1

    def _relay(self, end: socket.socket) -> None:
        """Run a relay until its page is gone; in a thread."""

        def sever() -> None:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

        number = end.fileno()
        relay = Relay(self._path, self._hello)
        try:
            relay.serve(number, number, sever=sever)
        except PlaybackError as error:
            _log.info("a page can't listen: %s", error)
        finally:
            end.detach()  # the relay has closed it
            if not self._closed and not relay.was_taken_over:
                self._doorstep.take()


async def _carry(page: WebSocket, end: socket.socket) -> None:
    """Carry bytes both ways until one side is gone."""
    ways = {asyncio.create_task(_to_relay(page, end)), asyncio.create_task(_to_page(page, end))}
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _to_relay(page: WebSocket, end: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(WebSocketDisconnect, OSError, KeyError):
        while True:
            await loop.sock_sendall(end, await page.receive_bytes())


async def _to_page(page: WebSocket, end: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(WebSocketDisconnect, OSError, RuntimeError):
        while data := await loop.sock_recv(end, _PIECE):
            await page.send_bytes(data)
        await page.close()
