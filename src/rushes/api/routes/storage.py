"""What the library takes of the disk, and whether the server answers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from rushes.api.answers import answer, answering
from rushes.api.documents import HealthDocument, StorageDocument, refusals
from rushes.api.service import Service
from rushes.domain.record import Record
from rushes.domain.storage_record import use_record
from rushes.version import __version__


def routes(service: Service) -> APIRouter:
    """``/storage``, ``/health``."""
    router = APIRouter(tags=["storage"], responses=refusals())
    library = service.library

    @router.get("/storage", response_model=StorageDocument)
    async def storage() -> Response:
        """What lies on the disk: by kind, profile, engine and month."""

        def work() -> Record:
            return use_record(library.storage.use(service.unless_closing))

        return await service.labour(answering(work))

    @router.get("/health", response_model=HealthDocument)
    async def health() -> Response:
        """That the server answers."""
        return answer({"status": "ok", "version": __version__, "writable": library.writable})

    return router
