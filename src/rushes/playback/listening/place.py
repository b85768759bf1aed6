"""Where the relay is found on a server: one socket of the user's own, at a fixed path.

Its folder lets nobody else in, and both sides look whom they talk to: another user can neither
listen nor play. The name of the machine is in the path, since a home may be shared by several.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from rushes.domain.text import shown
from rushes.errors import PlaybackError

_LONGEST = 100  # a socket's path holds 108 bytes, on some systems 104
_PEER = struct.Struct("3i")
_BACKLOG = 16


def host_name() -> str:
    """This machine's name, short, fit for a file's name and for the screen."""
    name = socket.gethostname().partition(".")[0]
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)[:40]


def relay_socket() -> Path:
    """The path of the relay's socket."""
    from rushes.paths import state_folder

    return state_folder() / "relay" / f"{host_name()}.sock"


class Claim:
    """The place of the relay, held by this process: a lock that ends with it.

    Raises:
        PlaybackError: the folder can't be used.
        BlockingIOError: another relay holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            _own_folder(path.parent)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._lock = os.open(path.with_suffix(".lock"), flags, 0o600)
        except OSError as error:
            raise _unusable(path.parent, error.strerror or str(error)) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise BlockingIOError from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def listen(self) -> socket.socket:
        """The listening socket, in place of one that was left behind.

        Raises:
            PlaybackError: it can't be made.
        """
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.path.unlink(missing_ok=True)
            with _reachable(self.path) as address:
                listening.bind(address)
            self.path.chmod(0o600)  # nobody can connect before it listens
            listening.listen(_BACKLOG)
        except OSError as error:
            listening.close()
            raise _unusable(self.path, error.strerror or str(error)) from None
        return listening

    def release(self) -> None:
        """Leave the place to others."""
        self.path.unlink(missing_ok=True)
        os.close(self._lock)


def holder(path: Path) -> int | None:
    """The process that holds the place; None when nobody does."""
    try:
        lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        number = os.pread(lock, 20, 0)
        return int(number) if number.isdigit() else None
    finally:
        os.close(lock)
    return None


def connect(path: Path) -> socket.socket | None:
    """A connection to the relay; None when there is none, or only what one left behind."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.parent.stat().st_uid != os.getuid():
            raise PermissionError
        with _reachable(path) as address:
            connection.connect(address)
        if not is_ours(connection):
            raise PermissionError
    except OSError:
        connection.close()
        return None
    return connection


def is_ours(connection: socket.socket) -> bool:
    """Whether the process at the other end belongs to the same user."""
    if not sys.platform.startswith("linux"):
        return True  # the folder's mode alone keeps others out
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    _, user, _ = _PEER.unpack(found)
    return bool(user == os.getuid())


def _own_folder(folder: Path) -> None:
    """Make the folder for its owner alone.

    Raises:
        OSError: it isn't the user's own, or can't be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(1, "it isn't yours")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


@contextlib.contextmanager
def _reachable(path: Path) -> Iterator[str]:
    """The path, or a shorter one to the same place where it is too long for a socket."""
    if len(os.fsencode(path)) <= _LONGEST or not sys.platform.startswith("linux"):
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _unusable(place: Path, why: str) -> PlaybackError:
    return PlaybackError(f"the relay can't use {shown(place)}", why)
