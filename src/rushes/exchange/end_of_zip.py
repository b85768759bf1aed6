"""The end record of a ZIP archive, read before ``zipfile`` is let at it.

``zipfile`` reads the whole directory into memory, an object for each entry, before anybody can ask
how many there are. So the end record is read first: how many entries the archive says to have, how
long its directory is and where it begins. Layout: PKWARE's APPNOTE 6.3.10, sections 4.3.14 to
4.3.16.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from rushes.domain import limits
from rushes.errors import BadInput

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_LONGEST_COMMENT = 0xFFFF
_SHORT, _LONG = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class EndRecord:
    """How many entries there are, and where their directory is: bytes."""

    entries: int
    size: int
    offset: int


def read_end(file: BinaryIO) -> EndRecord:
    """The end record, checked: few entries, a short directory, just before the record.

    Raises:
        BadInput: there is none, it contradicts the file, or there is too much.
    """
    length = file.seek(0, os.SEEK_END)
    tail_at = max(0, length - _END.size - _LONGEST_COMMENT)
    file.seek(tail_at)
    tail = file.read()
    at = _place(tail)
    if at is None:
        raise BadInput("it is no whole ZIP archive", "its end is missing", "Fetch it again.")
    _, disk, first_disk, here, entries, size, offset, _ = _END.unpack_from(tail, at)
    if disk or first_disk:
        raise BadInput("it is one part of several", "rushes reads whole archives")
    if here != entries:
        raise BadInput("it is no whole ZIP archive", "its end contradicts itself")
    ends = tail_at + at
    record = EndRecord(entries, size, offset)
    long = _end_64(file, ends)
    if long is not None:
        record, ends = long
    elif entries == _SHORT or _LONG in (size, offset):
        raise BadInput("it is no whole ZIP archive", "its longer end record is missing")
    _check(record, ends)
    return record


def _place(tail: bytes) -> int | None:
    """Where the record begins, as ``zipfile`` finds it: at the very end, else the last one."""
    last = len(tail) - _END.size
    if last >= 0 and tail[last:].startswith(b"PK\5\6") and tail.endswith(b"\0\0"):
        return last
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at > last:
        return None
    (comment,) = struct.unpack_from("<H", tail, at + _END.size - 2)
    return at if at + _END.size + comment == len(tail) else None


def _end_64(file: BinaryIO, ends: int) -> tuple[EndRecord, int] | None:
    """The longer record and where it begins; None where no locator stands before the end."""
    at = ends - _LOCATOR.size
    if at < 0:
        return None
    file.seek(at)
    mark, disk, place, disks = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if mark != b"PK\6\7":
        return None
    if disk or disks > 1:
        raise BadInput("it is one part of several", "rushes reads whole archives")
    if place != at - _END_64.size or place < 0:
        raise BadInput("it is no whole ZIP archive", "its longer end record is elsewhere")
    file.seek(place)
    found = _END_64.unpack(file.read(_END_64.size))
    mark, _, _, _, disk, first_disk, here, entries, size, offset = found
    if mark != b"PK\6\6" or disk or first_disk or here != entries:
        raise BadInput("it is no whole ZIP archive", "its longer end record can't be read")
    return EndRecord(entries, size, offset), place


def _check(record: EndRecord, ends: int) -> None:
    if record.entries > limits.MOST_ENTRIES:
        most = f"{record.entries:,} files are in it, {limits.MOST_ENTRIES:,} are the most"
        raise BadInput("it holds too much", most)
    if record.size > limits.LARGEST_DIRECTORY:
        raise BadInput("it holds too much", f"its directory has {record.size:,} bytes")
    if record.offset + record.size != ends:
        raise BadInput("it is no whole ZIP archive", "its directory isn't where its end says")
