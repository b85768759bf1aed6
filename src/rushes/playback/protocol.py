"""What the player and a helper process say to each other, over a pair of connected sockets.

Every message is a byte that says its kind, the length of its body, and the body. START
and JOIN bring the descriptor of the samples along. Only small modules are imported: the helper
starts with them.

    to the helper    START (take, rate, channels, first byte, bytes, loop), PROBE,
                     JOIN (the same, and the place)
    from the helper  READY, ALIVE (probed, seconds), STARTED (take, when, position),
                     MISSED (take), SLIPPED (take, seconds), ENDED (take),
                     FAILED (take, fault, one line)
"""

from __future__ import annotations

import socket
import struct

START, PROBE, JOIN = 1, 2, 3
READY, ALIVE, STARTED, ENDED, FAILED, MISSED, SLIPPED = 11, 12, 13, 14, 15, 16, 17

ANEW, HERE, END = 0, 1, 2
"""Where a stretch begins: with a START; at the frame that was reached; after what plays."""

GOES_ON = -1.0
"""The position of a STARTED that changes none."""

MISSING, DEVICE = 1, 2
"""Faults: the backend isn't installed; the device or server doesn't take sound."""

NO_TAKE = 0
"""The take that a failure bears which belongs to none: of a probe, or of the start."""

_HEAD = struct.Struct("!BI")
_START = struct.Struct("!QIBQQBBB")
_STARTED = struct.Struct("!Qdd")
_SECONDS = struct.Struct("!Qd")
_TAKE = struct.Struct("!Q")
_FAILED = struct.Struct("!QB")


class Order:
    """What a START or a JOIN asks for: sound out of the samples that came along.

    Rate in Hz. ``first`` is the byte of the first frame, ``size`` that of the end; a loop goes
    back to byte 0. ``place`` is ANEW, HERE or END. ``far``: the loudspeaker is far away.
    """

    __slots__ = ("channels", "far", "first", "loop", "place", "rate", "size", "take")

    def __init__(
        self,
        *,
        take: int,
        rate: int,
        channels: int,
        first: int,
        size: int,
        loop: bool = False,
        place: int = ANEW,
        far: bool = False,
    ) -> None:
        self.take = take
        self.rate = rate
        self.channels = channels
        self.first = first
        self.size = size
        self.loop = loop
        self.place = place
        self.far = far


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


def pack_order(order: Order) -> bytes:
    """The body of START and JOIN."""
    return _START.pack(
        order.take,
        order.rate,
        order.channels,
        order.first,
        order.size,
        order.loop,
        order.place,
        order.far,
    )


def unpack_order(body: bytes) -> Order:
    """The order of a START or a JOIN."""
    take, rate, channels, first, size, loop, place, far = _START.unpack(body)
    return Order(
        take=take,
        rate=rate,
        channels=channels,
        first=first,
        size=size,
        loop=bool(loop),
        place=place,
        far=bool(far),
    )


def pack_started(take: int, when: float, position: float) -> bytes:
    """The body of STARTED: at ``when`` the sound is at ``position``, in seconds.

    The time is that of ``time.monotonic()``, which all processes share.
    """
    return _STARTED.pack(take, when, position)


def unpack_started(body: bytes) -> tuple[int, float, float]:
    """Take, time and position of a STARTED."""
    take, when, position = _STARTED.unpack(body)
    return take, when, position


def pack_seconds(take: int, seconds: float) -> bytes:
    """The body of ALIVE (how long the device took to open) and SLIPPED (how long it had waited)."""
    return _SECONDS.pack(take, seconds)


def unpack_seconds(body: bytes) -> tuple[int, float]:
    """Take and seconds of an ALIVE or a SLIPPED."""
    take, seconds = _SECONDS.unpack(body)
    return take, seconds


def pack_take(take: int) -> bytes:
    """The body of ENDED and MISSED."""
    return _TAKE.pack(take)


def unpack_take(body: bytes) -> int:
    """Take of an ENDED or a MISSED."""
    (take,) = _TAKE.unpack(body)
    return int(take)


def pack_failed(take: int, fault: int, line: str) -> bytes:
    """The body of FAILED: the fault's number and one line of text."""
    return _FAILED.pack(take, fault) + line.encode("utf-8", "backslashreplace")


def unpack_failed(body: bytes) -> tuple[int, int, str]:
    """Take, fault and line of a FAILED."""
    take, fault = _FAILED.unpack_from(body)
    return take, fault, body[_FAILED.size :].decode("utf-8", "replace")
