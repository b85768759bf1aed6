"""What is to be heard and seen of a take: its audio, its waveform, how well it came out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.answers import answering
from rushes.api.asking import Id, VersionName, take_of
from rushes.api.documents import UNCHANGED, PeaksDocument, QualityDocument, files, refusals
from rushes.api.files import FileAnswer, OpenFile, lower_headers, open_file
from rushes.api.ranges import is_fresh
from rushes.api.service import Service
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.quality_record import quality_record
from rushes.domain.record import Record

if TYPE_CHECKING:
    from rushes.domain.envelope import Envelope
    from rushes.library import Library

_MOST_BUCKETS = 10_000

Buckets = Annotated[
    int, Query(ge=1, le=_MOST_BUCKETS, description="Parts that the clip is measured in at most.")
]
OfVersion = Annotated[
    str | None, Query(alias="version", description="A version's id or label; else the default.")
]


def routes(service: Service) -> APIRouter:
    """``/audio``, and of each take its peaks and its quality."""
    router = APIRouter(tags=["audio"], responses=refusals(404))
    library = service.library

    @router.get("/audio/{generation_id}", response_class=Response, responses=files("audio/*"))
    async def audio(generation_id: Id, request: Request) -> Response:
        """The audio of a generation's default version; parts of it by Range."""
        file, etag = await service.ask(lambda: opened(library, take_of(library, generation_id)))
        return FileAnswer(service, file, request, etag=etag)

    @router.get(
        "/history/{generation_id}/versions/{version}/audio",
        response_class=Response,
        responses=files("audio/*"),
    )
    async def audio_of_version(
        generation_id: Id, version: VersionName, request: Request
    ) -> Response:
        """The audio of one version; parts of it by Range."""

        def work() -> tuple[OpenFile, str | None]:
            return opened(library, version_of(library, generation_id, version))

        file, etag = await service.ask(work)
        return FileAnswer(service, file, request, etag=etag)

    @router.get("/history/{generation_id}/peaks", response_model=PeaksDocument, responses=UNCHANGED)
    async def peaks(
        generation_id: Id, request: Request, buckets: Buckets = 1_000, version: OfVersion = None
    ) -> Response:
        """The waveform: the lowest and highest sample and the loudness of each part."""

        def meant() -> Generation | GenerationVersion:
            if version is None:
                return take_of(library, generation_id)
            return version_of(library, generation_id, version)

        item = await service.ask(meant)
        etag = None if item.facts is None else f'"{item.facts.sha256[:40]}-{buckets}"'
        told = {} if etag is None else {"ETag": etag, "Cache-Control": "private, no-cache"}
        if etag is not None and is_fresh(lower_headers(request), etag):
            return Response(status_code=304, headers=told)

        def work() -> Record:
            return _peaks(item, library.audio.envelope(item, buckets))

        return await service.labour(answering(work, headers=told))

    @router.get("/history/{generation_id}/quality", response_model=QualityDocument)
    async def quality(generation_id: Id) -> Response:
        """How well a take came out: every flag explained, and other takes of the same samples."""

        def work() -> Record:
            take = take_of(library, generation_id)
            return quality_record(take, library.quality.twins(take))

        return await service.labour(answering(work))

    return router


def opened(library: Library, item: Generation | GenerationVersion) -> tuple[OpenFile, str | None]:
    """Its file, open, and the tag that its bytes have; None where nobody knows them for sure."""
    file = open_file(library.audio.path(item))
    facts = item.facts
    linked = isinstance(item, Generation) and item.source_id is not None
    # A linked file may be changed by others; of an own one that isn't as it was, nothing is known.
    if facts is None or linked or item.fault is not None or facts.bytes != file.size:
        return file, None
    return file, f'"{facts.sha256}"'


def version_of(library: Library, generation_id: str, version: str) -> GenerationVersion:
    """A version of a generation outside the trash.

    Raises:
        NotFound: there is no such generation, or no such version of it.
        Ambiguous: the beginning of an id fits several.
    """
    return library.versions.get(take_of(library, generation_id).id, version)


def _peaks(item: Generation | GenerationVersion, drawn: Envelope) -> Record:
    of_version = isinstance(item, GenerationVersion)
    return {
        "id": item.generation_id if isinstance(item, GenerationVersion) else item.id,
        "version_id": item.id if of_version else None,
        "sample_rate": drawn.sample_rate,
        "frames": drawn.frames,
        "duration": drawn.duration,
        "buckets": drawn.buckets,
        "channels": [
            {
                "min": _rounded(low),
                "max": _rounded(high),
                "rms": _rounded(rms),
                "clipped": [bool(one) for one in clipped],
            }
            for low, high, rms, clipped in zip(
                drawn.minima, drawn.maxima, drawn.rms, drawn.clipped, strict=True
            )
        ],
    }


def _rounded(values: Sequence[float]) -> list[float]:
    """To what a 16-bit sample tells; what isn't a number counts as silence."""
    return [round(value, 5) if math.isfinite(value) else 0.0 for value in values]
