"""What the player and a helper process say to each other, over a pair of connected sockets.

Every message is a byte that says its kind, the length of its body, and the body. START brings the
descriptor of the samples along. Only small modules are imported: the helper starts with them.

    to the helper    START (take, rate, channels, first byte, bytes), PROBE
    from the helper  READY, ALIVE (probed), STARTED (take, when), ENDED (take),
                     FAILED (take, fault, one line)
"""

from __future__ import annotations

import socket
import struct

START, PROBE = 1, 2
READY, ALIVE, STARTED, ENDED, FAILED = 11, 12, 13, 14, 15

MISSING, DEVICE = 1, 2
"""Faults: the backend isn't installed; the device or server doesn't take sound."""

NO_TAKE = 0
"""The take that a failure bears which belongs to none: of a probe, or of the start."""

_HEAD = struct.Struct("!BI")
_START = struct.Struct("!QIBQQ")
_STARTED = struct.Struct("!Qd")
_ENDED = struct.Struct("!Q")
_FAILED = struct.Struct("!QB")


class Message:
    """One message: its kind, the bytes of its body, the descriptors that came along."""

    __slots__ = ("body", "descriptors", "kind")

    def __init__(self, kind: int, body: bytes, descriptors: list[int]) -> None:
        self.kind = kind
        self.body = body
        self.descriptors = descriptors


def send(channel: socket.socket, kind: int, body: bytes = b"", descriptor: int = -1) -> None:
    """Send one message, with a descriptor if one is given.

    Raises:
        OSError: the other side is gone.
    """
    data = _HEAD.pack(kind, len(body)) + body
    sent = 0
    if descriptor >= 0:
        sent = socket.send_fds(channel, [data], [descriptor])
    channel.sendall(data[sent:])


def receive(channel: socket.socket) -> Message | None:
    """Wait for one message; None when the other side is gone."""
    descriptors: list[int] = []
    head = _exactly(channel, _HEAD.size, descriptors)
    if head is None:
        return None
    kind, length = _HEAD.unpack(head)
    body = _exactly(channel, length, descriptors)
    if body is None:
        return None
    return Message(kind, body, descriptors)


def _exactly(channel: socket.socket, count: int, descriptors: list[int]) -> bytes | None:
    data = b""
    while len(data) < count:
        try:
            piece, found, _, _ = socket.recv_fds(channel, count - len(data), 1)
        except OSError:
            return None
        descriptors += found
        if not piece:
            return None
        data += piece
    return data


def pack_start(take: int, rate: int, channels: int, first: int, count: int) -> bytes:
    """The body of START: rate in Hz; where the samples begin and how many there are, in bytes."""
    return _START.pack(take, rate, channels, first, count)


def unpack_start(body: bytes) -> tuple[int, int, int, int, int]:
    """Take, rate, channels, first byte and number of bytes of a START."""
    take, rate, channels, first, count = _START.unpack(body)
    return take, rate, channels, first, count


def pack_started(take: int, when: float) -> bytes:
    """The body of STARTED; ``when`` is ``time.monotonic()``, which all processes share."""
    return _STARTED.pack(take, when)


def unpack_started(body: bytes) -> tuple[int, float]:
    """Take and time of a STARTED."""
    take, when = _STARTED.unpack(body)
    return take, when


def pack_ended(take: int) -> bytes:
    """The body of ENDED."""
    return _ENDED.pack(take)


def unpack_ended(body: bytes) -> int:
    """Take of an ENDED."""
    (take,) = _ENDED.unpack(body)
    return int(take)


def pack_failed(take: int, fault: int, line: str) -> bytes:
    """The body of FAILED: the fault's number and one line of text."""
    return _FAILED.pack(take, fault) + line.encode("utf-8", "backslashreplace")


def unpack_failed(body: bytes) -> tuple[int, int, str]:
    """Take, fault and line of a FAILED."""
    take, fault = _FAILED.unpack_from(body)
    return take, fault, body[_FAILED.size :].decode("utf-8", "replace")
