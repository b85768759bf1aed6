"""What a server and a laptop say to each other: frames, their kinds, and how much one may hold.

Whoever speaks begins with ``MAGIC`` and a HELLO; what comes before the magic is the noise of a
login. A frame is a kind, a channel, the length of its body, and the body. Channel 0 is between the
laptop and the relay; every other one belongs to a program on the server that plays.

    either      HELLO (JSON), PING, PONG, BYE (why)
    the relay   OPEN and SHUT (a channel), AWAKE (seconds to the laptop and back) and ASLEEP
                (whether it answers), WAITS (what is to be done before anybody can listen)
    a program   TAKE_OVER (of the relay), CLIP (number, digest, rate, channels, frames), DATA
                (number, piece, bytes), LEAN (the same as FLAC), MAKE (number, digest of what it is
                made of, by how many dB more), START (take, number, place, frame,
                loop, whether the samples are being sent, name), STOP, FORGET (number)
    the laptop  HAVE (digests, cut short), MISSING (number), GOT (number, piece), WHOLE (number),
                STARTED (take, frame, seconds since START), HELD (take, frame), MISSED (take),
                ENDED (take), FAILED (take, fault, line)
    taking home FILE (number, size, digest, name), PART (number, offset, bytes),
                WITHDRAW (number), FROM (number, offset), LANDED (number, where),
                UNLANDED (number, why)

A kind that is unknown is passed over, so that a newer rushes can say more. Numbers are in network
order; samples are interleaved int16, least byte first.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

from rushes.domain.text import shown

MAGIC = b"\0rushes relay\n"
PROTOCOL = 1
"""What is spoken here. ``OLDEST`` is the oldest that is still understood."""
OLDEST = 1

HELLO, PING, PONG, BYE = 1, 2, 3, 4
OPEN, SHUT, AWAKE, ASLEEP, TAKE_OVER, WAITS = 10, 11, 12, 13, 14, 15
CLIP, DATA, START, STOP, FORGET, LEAN, MAKE = 20, 21, 22, 23, 24, 25, 26
HAVE, MISSING, GOT, WHOLE = 40, 41, 42, 43
STARTED, HELD, ENDED, FAILED, MISSED = 44, 45, 46, 47, 48

NOW, HERE, END = 0, 1, 2
"""Places of a START: from its frame, in place of what plays; from the frame that what plays has
reached; when what plays has ended."""
FILE, PART, FROM, LANDED, UNLANDED, WITHDRAW = 60, 61, 62, 63, 64, 65

BULK = frozenset({DATA, LEAN, PART})
"""Kinds that everything else goes before."""

PIECE = 8_192
"""Bytes of samples in a DATA; the last of a clip may hold fewer. A server at 2 Mbit/s sends one
in 33 ms, and no start waits for more than those that are on their way."""

MOST_BODY = 65_536
"""Bytes of a body; who says more isn't one of ours."""

MOST_NOISE = 262_144
"""Bytes before the magic; a login that says more leads elsewhere."""

MOST_LINE = 500
"""Bytes of a line for people."""

MOST_GAIN = 200.0
"""dB up or down in a MAKE."""

DIGEST = 32
"""Bytes of SHA-256."""

SHORT = 8
"""Bytes of a digest in a HAVE: a match that isn't one is answered by MISSING."""

MOST_HAVE = 1_024
"""Digests in a HAVE: 8 KB, a thirtieth of a second at 2 Mbit/s."""

HEAD = struct.Struct("!BII")
_CLIP = struct.Struct(f"!I{DIGEST}sIBQ")
_MAKE = struct.Struct(f"!I{DIGEST}sd")
_DATA = struct.Struct("!II")
_START = struct.Struct("!QIBQ??")
_NUMBER = struct.Struct("!I")
_TAKE = struct.Struct("!Q")
_STARTED = struct.Struct("!QQd")
_HELD = struct.Struct("!QQ")
_FAILED = struct.Struct("!QB")
_TRIP = struct.Struct("!d")
_FILE = struct.Struct(f"!IQ{DIGEST}s")
_PART = struct.Struct("!IQ")


class Garbled(ValueError):
    """What came isn't what was agreed on; ``str()`` is one line that says what."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    kind: int
    channel: int
    body: bytes = b""

    def packed(self) -> bytes:
        """The frame as it travels."""
        return HEAD.pack(self.kind, self.channel, len(self.body)) + self.body


class Unpacker:
    """Finds the magic and then the frames in what comes; holds one frame at most.

    Args:
        skipping: whether a magic is still to come.
    """

    def __init__(self, *, skipping: bool = True) -> None:
        self._buffer = bytearray()
        self._skipping = skipping
        self._skipped = 0

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are whole now.

        Raises:
            Garbled: no magic comes, or a frame is larger than any.
        """
        self._buffer += data
        if self._skipping and not self._found():
            return []
        frames = []
        while len(self._buffer) >= HEAD.size:
            kind, channel, length = HEAD.unpack_from(self._buffer)
            if length > MOST_BODY:
                raise Garbled(f"a message of {length:,} bytes")
            end = HEAD.size + length
            if len(self._buffer) < end:
                break
            frames.append(Frame(kind, channel, bytes(self._buffer[HEAD.size : end])))
            del self._buffer[:end]
        return frames

    def _found(self) -> bool:
        place = self._buffer.find(MAGIC)
        if place >= 0:
            del self._buffer[: place + len(MAGIC)]
            self._skipping = False
            return True
        useless = max(0, len(self._buffer) - len(MAGIC) + 1)
        self._skipped += useless
        del self._buffer[:useless]
        if self._skipped > MOST_NOISE:
            raise Garbled("no rushes answers there")
        return False


@dataclass(frozen=True, slots=True)
class Hello:
    """Who speaks: version of rushes, protocols from ``oldest`` to ``protocol``, what it can.

    ``host`` names the machine, safe to show. ``ping`` is in seconds how often the relay asks
    whether the laptop is there.
    """

    version: str
    host: str
    protocol: int = PROTOCOL
    oldest: int = OLDEST
    can: frozenset[str] = frozenset()
    ping: float = 2.0

    def packed(self) -> bytes:
        """The body of HELLO."""
        told = {
            "rushes": self.version,
            "host": self.host,
            "protocol": self.protocol,
            "oldest": self.oldest,
            "can": sorted(self.can),
            "ping": self.ping,
        }
        return json.dumps(told).encode()

    def disagreement(self, other: Hello) -> str:
        """Why the two can't talk, for people; empty when they can."""
        if self.oldest <= other.protocol and other.oldest <= self.protocol:
            return ""
        if other.protocol < self.oldest:
            older, newer = other, self
        else:
            older, newer = self, other
        return (
            f"rushes {older.version} on {older.host} is too old for rushes {newer.version} on "
            f"{newer.host}. On {older.host} type: pip install -U rushes"
        )


def unpack_hello(body: bytes) -> Hello:
    """What a HELLO says; text is made safe to show, numbers are kept within reason.

    Raises:
        Garbled: it isn't a HELLO.
    """
    try:
        told = json.loads(body)
        return Hello(
            version=name(str(told["rushes"]), 40),
            host=name(str(told["host"]), 60) or "?",
            protocol=int(told["protocol"]),
            oldest=int(told["oldest"]),
            can=frozenset(str(word)[:40] for word in told["can"][:40]),
            ping=min(max(float(told["ping"]), 0.05), 60.0),
        )
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        raise Garbled("it doesn't say who it is") from None


def name(text: str, most: int) -> str:
    """Text from the other side, fit for a terminal: one line, no control characters."""
    return shown(text)[:most]


def line(body: bytes) -> str:
    """A line for people from the other side."""
    return name(body[:MOST_LINE].decode("utf-8", "replace"), MOST_LINE)


def pack_line(text: str) -> bytes:
    """A line for people, cut where it is too long."""
    return text.encode("utf-8", "replace")[:MOST_LINE]


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """A clip that may travel: SHA-256 of what it holds, rate in Hz, channels, frames."""

    digest: bytes
    sample_rate: int
    channels: int
    frames: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return 2 * self.channels

    @property
    def size(self) -> int:
        """Bytes of all samples."""
        return self.frames * self.frame_bytes

    @property
    def pieces(self) -> int:
        """Pieces that it travels in."""
        return -(-self.size // PIECE)


def pack_clip(number: int, facts: ClipFacts) -> bytes:
    """The body of CLIP."""
    return _CLIP.pack(number, facts.digest, facts.sample_rate, facts.channels, facts.frames)


def unpack_clip(body: bytes) -> tuple[int, ClipFacts]:
    """Number and facts of a CLIP.

    Raises:
        Garbled: it isn't one, or no such clip can be.
    """
    number, digest, rate, channels, frames = _unpack(_CLIP, body)
    if not (1_000 <= rate <= 1_000_000 and channels in (1, 2) and frames > 0):
        raise Garbled(f"a clip of {channels} channels at {rate:,} Hz")
    return number, ClipFacts(digest, rate, channels, frames)


def pack_make(number: int, digest: bytes, gain: float) -> bytes:
    """The body of MAKE."""
    return _MAKE.pack(number, digest, gain)


def unpack_make(body: bytes) -> tuple[int, bytes, float]:
    """Number, digest and dB of a MAKE.

    Raises:
        Garbled: it isn't one, or nothing is made as loud or as soft as that.
    """
    number, digest, gain = _unpack(_MAKE, body)
    if not -MOST_GAIN <= gain <= MOST_GAIN:
        raise Garbled(f"a gain of {gain:g} dB")
    return number, digest, gain


def pack_data(number: int, piece: int, samples: bytes) -> bytes:
    """The body of DATA and LEAN."""
    return _DATA.pack(number, piece) + samples


def unpack_data(body: bytes) -> tuple[int, int, bytes]:
    """Number of the clip, of the piece, and the bytes of a DATA or a LEAN."""
    number, piece = _unpack(_DATA, body[: _DATA.size])
    return number, piece, body[_DATA.size :]


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be played: the clip of that number from ``frame`` on, under the number ``take``.

    ``place`` is one of NOW, HERE, END. ``coming``: its samples are being sent, unless they were
    before. ``title`` is for people.
    """

    take: int
    number: int
    place: int
    frame: int
    loop: bool
    coming: bool
    title: str

    def packed(self) -> bytes:
        """The body of START."""
        head = _START.pack(self.take, self.number, self.place, self.frame, self.loop, self.coming)
        return head + pack_line(self.title)


def unpack_start(body: bytes) -> Start:
    """What a START says.

    Raises:
        Garbled: it isn't one.
    """
    take, number, place, frame, loop, coming = _unpack(_START, body[: _START.size])
    return Start(take, number, place, frame, loop, coming, line(body[_START.size :]))


def pack_number(number: int) -> bytes:
    """The body of OPEN, SHUT, FORGET, MISSING, WHOLE, WITHDRAW."""
    return _NUMBER.pack(number)


def unpack_number(body: bytes) -> int:
    """The number in such a body."""
    (number,) = _unpack(_NUMBER, body)
    return int(number)


def pack_got(number: int, piece: int) -> bytes:
    """The body of GOT."""
    return _DATA.pack(number, piece)


def unpack_got(body: bytes) -> tuple[int, int]:
    """Number of the clip and of the piece in a GOT."""
    number, piece = _unpack(_DATA, body)
    return number, piece


def pack_started(take: int, frame: int, spent: float) -> bytes:
    """The body of STARTED; ``spent`` seconds lie between the START and the first sample."""
    return _STARTED.pack(take, frame, spent)


def unpack_started(body: bytes) -> tuple[int, int, float]:
    """Take, frame and seconds of a STARTED."""
    take, frame, spent = _unpack(_STARTED, body)
    return take, frame, spent


def pack_held(take: int, frame: int) -> bytes:
    """The body of HELD."""
    return _HELD.pack(take, frame)


def unpack_held(body: bytes) -> tuple[int, int]:
    """Take and frame of a HELD."""
    take, frame = _unpack(_HELD, body)
    return take, frame


def pack_ended(take: int) -> bytes:
    """The body of ENDED and MISSED."""
    return _TAKE.pack(take)


def unpack_ended(body: bytes) -> int:
    """Take of an ENDED or a MISSED."""
    (take,) = _unpack(_TAKE, body)
    return int(take)


def pack_failed(take: int, fault: int, text: str) -> bytes:
    """The body of FAILED; ``fault`` is one of the numbers in ``faults``."""
    return _FAILED.pack(take, fault) + pack_line(text)


def unpack_failed(body: bytes) -> tuple[int, int, str]:
    """Take, fault and line of a FAILED."""
    take, fault = _unpack(_FAILED, body[: _FAILED.size])
    return take, fault, line(body[_FAILED.size :])


def pack_trip(seconds: float) -> bytes:
    """The body of AWAKE: how long a word there and back takes; 0 while that isn't known."""
    return _TRIP.pack(seconds)


def unpack_trip(body: bytes) -> float:
    """The seconds in an AWAKE; 0 where none are told."""
    if not body:
        return 0.0
    (seconds,) = _unpack(_TRIP, body)
    return max(0.0, float(seconds))


def pack_file(number: int, size: int, digest: bytes, title: str) -> bytes:
    """The body of FILE."""
    return _FILE.pack(number, size, digest) + title.encode("utf-8", "replace")[:1_000]


def unpack_file(body: bytes) -> tuple[int, int, bytes, str]:
    """Number, bytes, digest and proposed name of a FILE; the name isn't to be trusted."""
    number, size, digest = _unpack(_FILE, body[: _FILE.size])
    return number, size, digest, body[_FILE.size :].decode("utf-8", "replace")


def pack_part(number: int, offset: int, data: bytes = b"") -> bytes:
    """The body of PART and of FROM."""
    return _PART.pack(number, offset) + data


def unpack_part(body: bytes) -> tuple[int, int, bytes]:
    """Number, offset and bytes of a PART or a FROM."""
    number, offset = _unpack(_PART, body[: _PART.size])
    return number, offset, body[_PART.size :]


def _unpack(form: struct.Struct, body: bytes) -> tuple[Any, ...]:
    try:
        return form.unpack(body)
    except struct.error:
        raise Garbled("a message that is cut off") from None
