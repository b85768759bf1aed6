"""What a person says of a take: favourite, rating, tags, a note."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from rushes.api.answers import answering, take_record
from rushes.api.asking import Id, Name, StrictRoute, Text, take_of
from rushes.api.documents import GenerationDocument, refusals
from rushes.api.service import Service
from rushes.domain.generation import HIGHEST_RATING
from rushes.domain.record import Record

_MOST_TAGS = 1_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class FavoriteBody(_Body):
    """Whether it is a favourite."""

    is_favorited: bool


class RatingBody(_Body):
    """A rating; null takes it away."""

    rating: int | None = Field(ge=1, le=HIGHEST_RATING)


class NoteBody(_Body):
    """A note; null takes it away."""

    note: Text | None


class TagsBody(_Body):
    """Tags to give, and tags to take away; one that is both stays."""

    add: list[Name] = Field(default=[], max_length=_MOST_TAGS)
    remove: list[Name] = Field(default=[], max_length=_MOST_TAGS)


def routes(service: Service) -> APIRouter:
    """The marks of ``/history/{id}``; each gives the take as it is then."""
    router = APIRouter(
        prefix="/history/{generation_id}",
        tags=["marks"],
        responses=refusals(404, 507),
        route_class=StrictRoute,
    )
    library = service.library
    generations = library.generations

    @router.post("/favorite", response_model=GenerationDocument)
    async def toggle_favorite(generation_id: Id) -> Response:
        """Make it a favourite, or one no longer: the other of what it is."""

        def work() -> Record:
            take = take_of(library, generation_id)
            (marked,) = generations.favorite(take.id, not take.is_favorited)
            return take_record(marked)

        return await service.change(answering(work))

    @router.put("/favorite", response_model=GenerationDocument)
    async def favorite(generation_id: Id, said: Annotated[FavoriteBody, Body()]) -> Response:
        """Make it a favourite, or one no longer."""

        def work() -> Record:
            take = take_of(library, generation_id)
            (marked,) = generations.favorite(take.id, said.is_favorited)
            return take_record(marked)

        return await service.change(answering(work))

    @router.put("/rating", response_model=GenerationDocument)
    async def rate(generation_id: Id, said: Annotated[RatingBody, Body()]) -> Response:
        """Rate it 1 to 5, or take its rating away."""

        def work() -> Record:
            (marked,) = generations.rate(take_of(library, generation_id).id, said.rating)
            return take_record(marked)

        return await service.change(answering(work))

    @router.put("/note", response_model=GenerationDocument)
    async def note(generation_id: Id, said: Annotated[NoteBody, Body()]) -> Response:
        """Give it a note in place of what it had, or none."""

        def work() -> Record:
            (marked,) = generations.note(take_of(library, generation_id).id, said.note)
            return take_record(marked)

        return await service.change(answering(work))

    @router.post("/tags", response_model=GenerationDocument)
    async def tag(generation_id: Id, said: Annotated[TagsBody, Body()]) -> Response:
        """Give it tags and take others away."""

        def work() -> Record:
            take = take_of(library, generation_id)
            (marked,) = generations.tag(take.id, add=said.add, remove=said.remove)
            return take_record(marked)

        return await service.change(answering(work))

    return router
