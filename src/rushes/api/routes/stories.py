"""Stories: takes one after the other and beside each other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from rushes.api.answers import answering, listed
from rushes.api.documents import StoriesDocument, WholeStoryDocument, refusals
from rushes.api.service import Service
from rushes.domain.record import Record
from rushes.domain.story import Story, StoryItem
from rushes.domain.text import one_line
from rushes.domain.times import to_iso
from rushes.errors import NotFound

StoryId = Annotated[str, Path(description="A story's id, whole.")]


def routes(service: Service) -> APIRouter:
    """``/stories``."""
    router = APIRouter(prefix="/stories", tags=["stories"], responses=refusals(404))
    library = service.library

    @router.get("", response_model=StoriesDocument)
    async def list_stories() -> Response:
        """Every story, the one changed last first."""

        def work() -> Record:
            return listed([_story(one) for one in library.stories.list()])

        return await service.ask(answering(work))

    @router.get("/{story_id}", response_model=WholeStoryDocument)
    async def one(story_id: StoryId) -> Response:
        """One story with its items, in the order in which they begin."""

        def work() -> Record:
            for story in library.stories.list():
                if story.id == story_id:
                    items = [_item(item) for item in library.stories.items(story)]
                    return {**_story(story), "items": items}
            raise NotFound(f"there is no story “{one_line(story_id)[:80]}”")

        return await service.ask(answering(work))

    return router


def _story(story: Story) -> Record:
    return {
        "id": story.id,
        "name": story.name,
        "description": story.description,
        "created_at": to_iso(story.created_at),
        "updated_at": to_iso(story.updated_at),
        "source_id": story.source_id,
        "item_count": story.items,
    }


def _item(item: StoryItem) -> Record:
    return {
        "id": item.id,
        "generation_id": item.generation_id,
        "version_id": item.version_id,
        "start_ms": item.start_ms,
        "track": item.track,
        "trim_start_ms": item.trim_start_ms,
        "trim_end_ms": item.trim_end_ms,
        "volume": item.volume,
        "created_at": to_iso(item.created_at),
    }
