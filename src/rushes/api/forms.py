"""Forms that bring a file (RFC 7578), read as they come: the file goes to the disk piece by piece.

No name that a client gives is ever a name of a file here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from threading import Lock

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

from rushes.api.guards import pieces_of
from rushes.api.service import Service
from rushes.domain.text import one_line
from rushes.errors import BadInput
from rushes.library import Library
from rushes.library.uploads import Upload

AT_ONCE = 256 * 1024
"""Bytes of a file that are held before they are written."""

LARGEST_FIELDS = 24_000_000
"""Bytes of all fields of a form but the file: a long text and a large snapshot."""

_MOST_PARTS = 64
_LONGEST_NAME = 200


@dataclass(slots=True)
class Form:
    """What a form brought: its fields by name, and its file; None where it brought none."""

    fields: dict[str, str] = field(default_factory=dict)
    upload: Upload | None = None

    @property
    def file(self) -> Upload:
        """The file.

        Raises:
            BadInput: there is none.
        """
        if self.upload is None:
            raise BadInput("the file is missing", "", "Send it as a file of the form.")
        return self.upload


@asynccontextmanager
async def form_of(
    request: Request, service: Service, file: str, fields: frozenset[str] = frozenset()
) -> AsyncIterator[Form]:
    """The form that a request brings, whose file is called ``file``; gone from staging afterwards.

    Raises:
        HTTPException: it is no form, broken, or didn't come in time.
        BadInput: it has a field that isn't among ``fields``, or one twice, or too much in them.
        ClientDisconnect: the client has hung up.
        RushesError: the file can't be taken in.
    """
    reading = _Reading(_boundary(request), file, fields)
    form = reading.form
    async with service.uploads:
        try:
            async for piece in pieces_of(request.scope, request.receive):
                reading.feed(piece)
                if reading.held > AT_ONCE:
                    await service.file(partial(reading.write, service.library))
            reading.check_whole()
            await service.file(partial(reading.write, service.library))
            yield form
        finally:
            await asyncio.shield(service.file(reading.give_up))


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind.lower() != b"multipart/form-data":
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a form is wanted: multipart/form-data"
        )
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "the form names no boundary")
    return boundary


class _Reading:
    """A form while it comes: ``feed`` it, and take the pieces of its file away."""

    def __init__(self, boundary: bytes, file: str, fields: frozenset[str]) -> None:
        self.form = Form()
        self.has_file = False
        self.held = 0
        self._file = file
        self._known = fields
        self._pieces: list[bytes] = []
        self._lock = Lock()
        self._given_up = False
        self._parts = 0
        self._room = LARGEST_FIELDS
        self._ended = False
        self._name: str | None = None
        self._value = bytearray()
        self._header, self._told = bytearray(), bytearray()
        self._headers: dict[bytes, bytes] = {}
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._named,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                    "on_end": self._whole,
                },
            )
        except FormParserError as error:
            raise _broken(error) from None

    def feed(self, piece: bytes) -> None:
        """Read what has come."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise _broken(error) from None

    def write(self, library: Library) -> None:
        """Write the file's bytes that are held; in a thread.

        Raises:
            RushesError: they can't be written.
        """
        pieces, self._pieces, self.held = self._pieces, [], 0
        with self._lock:
            if not self.has_file or self._given_up:
                return
            if self.form.upload is None:
                self.form.upload = library.uploads.begin()
            self.form.upload.write(b"".join(pieces))

    def give_up(self) -> None:
        """Let go of the file; in a thread. What still writes to it comes to its end before."""
        with self._lock:
            self._given_up = True
            if self.form.upload is not None:
                self.form.upload.discard()

    def check_whole(self) -> None:
        """Make sure that the form has come to its end."""
        if not self._ended:
            raise HTTPException(HTTPStatus.BAD_REQUEST, "the form ends in the middle")

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadInput("the form has too many parts", f"{_MOST_PARTS} are the most")
        self._name = None
        self._value = bytearray()
        self._headers = {}

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._told += data[start:end]

    def _header_end(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._told)
        self._header, self._told = bytearray(), bytearray()

    def _named(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        name = options.get(b"name", b"")[:_LONGEST_NAME].decode("utf-8", "replace")
        if name == self._file:
            if self.has_file:
                raise BadInput(f"the form brings “{name}” twice")
            self.has_file = True
        elif name not in self._known:
            known = ", ".join(sorted({self._file, *self._known}))
            raise BadInput(
                f"the form has an unknown field “{one_line(name)}”", "", f"Known: {known}."
            )
        elif name in self.form.fields:
            raise BadInput(f"the form has the field “{name}” twice")
        self._name = name

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == self._file:
            self._pieces.append(data[start:end])
            self.held += end - start
            return
        self._room -= end - start
        if self._room < 0:
            raise BadInput(
                "the form's fields are too long", f"{LARGEST_FIELDS:,} bytes are the most"
            )
        self._value += data[start:end]

    def _end(self) -> None:
        if self._name is None or self._name == self._file:
            return
        try:
            self.form.fields[self._name] = self._value.decode()
        except UnicodeDecodeError:
            raise BadInput(f"the field “{self._name}” isn't UTF-8") from None

    def _whole(self) -> None:
        self._ended = True


def _broken(error: FormParserError) -> HTTPException:
    return HTTPException(
        HTTPStatus.BAD_REQUEST, f"the form can't be read: {one_line(str(error))[:200]}"
    )
