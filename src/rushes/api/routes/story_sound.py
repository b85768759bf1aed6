"""What is to be heard of a story: its mix, and what is said when."""

from __future__ import annotations

import asyncio
import tempfile
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated
from weakref import WeakValueDictionary

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.asking import StoryId, story_of
from rushes.api.documents import files, refusals
from rushes.api.files import FileAnswer, OpenFile, disposition, open_file
from rushes.api.service import Service
from rushes.domain.cues import CueFormat, cues_of, written
from rushes.domain.export_formats import AudioFormat
from rushes.domain.safe_name import MOST_BYTES, safe_stem
from rushes.domain.story import Scene, Story
from rushes.domain.story_sound import StoryWish

_HIGHEST_RATE = 1_000_000


class StoryFormat(StrEnum):
    """As what a story is exported: its mix, or subtitles and labels for it."""

    WAV = "wav"
    FLAC = "flac"
    SRT = "srt"
    VTT = "vtt"
    LABELS = "labels"


_MIXES = {StoryFormat.WAV: AudioFormat.WAV, StoryFormat.FLAC: AudioFormat.FLAC}
_CUES = {
    StoryFormat.SRT: (CueFormat.SRT, "application/x-subrip"),
    StoryFormat.VTT: (CueFormat.VTT, "text/vtt"),
    StoryFormat.LABELS: (CueFormat.LABELS, "text/plain"),
}


def routes(service: Service) -> APIRouter:
    """``/stories/{id}/audio`` and ``/stories/{id}/export``."""
    router = APIRouter(
        prefix="/stories/{story_id}", tags=["stories"], responses=refusals(404, 409, 507)
    )
    library = service.library
    mixing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @router.get("/audio", response_class=Response, responses=files("audio/wav"))
    async def audio(story_id: StoryId, request: Request) -> Response:
        """The mix as a WAV file, made anew only where the story has changed; parts by Range."""

        def work() -> tuple[OpenFile, str]:
            sound = library.stories.sound(story_of(library, story_id), service.unless_closing)
            # Its name in the cache tells every sample; its time only when it was heard last.
            return open_file(FilePath(sound.path)), f'"{FilePath(sound.path).stem}"'

        # A player asks for several parts at once, of which the first has it mixed.
        async with mixing.setdefault(story_id, asyncio.Lock()):
            file, etag = await service.labour(work)
        return FileAnswer(service, file, request, etag=etag)

    @router.get(
        "/export",
        response_class=Response,
        responses=files(
            "audio/wav", "audio/flac", *(media_type for _, media_type in _CUES.values())
        ),
    )
    async def export(
        story_id: StoryId,
        request: Request,
        *,
        wanted: Annotated[
            StoryFormat,
            Query(alias="format", description="The mix, or subtitles or labels for it."),
        ] = StoryFormat.WAV,
        bits: Annotated[int, Query(ge=1, le=64, description="Of a sample: 16 or 24.")] = 24,
        sample_rate: Annotated[
            int | None,
            Query(ge=1, le=_HIGHEST_RATE, description="Hz; the highest of the clips' otherwise."),
        ] = None,
    ) -> Response:
        """A story as a file to be saved: the mix, or what is said when."""
        if wanted in _CUES:
            return await service.ask(
                lambda: _cues(library.stories.scene(story_of(library, story_id)), wanted)
            )
        wish = StoryWish(_MIXES[wanted], bits, sample_rate)
        file = await service.labour(lambda: _mixed(service, story_of(library, story_id), wish))
        return FileAnswer(service, file, request, name=file.name)

    return router


def _cues(scene: Scene, wanted: StoryFormat) -> Response:
    kind, media_type = _CUES[wanted]
    body = written(cues_of(scene), kind).encode("utf-8", "replace")
    name = f"{safe_stem(scene.story.name, MOST_BYTES - len(f'.{kind}'))}.{kind}"
    return Response(body, headers={"Content-Disposition": disposition(name)}, media_type=media_type)


def _mixed(service: Service, story: Story, wish: StoryWish) -> OpenFile:
    """The mix in a file that has no name any more when it is given."""
    with tempfile.TemporaryDirectory(prefix="rushes-") as folder:
        done = service.library.stories.export(story, folder, wish, service.unless_closing)
        return open_file(FilePath(done.files[0]))
