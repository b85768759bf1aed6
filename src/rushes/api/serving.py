"""The server: one process on one address, which ends what it has begun before it stops."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from rushes.api.events import Hub
from rushes.domain.text import one_line
from rushes.errors import BadInput, RushesError

PATIENCE = 20
"""Seconds for answers that are under way when the server is to stop."""

_BACKLOG = 2_048
_MOST_DESCRIPTORS = 65_536


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens: an open socket, and the address as people type it."""

    socket: socket.socket
    address: str
    loopback: bool


def listen_at(host: str, port: int) -> Place:
    """Open the socket; port 0 takes any that is free.

    Raises:
        BadInput: the host or the port can't be meant.
        RushesError: the address is taken, or may not be used.
    """
    if not 0 <= port <= 65_535:
        raise BadInput(f"{port} is no port", "", "Ports are 0 to 65535.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise BadInput(f"“{one_line(host)}” is no address of this machine") from None
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise RushesError(
            f"nothing can be served at {one_line(host)}, port {port}",
            error.strerror or str(error),
            "Name another port with --port.",
        ) from None
    bound = listening.getsockname()
    shown = f"[{bound[0]}]" if family is socket.AF_INET6 else str(bound[0])
    return Place(
        listening, f"http://{shown}:{bound[1]}", ipaddress.ip_address(bound[0]).is_loopback
    )


class Server(uvicorn.Server):
    """A server that sends its listeners home when it is to stop."""

    def __init__(self, app: ASGIApp, hub: Hub, patience: int = PATIENCE) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                # Wheels that needn't be there.
                loop="asyncio",
                http="h11",
                ws="websockets-sansio",
                # Samples don't get smaller, and a page sends a few bytes at a time.
                ws_per_message_deflate=False,
                ws_max_size=1 << 20,
                lifespan="on",
                # No address is logged: what stands in one is nobody else's business.
                access_log=False,
                log_config=None,
                server_header=False,
                # What a proxy says of others isn't believed.
                proxy_headers=False,
                timeout_graceful_shutdown=patience,
            )
        )
        self._hub = hub
        self._ready: Callable[[], None] = lambda: None

    def stop(self, *, at_once: bool = False) -> None:
        """Have it stop; may be called by a signal's handler. Twice is at once."""
        self.force_exit = at_once or self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: listeners go home, the rest is answered."""
        self._hub.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and tell it."""
        await super().startup(sockets)
        self._ready()

    def run_at(self, place: Place, ready: Callable[[], None]) -> None:
        """Serve until ``stop``; ``ready`` is called when the first request may come."""
        import asyncio

        self._ready = ready
        asyncio.run(self.serve([place.socket]))


def own_names(host: str) -> frozenset[str]:
    """The names by which this machine may be called, and what it was told to listen at."""
    return frozenset({socket.gethostname().lower(), socket.getfqdn().lower(), host.lower()})


def allow_many_descriptors() -> None:
    """Raise this process's limit of open files as far as it may: a request holds two."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
