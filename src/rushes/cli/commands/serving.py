"""``serve``: the history over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from rushes.cli.options import Context
from rushes.cli.output import flush, message, result
from rushes.cli.session import session_of
from rushes.cli.stopping import stopping
from rushes.errors import RushesError

PORT = 7874
"""RUSH on the keys of a telephone."""

_NEEDED = ("fastapi", "uvicorn", "python_multipart", "websockets")


def serve(
    context: Context,
    *,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="The port; 0 takes one that is free.")
    ] = PORT,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            metavar="TOKEN",
            envvar="RUSHES_TOKEN",
            help="What every request must show; made, and told once, beyond this machine.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", metavar="NAME", help="A name by which the server may be called."
        ),
    ] = None,
) -> None:
    """Serve the history over HTTP, until Ctrl+C.

    Only this machine is heard, unless --host or --allow-host says otherwise: then every request
    must show the token. GET /openapi.json describes every route.
    """
    check_installed()
    from rushes.api.access import Access, checked_names, checked_token, new_token
    from rushes.api.app import create_app
    from rushes.api.guards import Guard
    from rushes.api.service import Service
    from rushes.api.serving import Server, allow_many_descriptors, listen_at, own_names

    names = checked_names(allow_host or [])
    chosen = None if token is None else checked_token(token)
    place = listen_at(host, port)
    with place.socket, session_of(context).library() as library:
        # Who calls it by another name may come from anywhere, by way of a proxy.
        alone = place.loopback and not names
        shown = chosen if chosen or alone else new_token()
        access = Access(
            token=shown,
            names=names if place.loopback else names | own_names(host),
            anywhere=not place.loopback,
        )
        service = Service(library)
        server = Server(Guard(create_app(service), access), service.hub)

        def ready() -> None:
            result(place.address)
            if shown is not None and chosen is None:
                message(f"the token, told this once: {shown}")
            flush()

        allow_many_descriptors()
        try:
            with stopping(lambda _: server.stop()):
                server.run_at(place, ready)
        finally:
            service.close()


def check_installed() -> None:
    """Make sure that the packages of the extra ``http`` are there.

    Raises:
        RushesError: they aren't.
    """
    from importlib.util import find_spec

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise RushesError(
            "the server isn't installed",
            f"{missing[0]} is missing",
            "Type: pip install 'rushes[http]'",
        )
