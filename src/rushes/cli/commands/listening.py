"""``listen`` on the laptop, ``relay`` on the server, ``ssh`` for both and the screens at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.options import Context
from rushes.cli.output import is_terminal, result
from rushes.cli.session import session_of
from rushes.domain.text import one_line
from rushes.errors import BadInput

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="[SSH OPTION]… USER@HOST", help="As for ssh; names of ~/.ssh/config will do."
    ),
]
RemoteRelay = Annotated[
    str | None,
    typer.Option(
        "--command",
        metavar="COMMAND",
        help="What to run on the server instead of: sh -lc 'exec rushes relay'.",
    ),
]


def listen(context: Context, *, words: Words, command: RemoteRelay = None) -> None:
    """Hear on this machine what rushes plays on a server, through ssh.

    Keep it running in a terminal here; on the server use rushes as ever. Ctrl+C ends it. What it
    doesn't know of the options goes to ssh.
    """
    from rushes.cli.status_line import StatusLine
    from rushes.paths import clip_cache, downloads_folder
    from rushes.playback.listening.listener import Listener
    from rushes.playback.listening.ssh import RELAY, address
    from rushes.playback.listening.store import ClipStore

    session = session_of(context)
    where = address(words)
    store = ClipStore(clip_cache())
    with StatusLine(where.label, ascii=session.ascii) as status:
        listener = Listener(
            where.for_frames(command or RELAY),
            where.label,
            store,
            route=session.config.sound,
            tell=status.tell,
            downloads=downloads_folder(),
        )
        status.watch(listener, store)
        listener.run()


def relay(
    context: Context,
    *,
    web: Annotated[
        bool, typer.Option("--web", help="Let a page in a browser be the loudspeaker.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            help="With --web: the page's port; else 7875 or one that is free.",
        ),
    ] = None,
    ping: Annotated[
        float, typer.Option("--ping", metavar="S", help="Seconds between looks for the laptop.")
    ] = 2.0,
) -> None:
    """Pass sound on to the laptop, where `rushes listen` starts this by itself.

    With --web it prints the address of a page that plays what rushes plays here, and shows the
    history; on the laptop nothing is installed but a browser and ssh. Ctrl+C ends it.
    """
    if web:
        from rushes.cli.commands.web_relay import serve_page

        serve_page(session_of(context), port, ping)
        return
    if port is not None:
        raise BadInput("--port goes with --web")
    from rushes.playback.listening.place import host_name, relay_socket
    from rushes.playback.listening.relay import Relay
    from rushes.playback.listening.remote import own_hello

    if sys.stdin is None or is_terminal(sys.stdin):
        raise BadInput(
            "the relay speaks with a listener, not with people",
            "",
            f"On the laptop type: rushes listen USER@{host_name()}",
        )
    reading, writing = os.dup(0), os.dup(1)
    # Whatever else is printed in this process must not come between the frames.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    Relay(relay_socket(), own_hello(ping)).serve(reading, writing, sever=lambda: None)


def home(
    context: Context,
    *,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="What an export wrote, or any audio.")
    ],
) -> None:
    """Send files to the laptop that listens, into its downloads folder.

    Checked by their hash there; what a break interrupts goes on where it was. Prints where each
    lies.
    """
    from rushes.cli.progress import Progress
    from rushes.playback.listening.courier import Courier

    session = session_of(context)
    courier = Courier()
    try:
        for path in files:
            with Progress(f"sending {one_line(path.name)}", ascii=session.ascii) as progress:
                landed = courier.take(path, progress)
            result(landed)
    finally:
        courier.close()


def ssh(
    context: Context,
    *,
    words: Words,
    command: RemoteRelay = None,
    screens: Annotated[
        str,
        typer.Option(
            "--screens", metavar="COMMAND", help="What to run on the server for the screens."
        ),
    ] = "sh -lc 'exec rushes'",
) -> None:
    """Open the screens of a server here, with their sound.

    One authentication does for both where ssh can share a connection.
    """
    from rushes.cli.remote_screens import open_remote_screens
    from rushes.playback.listening.ssh import RELAY, address

    session = session_of(context)
    where = address(words)
    code = open_remote_screens(
        where, screens=screens, relay=command or RELAY, route=session.config.sound
    )
    raise typer.Exit(code)
