"""The trash: what was deleted, until it is brought back or purged."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from rushes.api.answers import answering, page_record, take_record
from rushes.api.asking import After, Filter, Id, Limit, Offset, Search, query_of, trashed_of
from rushes.api.documents import (
    DeletedDocument,
    GenerationDocument,
    PageDocument,
    PurgedDocument,
    refusals,
)
from rushes.api.service import Service
from rushes.domain.query import Sort
from rushes.domain.record import Record


def routes(service: Service) -> APIRouter:
    """``/trash``."""
    router = APIRouter(prefix="/trash", tags=["trash"], responses=refusals(507))
    library = service.library

    @router.get("", response_model=PageDocument)
    async def list_trash(
        *,
        search: Search = None,
        limit: Limit = 50,
        offset: Offset = 0,
        q: Filter = None,
        sort: Sort = Sort.NEWEST,
        after: After = None,
    ) -> Response:
        """A page of the trash, with the total."""

        def work() -> Record:
            query = query_of(
                library,
                search=search,
                line=q,
                sort=sort,
                limit=limit,
                offset=offset,
                after=after,
            )
            return page_record(library.trash.records(query))

        return await service.ask(answering(work))

    @router.delete("", response_model=PurgedDocument)
    async def empty() -> Response:
        """Delete everything in the trash for good; gives how many takes that were."""
        return await service.change(answering(lambda: {"purged": library.trash.empty()}))

    @router.get("/{generation_id}", response_model=GenerationDocument, responses=refusals(404))
    async def one(generation_id: Id) -> Response:
        """One take in the trash."""
        return await service.ask(answering(lambda: take_record(trashed_of(library, generation_id))))

    @router.post(
        "/{generation_id}/restore",
        response_model=GenerationDocument,
        responses=refusals(404, 507),
    )
    async def restore(generation_id: Id) -> Response:
        """Bring a take back, with its profile."""

        def work() -> Record:
            take = trashed_of(library, generation_id)
            library.trash.restore(take.id)
            return take_record(library.generations.get(take.id))

        return await service.change(answering(work))

    @router.delete("/{generation_id}", response_model=DeletedDocument, responses=refusals(404, 507))
    async def purge(generation_id: Id) -> Response:
        """Delete a take in the trash for good, with its audio."""

        def work() -> Record:
            take = trashed_of(library, generation_id)
            library.trash.purge(take.id)
            return {"id": take.id, "permanent": True, "message": "Generation deleted for good"}

        return await service.change(answering(work))

    return router
