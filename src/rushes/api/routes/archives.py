"""Archives and files: takes out of the history, and into it."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.answers import answering
from rushes.api.asking import Id, take_of
from rushes.api.documents import ImportedDocument, files, form_body, refusals
from rushes.api.files import FileAnswer, OpenFile, open_file
from rushes.api.forms import form_of
from rushes.api.routes.audio import opened
from rushes.api.service import Service
from rushes.domain.export_formats import DEFAULT_PATTERN, AudioFormat, Layout
from rushes.domain.exporting import Archives, AudioAlone, What
from rushes.domain.file_pattern import parse_pattern, values_of
from rushes.domain.generation import Generation
from rushes.domain.record import Record
from rushes.errors import RushesError

if TYPE_CHECKING:
    from rushes.library import Library
    from rushes.library.imported import Imported
    from rushes.library.uploads import Upload

_FILE = "file"


def routes(service: Service) -> APIRouter:
    """``/history/{id}/export``, ``/history/{id}/export-audio``, ``/history/import``."""
    router = APIRouter(tags=["archives"], responses=refusals(404))
    library = service.library

    @router.get(
        "/history/{generation_id}/export",
        response_class=Response,
        responses=files("application/zip"),
    )
    async def export(
        generation_id: Id,
        request: Request,
        layout: Annotated[
            Layout, Query(description="As Voicebox imports it, or as Sonna documents it.")
        ] = Layout.VOICEBOX,
    ) -> Response:
        """A take as a ZIP: its record, and all its versions."""

        def work() -> OpenFile:
            return _exported(service, take_of(library, generation_id), Archives(layout))

        file = await service.labour(work)
        return FileAnswer(service, file, request, name=file.name)

    @router.get(
        "/history/{generation_id}/export-audio",
        response_class=Response,
        responses=files("audio/*"),
    )
    async def export_audio(
        generation_id: Id,
        request: Request,
        audio_format: Annotated[
            AudioFormat | None,
            Query(alias="format", description="What it is to be; as it is, if nothing is said."),
        ] = None,
        version: Annotated[
            str | None, Query(description="A version's id or label; the default otherwise.")
        ] = None,
    ) -> Response:
        """The audio of a take alone, to be saved as a file."""

        def work() -> tuple[OpenFile, str | None, str]:
            take = take_of(library, generation_id)
            if audio_format is None and version is None:
                file, etag = opened(library, take)
                return file, etag, _name(take, FilePath(file.name).suffix)
            file = _exported(service, take, AudioAlone(audio_format, version))
            return file, None, file.name

        file, etag, name = await service.labour(work)
        return FileAnswer(service, file, request, etag=etag, name=name)

    @router.post(
        "/history/import",
        response_model=ImportedDocument,
        responses=refusals(409, 415, 507),
        openapi_extra=form_body(None, _FILE, "A ZIP of rushes, Voicebox or Sonna."),
    )
    async def import_archive(
        request: Request,
        again: Annotated[
            bool, Query(description="As a new take, even if it is here already.")
        ] = False,
    ) -> Response:
        """Bring in an archive of a take, or of a profile."""
        async with form_of(request, service, _FILE) as form:
            upload = form.file
            return await service.change(answering(lambda: _imported(library, upload, again=again)))

    return router


def _exported(service: Service, take: Generation, what: What) -> OpenFile:
    """A take, exported to a file that has no name any more when it is given."""
    with tempfile.TemporaryDirectory(prefix="rushes-") as folder:
        exporting = service.library.exporting
        done = exporting.export([take.id], folder, what, watch=service.unless_closing)
        for failed in done.failed:
            raise failed.error
        if not done.done:
            raise RushesError(f"nothing was exported of {take.id}")
        return open_file(FilePath(done.done[0].file))


def _name(take: Generation, suffix: str) -> str:
    return parse_pattern(DEFAULT_PATTERN).stem(values_of(take), suffix) + suffix


def _imported(library: Library, upload: Upload, *, again: bool) -> Record:
    done = library.importing.take_in(upload, called="the archive", again=again)
    take = library.generations.get(done.ids[0]) if done.ids else None
    return {
        "id": take and take.id,
        "profile_id": take and take.profile_id,
        "profile_name": take and take.profile_name,
        "text": take and take.text,
        "message": _told(done),
        "already": done.already,
        "profiles": list(done.profiles),
        "samples": done.samples,
        "trashed": list(done.trashed),
    }


def _told(done: Imported) -> str:
    if done.ids:
        return "Generation imported"
    return "Profile imported" if done.profiles else "It is here already"
