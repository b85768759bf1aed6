"""The history itself: pages of it, one of it, what it amounts to."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.answers import answering, as_json, page_record, take_record
from rushes.api.asking import (
    After,
    Filter,
    Id,
    Limit,
    Offset,
    ProfileIds,
    Search,
    query_of,
    take_of,
)
from rushes.api.documents import (
    UNCHANGED,
    DeletedDocument,
    GenerationDocument,
    PageDocument,
    StatisticsDocument,
    TagsDocument,
    refusals,
)
from rushes.api.pages import PAGES, page_answer
from rushes.api.remembered import Answered
from rushes.api.service import Service
from rushes.domain.query import Sort
from rushes.domain.record import Record, statistics_record


def routes(service: Service) -> APIRouter:
    """``/history``, ``/tags``."""
    router = APIRouter(tags=["history"], responses=refusals())
    library = service.library

    @router.get(PAGES, response_model=PageDocument, responses=UNCHANGED)
    async def list_history(
        *,
        request: Request,
        profile_id: ProfileIds = None,
        search: Search = None,
        limit: Limit = 50,
        offset: Offset = 0,
        q: Filter = None,
        sort: Sort = Sort.NEWEST,
        after: After = None,
    ) -> Response:
        """A page of the history, newest first, with the total."""

        def make() -> bytes:
            query = query_of(
                library,
                profile_ids=profile_id,
                search=search,
                line=q,
                sort=sort,
                limit=limit,
                offset=offset,
                after=after,
            )
            return as_json(page_record(library.generations.records(query)))

        if q is not None:
            # “The last 7 days” are others tomorrow, whether or not anything was changed.
            return page_answer(request.headers, Answered.of(await service.ask(make)))
        asked = request.scope["query_string"]
        return page_answer(
            request.headers, await service.ask(partial(service.pages.made, asked, make))
        )

    @router.get("/history/stats", response_model=StatisticsDocument)
    async def statistics(
        *, profile_id: ProfileIds = None, search: Search = None, q: Filter = None
    ) -> Response:
        """What the history amounts to, or the part of it that is asked for."""

        def work() -> Record:
            query = query_of(library, profile_ids=profile_id, search=search, line=q)
            return statistics_record(library.statistics.read(query))

        return await service.labour(answering(work))

    @router.get(
        "/history/{generation_id}", response_model=GenerationDocument, responses=refusals(404)
    )
    async def one(generation_id: Id) -> Response:
        """One generation."""
        return await service.ask(answering(lambda: take_record(take_of(library, generation_id))))

    @router.delete(
        "/history/{generation_id}",
        response_model=DeletedDocument,
        responses=refusals(404),
    )
    async def delete(
        generation_id: Id,
        permanent: bool = Query(default=False, description="For good, with its audio."),
    ) -> Response:
        """Move a generation to the trash, from where it can come back; or delete it for good."""

        def work() -> Record:
            take = take_of(library, generation_id)
            if permanent:
                library.trash.purge(take.id)
            else:
                library.generations.delete(take.id)
            told = "deleted for good" if permanent else "moved to the trash"
            return {"id": take.id, "permanent": permanent, "message": f"Generation {told}"}

        return await service.change(answering(work))

    @router.get("/tags", response_model=TagsDocument)
    async def tags() -> Response:
        """Every tag outside the trash, and how many generations bear it."""

        def work() -> Record:
            found = library.generations.tags()
            items = [{"tag": tag, "generations": count} for tag, count in found]
            return {"items": items, "total": len(items)}

        return await service.labour(answering(work))

    return router
