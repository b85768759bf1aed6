"""The screens of a server with their sound: two ssh sessions, one authentication."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
from pathlib import Path

from rushes.cli.output import message
from rushes.errors import PlaybackError, RushesError
from rushes.logs import logger
from rushes.paths import clip_cache, downloads_folder
from rushes.playback.listening.listener import HELLO_LIMIT, Listener, Told
from rushes.playback.listening.ssh import Address
from rushes.playback.listening.store import ClipStore

_LISTENING_WITHIN = 5.0
"""Seconds that the screens wait for the listener, so that they open with sound."""

_log = logger(__name__)


def open_remote_screens(where: Address, *, screens: str, relay: str, route: str) -> int:
    """Run the screens on the server in this terminal, and a listener beside them.

    ``screens`` and ``relay`` are remote commands. Gives the exit code of the screens.

    Raises:
        RushesError: ssh doesn't get there, or no listener can be had there.
    """
    # A short path: a socket's has room for a hundred bytes.
    with tempfile.TemporaryDirectory(prefix="rushes-") as folder:
        control = Path(folder) / "c"
        shared = _share(where, control)
        if not shared:
            message("this ssh can't share a connection: you may be asked twice")
        options = ("-o", f"ControlPath={control if shared else 'none'}")
        # What a listener is asked later, to connect again, would come between the screens.
        unasked = ("-o", "BatchMode=yes") if shared else ()
        listener, trouble = _listen(where.for_frames(relay, *options, *unasked), where.label, route)
        try:
            if trouble is not None:
                message(f"{trouble} The screens open without sound.")
            return subprocess.run(where.command(screens, *options, "-t"), check=False).returncode
        finally:
            listener.close()
            if shared:
                _run(where, "-o", f"ControlPath={control}", "-O", "exit")


def _share(where: Address, control: Path) -> bool:
    """Connect once for all that follows; False where this ssh can't.

    Raises:
        PlaybackError: ssh doesn't get there.
    """
    if os.name == "nt":
        return False
    master = ("-o", "ControlMaster=yes", "-o", f"ControlPath={control}", "-o", "ControlPersist=yes")
    command = ["ssh", *master, "-fNT", "-o", "ClearAllForwardings=yes"]
    try:
        done = subprocess.run([*command, *where.options, "--", where.host], check=False)
    except OSError as error:
        why = error.strerror or str(error)
        raise PlaybackError("ssh can't be started", why, "Install ssh.") from None
    if done.returncode:
        raise PlaybackError(f"ssh doesn't reach {where.label}", "", "What ssh says is above.")
    return control.exists()


def _listen(command: list[str], host: str, route: str) -> tuple[Listener, RushesError | None]:
    """Start a listener in the background; give it once it listens, or why it doesn't."""
    settled = threading.Event()
    troubles: list[RushesError] = []

    def told(news: Told) -> None:
        _log.info("%s", news.line)
        if news.listening:
            settled.set()

    listener = Listener(
        command,
        host,
        ClipStore(clip_cache()),
        route=route,
        tell=told,
        downloads=downloads_folder(),
        quiet=True,
    )

    def listen() -> None:
        try:
            listener.run()
        except RushesError as error:
            troubles.append(error)
        finally:
            settled.set()

    # Ends with this process at the latest, and its ssh with it, whose input closes.
    threading.Thread(target=listen, name="rushes-listener", daemon=True).start()
    settled.wait(HELLO_LIMIT if "BatchMode=yes" not in command else _LISTENING_WITHIN)
    return listener, troubles[0] if troubles else None


def _run(where: Address, *options: str) -> None:
    with contextlib.suppress(OSError):
        subprocess.run(
            ["ssh", *options, *where.options, "--", where.host],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
