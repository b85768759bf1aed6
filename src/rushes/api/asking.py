"""What a request asks, as the library takes it; ids in it are whole ones."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import Path, Query
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.guards import document_of
from rushes.domain import limits
from rushes.domain.filters import EVERYTHING
from rushes.domain.generation import Generation
from rushes.domain.preset import Preset
from rushes.domain.profile import Profile, ProfileSummary
from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.story import Scene, SceneItem, Story
from rushes.domain.strict_json import strict_json
from rushes.domain.text import one_line, valid
from rushes.errors import BadInput, NotFound
from rushes.library import Library

_FURTHEST = 10**15

Name = Annotated[str, Field(min_length=1, max_length=limits.LONGEST_NAME)]
"""A name as the library takes it, which checks it once more."""

Text = Annotated[str, Field(max_length=limits.LONGEST_TEXT)]
Seed = Annotated[int, Field(ge=-limits.HIGHEST_SEED, lt=limits.HIGHEST_SEED)]
Moment = Annotated[
    str,
    Field(
        description="ISO 8601; without an offset it is UTC.",
        json_schema_extra={"format": "date-time"},
    ),
]
Id = Annotated[str, Path(description="A generation's id, whole.")]
StoryId = Annotated[str, Path(description="A story's id, whole.")]
ItemId = Annotated[str, Path(description="The id of an item of the story, whole.")]
VersionName = Annotated[str, Path(description="A version's id or label.")]
Limit = Annotated[int, Query(ge=1, le=limits.LARGEST_PAGE, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=_FURTHEST, description="How many to skip.")]
ProfileIds = Annotated[
    list[str] | None, Query(alias="profile_id", description="Of this profile; several: of any.")
]
Search = Annotated[str | None, Query(description="A literal part of the text, in whatever case.")]
Filter = Annotated[
    str | None, Query(alias="q", description="A line of the filter language: anna -draft is:fav.")
]
After = Annotated[
    str | None, Query(description="A page's next, in place of offset, with the same sort.")
]


def query_of(
    library: Library,
    *,
    profile_ids: list[str] | None = None,
    search: str | None = None,
    line: str | None = None,
    sort: Sort = Sort.NEWEST,
    limit: int = 50,
    offset: int = 0,
    after: str | None = None,
) -> HistoryQuery:
    """The question that parameters ask; what is empty asks for nothing.

    Raises:
        BadFilter: the line can't be read.
    """
    return HistoryQuery(
        search=search or None,
        filter=library.filters.parse(valid(line, "filter")) if line else EVERYTHING,
        profile_ids=tuple(one for one in profile_ids or () if one),
        sort=sort,
        limit=limit,
        offset=offset,
        after=after or None,
    )


def take_of(library: Library, identity: str) -> Generation:
    """The generation of that whole id, outside the trash.

    Raises:
        NotFound: there is none.
    """
    found = any_take_of(library, identity)
    if found.deleted_at is not None:
        raise NotFound(
            f"the generation {identity} lies in the trash", "", f"POST /trash/{identity}/restore"
        )
    return found


def trashed_of(library: Library, identity: str) -> Generation:
    """The generation of that whole id, in the trash.

    Raises:
        NotFound: there is none.
    """
    found = any_take_of(library, identity)
    if found.deleted_at is None:
        raise NotFound(f"the generation {identity} doesn't lie in the trash")
    return found


def profile_of(library: Library, identity: str) -> Profile:
    """The profile of that whole id.

    Raises:
        NotFound: there is none.
    """
    return summary_of(library, identity).profile


def summary_of(library: Library, identity: str) -> ProfileSummary:
    """The same with what it holds.

    Raises:
        NotFound: there is none.
    """
    # Not by what `profiles.get` takes: a name may look like another profile's id.
    for summary in library.profiles.list():
        if summary.profile.id == identity:
            return summary
    raise NotFound(f"there is no profile “{one_line(identity)[:80]}”")


def preset_of(library: Library, identity: str) -> Preset:
    """The preset of that whole id.

    Raises:
        NotFound: there is none.
    """
    for preset in library.presets.list():
        if preset.id == identity:
            return preset
    raise NotFound(f"there is no preset “{one_line(identity)[:80]}”")


def any_take_of(library: Library, identity: str) -> Generation:
    """The generation of that whole id, in the trash or not.

    Raises:
        NotFound: there is none.
    """
    found = library.generations.of_ids([valid(identity, "id")])
    if not found:
        raise NotFound(f"there is no generation “{one_line(identity)[:80]}”")
    return found[0]


def story_of(library: Library, identity: str) -> Story:
    """The story of that whole id, deleted ones left out.

    Raises:
        NotFound: there is none.
    """
    found = any_story_of(library, identity)
    if found.deleted_at is not None:
        raise NotFound(f"the story {identity} is deleted", "", f"POST /stories/{identity}/restore")
    return found


def any_story_of(library: Library, identity: str) -> Story:
    """The story of that whole id, deleted or not.

    Raises:
        NotFound: there is none.
    """
    # Not by what `stories.get` takes: a name may look like another story's id.
    for story in (*library.stories.list(), *library.stories.list(deleted=True)):
        if story.id == identity:
            return story
    raise NotFound(f"there is no story “{one_line(identity)[:80]}”")


def item_of(scene: Scene, identity: str) -> SceneItem:
    """The item of that whole id in a story.

    Raises:
        NotFound: it holds none.
    """
    found = scene.item(identity)
    if found is None:
        raise NotFound(f"the story {scene.story.id} has no item “{one_line(identity)[:80]}”")
    return found


class StrictRoute(APIRoute):
    """A route whose body is strict JSON: no NaN, no key twice, not deep beyond measure."""

    def get_route_handler(self) -> Any:  # noqa: ANN401  # FastAPI's own type has changed over time
        """FastAPI's handler, given a request that reads so."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            answer: Response = await handle(_StrictRequest(request.scope, request.receive))
            return answer

        return strictly


class _StrictRequest(Request):
    _read: bytes | None = None

    async def body(self) -> bytes:
        """What it brings, of which there is a limit."""
        if self._read is None:
            self._read = await document_of(self.scope, self.receive)
        return self._read

    async def json(self) -> Any:  # noqa: ANN401  # as Starlette has it
        """What the body says; raises HTTPException, which FastAPI lets through."""
        try:
            # Up to 10 MB: that is no work for the event loop.
            return await asyncio.to_thread(strict_json, await self.body(), "body")
        except BadInput as error:
            raise HTTPException(422, str(error)) from None
