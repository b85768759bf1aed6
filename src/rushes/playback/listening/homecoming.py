"""Files that a laptop takes from a server: into the downloads folder, whole or not at all.

What the server says is not trusted: names are made harmless, nothing is overwritten, only audio
and archives are taken, and a file gets its name when its bytes have the hash that was announced.
A part that came before a break stays, hidden, and the rest is put behind it; what was called off
goes at once, and what nobody has gone on with goes after some days.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rushes.domain.limits import LARGEST_FILE
from rushes.domain.safe_name import numbered
from rushes.domain.text import one_line
from rushes.playback.listening import frames
from rushes.playback.listening.frames import Frame, Garbled

TAKEN = frozenset({".wav", ".flac", ".ogg", ".mp3", ".zip", ".json", ".txt"})
"""Suffixes of files that are taken: what an export writes."""

MOST_AT_ONCE = 4
"""Files that may be under way."""

_LONGEST_NAME = 150
_PART = ".rushes-part"
_GIVEN_UP = 7 * 86_400.0  # s after which nobody goes on with a part
_SPARE = 100_000_000  # bytes that stay free on the laptop's disk
_BLOCK = 1 << 20

Send = Callable[[int, int, bytes], None]


@dataclass(slots=True)
class _Coming:
    size: int
    digest: bytes
    name: str
    part: Path
    descriptor: int
    there: int


class Homecoming:
    """Takes files in. Safe within one thread, that of the connection.

    Args:
        folder: where they go.
        send: sends kind, channel and body.
        tell: hears a line for the person at the laptop.
    """

    def __init__(self, folder: Path, send: Send, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self._send = send
        self._tell = tell
        self._coming: dict[tuple[int, int], _Coming] = {}

    def hear(self, frame: Frame) -> None:
        """Heed a frame that has to do with files; all others are passed over.

        Raises:
            Garbled: it makes no sense.
        """
        try:
            if frame.kind == frames.FILE:
                self._announced(frame)
            elif frame.kind == frames.PART:
                self._take_in(frame)
            elif frame.kind == frames.WITHDRAW:
                self._withdrawn((frame.channel, frames.unpack_number(frame.body)))
        except OSError as error:
            number = frames.unpack_number(frame.body[:4])
            self._refuse(frame.channel, number, error.strerror or str(error))

    def shut(self, channel: int) -> None:
        """The program is gone; what has come of its files stays for another time."""
        for key in [key for key in self._coming if key[0] == channel]:
            os.close(self._coming.pop(key).descriptor)

    def _announced(self, frame: Frame) -> None:
        number, size, digest, proposed = frames.unpack_file(frame.body)
        name = harmless(proposed)
        key = (frame.channel, number)
        if key in self._coming or len(self._coming) >= MOST_AT_ONCE:
            raise Garbled("too many files at once")
        if Path(name).suffix.lower() not in TAKEN:
            self._refuse(*key, f"files such as {name} aren't taken")
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        part = self._folder / f".{digest.hex()[:32]}{_PART}"
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(part, flags, 0o600)
        there = min(os.fstat(descriptor).st_size, size)
        self._coming[key] = _Coming(size, digest, name, part, descriptor, there)
        free = shutil.disk_usage(self._folder).free
        if size > LARGEST_FILE or size - there > free - _SPARE:
            self._refuse(*key, "there is no room for it on the laptop")
            return
        self._send(frames.FROM, frame.channel, frames.pack_part(number, there))
        if there == size:
            self._land(key)

    def _take_in(self, frame: Frame) -> None:
        number, offset, data = frames.unpack_part(frame.body)
        key = (frame.channel, number)
        coming = self._coming.get(key)
        if coming is None:
            return  # it was refused
        if offset != coming.there or offset + len(data) > coming.size or not data:
            raise Garbled("a part that isn't of this file")
        view = memoryview(data)
        while view:
            written = os.pwrite(coming.descriptor, view, coming.there)
            coming.there += written
            view = view[written:]
        self._send(frames.FROM, frame.channel, frames.pack_part(number, coming.there))
        if coming.there == coming.size:
            self._land(key)

    def _withdrawn(self, key: tuple[int, int]) -> None:
        """The program wants it no more."""
        coming = self._coming.pop(key, None)
        if coming is not None:
            os.close(coming.descriptor)
            coming.part.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what breaks have left and nobody has gone on with."""
        for part in self._folder.glob(f".*{_PART}"):
            if time.time() - part.lstat().st_mtime > _GIVEN_UP:
                part.unlink(missing_ok=True)

    def _land(self, key: tuple[int, int]) -> None:
        """Check the whole file and give it its name."""
        channel, number = key
        coming = self._coming[key]
        if _hash(coming.descriptor, coming.size) != coming.digest:
            self._refuse(channel, number, "it came with other bytes than it left", keep=False)
            return
        os.ftruncate(coming.descriptor, coming.size)
        os.fsync(coming.descriptor)
        del self._coming[key]
        os.close(coming.descriptor)
        target = _placed(coming.part, self._folder, coming.name)
        self._tell(f"taken home: {one_line(str(target))}")
        self._send(frames.LANDED, channel, frames.pack_number(number) + str(target).encode())

    def _refuse(self, channel: int, number: int, why: str, *, keep: bool = True) -> None:
        coming = self._coming.pop((channel, number), None)
        if coming is not None:
            is_empty = not os.fstat(coming.descriptor).st_size
            os.close(coming.descriptor)
            if is_empty or not keep:
                coming.part.unlink(missing_ok=True)
        body = frames.pack_number(number) + frames.pack_line(why)
        self._send(frames.UNLANDED, channel, body)


def harmless(name: str) -> str:
    """A name for a file out of what a server proposes: one part of a path, shown by every list."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        letter for letter in one_line(last) if letter.isprintable() and letter not in ':*?"<>|'
    )
    stem, suffix = os.path.splitext(kept.strip(" .") or "take")  # noqa: PTH122  # not a path yet
    while len(os.fsencode(stem)) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}{suffix[:10]}"


def _placed(part: Path, folder: Path, name: str) -> Path:
    """Give the file the first of its names that is free; nothing is ever overwritten."""
    for _, free in numbered(Path(name).stem, Path(name).suffix):
        target = folder / free
        with contextlib.suppress(FileExistsError):
            os.link(part, target)
            part.unlink()
            return target
    raise AssertionError("numbers don't end")


def _hash(descriptor: int, size: int) -> bytes:
    found = hashlib.sha256()
    for start in range(0, size, _BLOCK):
        found.update(os.pread(descriptor, min(_BLOCK, size - start), start))
    return found.digest()
