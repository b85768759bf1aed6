"""``relay --web``: the page for listening, from its address on the terminal to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.cli.commands.serving import check_installed
from rushes.cli.output import flush, message, result
from rushes.cli.stopping import stopping
from rushes.errors import RushesError

if TYPE_CHECKING:
    from rushes.api.serving import Place
    from rushes.cli.session import Session

PORT = 7875
"""The one after that of ``rushes serve``."""

_LOOPBACK = "127.0.0.1"
_PATIENCE = 3
"""Seconds for answers that are under way at the end; nobody saves anything through the page."""


def serve_page(session: Session, port: int | None, ping: float) -> None:
    """Serve the page on this machine alone, until a signal ends it.

    ``port`` None takes the usual one, or any where that is taken. ``ping`` is in seconds how
    often the page is asked whether it is there.

    Raises:
        RushesError: the packages for it aren't installed, or the port can't be had.
    """
    check_installed()
    from rushes.api.access import Access, new_token
    from rushes.api.app import create_app
    from rushes.api.guards import Guard
    from rushes.api.page.bridge import Bridge
    from rushes.api.page.routes import open_paths, page_routes
    from rushes.api.service import Service
    from rushes.api.serving import Server, allow_many_descriptors
    from rushes.playback.listening.place import relay_socket

    token = new_token()
    place = _place(port)
    with place.socket, session.library() as library:
        service = Service(library)
        bridge = Bridge(relay_socket(), ping)
        app = create_app(service, [page_routes(service, bridge)])
        guarded = Guard(app, Access(token), open_paths=open_paths())
        server = Server(guarded, service.hub, _PATIENCE)

        def ready() -> None:
            bridge.begin()
            _tell(place, token)

        allow_many_descriptors()
        try:
            with stopping(lambda _: server.stop()):
                server.run_at(place, ready)
        finally:
            bridge.close()
            service.close()


def _place(port: int | None) -> Place:
    from rushes.api.serving import listen_at

    if port is not None:
        return listen_at(_LOOPBACK, port)
    try:
        return listen_at(_LOOPBACK, PORT)
    except RushesError:
        return listen_at(_LOOPBACK, 0)


def _tell(place: Place, token: str) -> None:
    """Tell how to come here: the address alone is the result, its token told this once."""
    from rushes.playback.listening.place import host_name

    port = place.address.rpartition(":")[2]
    tunnel = f"ssh -N -L {port}:{_LOOPBACK}:{port} USER@{host_name()}"
    message(f"on the machine you sit at type: {tunnel}")
    message("then open this there; it stays open until Ctrl+C:")
    result(f"{place.address}/#{token}")
    flush()
