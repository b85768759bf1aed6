"""The items of stories: what plays when, how much of it, and how loud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from rushes.api.answers import answering, listed
from rushes.api.asking import ItemId, Name, StoryId, StrictRoute, item_of, story_of
from rushes.api.documents import StoryItemDocument, StoryItemsDocument, refusals
from rushes.api.service import Service
from rushes.api.story_answers import item_answer
from rushes.domain import limits
from rushes.domain.record import Record
from rushes.domain.story import SceneItem, StoryChange
from rushes.domain.story_editing import ItemWish
from rushes.errors import BadInput, NotFound
from rushes.library import Library

Milliseconds = Annotated[int, Field(ge=0, le=limits.LONGEST_STORY)]
Track = Annotated[int, Field(ge=-limits.HIGHEST_TRACK, le=limits.HIGHEST_TRACK)]
Volume = Annotated[float, Field(ge=0, le=limits.HIGHEST_VOLUME)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ItemsBody(_Body):
    """Generations that are to be added, one behind the other; times in milliseconds."""

    generation_ids: list[str] = Field(min_length=1, max_length=limits.MOST_ADDED)
    at_ms: Milliseconds | None = Field(
        default=None, description="Where they begin; else behind the last item of the track."
    )
    track: Track | None = Field(default=None, description="Else 0.")
    gap_ms: Milliseconds = Field(default=0, description="What lies between them.")
    version: Name | None = Field(
        default=None, description="A version's id or label to be pinned; else the default plays."
    )


class ItemBody(_Body):
    """What is to become of an item, in one change; what isn't named, or is null, stays as it is."""

    start_ms: Milliseconds | None = None
    track: Track | None = None
    trim_start_ms: Milliseconds | None = None
    trim_end_ms: Milliseconds | None = None
    volume: Volume | None = Field(default=None, description="A factor: 1 is as it is.")
    version: Name | None = Field(
        default=None,
        description="A version's id or label to be pinned; null lets the default play.",
    )

    def wish(self) -> ItemWish:
        """The same as the library takes it."""
        return ItemWish(**self.model_dump(), unpin="version" in self.model_fields_set)


class SplitBody(_Body):
    """The moment of the story at which the second half begins."""

    at_ms: Milliseconds


def routes(service: Service) -> APIRouter:
    """``/stories/{id}/items``."""
    router = APIRouter(
        prefix="/stories/{story_id}/items",
        tags=["stories"],
        responses=refusals(404, 409, 507),
        route_class=StrictRoute,
    )
    library = service.library
    stories = library.stories

    @router.post("", status_code=201, response_model=StoryItemsDocument)
    async def add(story_id: StoryId, said: Annotated[ItemsBody, Body()]) -> Response:
        """Add generations; gives their items."""

        def work() -> Record:
            story = story_of(library, story_id)
            with _named_in_body():
                change = stories.add(
                    story,
                    said.generation_ids,
                    at_ms=said.at_ms,
                    track=said.track,
                    version=said.version,
                    gap_ms=said.gap_ms,
                )
            return listed([item_answer(one) for one in _shown(library, change)])

        return await service.change(answering(work, 201))

    @router.get("/{item_id}", response_model=StoryItemDocument)
    async def one(story_id: StoryId, item_id: ItemId) -> Response:
        """One item with what it plays."""
        return await service.ask(
            answering(lambda: item_answer(_item_of(library, story_id, item_id)))
        )

    @router.patch("/{item_id}", response_model=StoryItemDocument)
    async def edit(
        story_id: StoryId, item_id: ItemId, said: Annotated[ItemBody, Body()]
    ) -> Response:
        """Move it, trim it, pin a version, set its volume: all that is said at once, or none."""

        def work() -> Record:
            item = _item_of(library, story_id, item_id)
            with _named_in_body():
                change = stories.edit(item, said.wish())
            return item_answer(item_of(stories.scene(change.story), item_id))

        return await service.change(answering(work))

    @router.post("/{item_id}/split", status_code=201, response_model=StoryItemsDocument)
    async def split(
        story_id: StoryId, item_id: ItemId, said: Annotated[SplitBody, Body()]
    ) -> Response:
        """Make two of it, of which the first keeps its id; nothing is heard of the cut."""

        def work() -> Record:
            change = stories.split(_item_of(library, story_id, item_id), said.at_ms)
            return listed([item_answer(one) for one in _shown(library, change)])

        return await service.change(answering(work, 201))

    @router.delete("/{item_id}", response_model=StoryItemDocument)
    async def remove(story_id: StoryId, item_id: ItemId) -> Response:
        """Take it out of its story; gives it. The rest stays where it is."""

        def work() -> Record:
            gone = _item_of(library, story_id, item_id)
            stories.remove(gone)
            return item_answer(gone)

        return await service.change(answering(work))

    return router


@contextmanager
def _named_in_body() -> Iterator[None]:
    """Tells apart what an address leads to, which is there, and what a body names, which isn't."""
    try:
        yield
    except NotFound as error:
        raise BadInput(error.what, error.why, error.fix) from None


def _item_of(library: Library, story_id: str, item_id: str) -> SceneItem:
    return item_of(library.stories.scene(story_of(library, story_id)), item_id)


def _shown(library: Library, change: StoryChange) -> Iterable[SceneItem]:
    """The items of a change that are still there, with what they play."""
    ids = {item.id for item in change.items}
    return (one for one in library.stories.scene(change.story).items if one.id in ids)
