"""Stories: takes one after the other and beside each other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from rushes.api.answers import answering, listed
from rushes.api.asking import Name, StoryId, StrictRoute, Text, any_story_of, story_of
from rushes.api.documents import (
    DeletedDocument,
    StoriesDocument,
    StoryDocument,
    WholeStoryDocument,
    refusals,
)
from rushes.api.service import Service
from rushes.api.story_answers import scene_answer, story_answer
from rushes.domain.record import Record
from rushes.library import Library


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class StoryBody(_Body):
    """A story that is to be made."""

    name: Name
    description: Text | None = None


class RevisionBody(_Body):
    """What is to be said of a story otherwise; what isn't named stays as it is."""

    name: Name | None = Field(default=None, description="Null leaves it.")
    description: Text | None = Field(default=None, description="Null takes it away.")


class CopyBody(_Body):
    """How a copy is to be called."""

    name: Name | None = Field(default=None, description="Else as it is, with “(copy)” behind.")


def routes(service: Service) -> APIRouter:
    """``/stories`` but for their items and their sound."""
    router = APIRouter(
        prefix="/stories",
        tags=["stories"],
        responses=refusals(404, 409, 507),
        route_class=StrictRoute,
    )
    library = service.library
    stories = library.stories

    @router.get("", response_model=StoriesDocument)
    async def list_stories(
        deleted: Annotated[bool, Query(description="The deleted ones instead.")] = False,
    ) -> Response:
        """Every story, the one changed last first."""

        def work() -> Record:
            return listed([story_answer(one) for one in stories.list(deleted=deleted)])

        return await service.ask(answering(work))

    @router.post("", status_code=201, response_model=StoryDocument)
    async def create(said: Annotated[StoryBody, Body()]) -> Response:
        """Make an empty story; several may bear one name."""

        def work() -> Record:
            return story_answer(stories.create(said.name, said.description).story)

        return await service.change(answering(work, 201, place="/stories"))

    @router.get("/{story_id}", response_model=WholeStoryDocument)
    async def one(story_id: StoryId) -> Response:
        """One story with its items, in the order in which they begin."""
        return await service.ask(
            answering(lambda: scene_answer(stories.scene(story_of(library, story_id))))
        )

    @router.patch("/{story_id}", response_model=StoryDocument)
    async def revise(story_id: StoryId, said: Annotated[RevisionBody, Body()]) -> Response:
        """Rename a story, describe it, or both."""
        return await service.change(answering(lambda: _revised(library, story_id, said)))

    @router.post("/{story_id}/copy", status_code=201, response_model=StoryDocument)
    async def copy(story_id: StoryId, said: Annotated[CopyBody | None, Body()] = None) -> Response:
        """Make a story of one's own that plays the same, a linked source's or not."""

        def work() -> Record:
            called = None if said is None else said.name
            return story_answer(stories.copy(story_of(library, story_id), called).story)

        return await service.change(answering(work, 201, place="/stories"))

    @router.delete("/{story_id}", response_model=DeletedDocument)
    async def delete(
        story_id: StoryId,
        permanent: bool = Query(default=False, description="For good, deleted before or not."),
    ) -> Response:
        """Delete a story, which can be restored; or for good. Takes are not touched."""
        return await service.change(
            answering(lambda: _deleted(library, story_id, permanent=permanent))
        )

    @router.post("/{story_id}/restore", response_model=StoryDocument)
    async def restore(story_id: StoryId) -> Response:
        """Bring a deleted story back as it was; one that isn't deleted stays as it is."""

        def work() -> Record:
            return story_answer(stories.restore(any_story_of(library, story_id)).story)

        return await service.change(answering(work))

    return router


def _revised(library: Library, story_id: str, said: RevisionBody) -> Record:
    story = story_of(library, story_id)
    text = said.description or "" if "description" in said.model_fields_set else None
    return story_answer(library.stories.revise(story, name=said.name, description=text).story)


def _deleted(library: Library, story_id: str, *, permanent: bool) -> Record:
    if permanent:
        library.stories.purge(any_story_of(library, story_id))
    else:
        library.stories.delete(story_of(library, story_id))
    told = "Story deleted for good" if permanent else "Story deleted"
    return {"id": story_id, "permanent": permanent, "message": told}
