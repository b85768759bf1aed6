"""Files as answers: whole or in part, read a little at a time, and let go of in the end."""

from __future__ import annotations

import asyncio
import os
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from rushes.api.guards import HEAD
from rushes.api.ranges import Part, part_of
from rushes.api.service import Service
from rushes.errors import AudioMissing

PIECE = 64 * 1024
"""Bytes that are read at once, and held for each answer that is under way."""

_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".aiff": "audio/aiff",
    ".aif": "audio/aiff",
    ".au": "audio/basic",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open regular file: whoever opens it hands it to a ``FileAnswer``, which closes it."""

    descriptor: int
    name: str
    size: int
    modified: float
    mark: str

    @property
    def media_type(self) -> str:
        """Its media type, by its suffix."""
        return _TYPES.get(Path(self.name).suffix.lower(), "application/octet-stream")


def open_file(path: Path) -> OpenFile:
    """Open a file that the library has found.

    Raises:
        AudioMissing: it is gone, or no regular file, or can't be read.
    """
    try:
        # A pipe in its place isn't waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise AudioMissing("the audio can't be read", error.strerror or "") from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        raise AudioMissing("the audio can't be read", "it is no regular file")
    mark = f"{about.st_mtime_ns:x}-{about.st_size:x}-{about.st_ino:x}"
    return OpenFile(descriptor, path.name, about.st_size, about.st_mtime, mark)


class FileAnswer(Response):
    """A file, or the part of it that a request asks for.

    ``etag`` is what tells it from others, quoted; by its size and time of change where that is
    None. ``name`` is what it is to be saved as, None for what is to be heard in place.
    """

    def __init__(
        self,
        service: Service,
        file: OpenFile,
        request: Request,
        *,
        etag: str | None = None,
        name: str | None = None,
    ) -> None:
        self._service = service
        self._file = file
        tag = etag or f'"{file.mark}"'
        self._part = part_of(file.size, tag, file.modified, lower_headers(request))
        self.status_code = self._part.status
        self.background: BackgroundTask | None = None
        self.body = b""
        self.init_headers(self._told(self._part, name))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; ends early where nobody is there any more."""
        try:
            start: Message = {
                "type": "http.response.start",
                "status": self._part.status,
                "headers": self.raw_headers,
            }
            await send(start)
            if not scope.get(HEAD):
                await self._send_pieces(receive, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            os.close(self._file.descriptor)

    async def _send_pieces(self, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            at, end = self._part.span.start, self._part.span.end
            while at < end and not gone.done():
                size = min(PIECE, end - at)
                read = partial(os.pread, self._file.descriptor, size, at)
                piece = await self._service.file(read)
                if not piece:
                    raise ConnectionAbortedError("the file has become shorter")
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                at += len(piece)
        finally:
            gone.cancel()

    def _told(self, part: Part, name: str | None) -> dict[str, str]:
        told = {**part.headers, "Cache-Control": "private, no-cache"}
        if part.status is HTTPStatus.NOT_MODIFIED:
            return told
        told["Content-Length"] = str(part.span.size)
        told["Content-Type"] = self._file.media_type
        if name is not None:
            told["Content-Disposition"] = disposition(name)
        return told


async def until_gone(receive: Receive) -> None:
    """Wait until the client has hung up; what else comes is of no interest."""
    while (await receive())["type"] != "http.disconnect":
        pass


def disposition(name: str) -> str:
    """Content-Disposition of a file to be saved as ``name`` (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    safe = "".join(c if c.isalnum() or c in " ._-+()[]" else "_" for c in plain).strip(" ")
    stem, _, suffix = safe.rpartition(".")
    fallback = safe if stem.strip(" ._-") else f"take.{suffix}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def lower_headers(request: Request) -> Mapping[str, str]:
    """A request's headers by their names in lower case."""
    return {key.lower(): value for key, value in request.headers.items()}
