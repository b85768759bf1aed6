"""The versions of a take: the clean original, and what was made from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.answers import answering, listed, of_version, take_record
from rushes.api.asking import Id, Name, StrictRoute, VersionName, take_of
from rushes.api.documents import (
    DeletedVersionDocument,
    GenerationDocument,
    VersionDocument,
    VersionsDocument,
    form_body,
    refusals,
)
from rushes.api.forms import form_of
from rushes.api.routes.audio import version_of
from rushes.api.service import Service
from rushes.domain.record import Record
from rushes.domain.strict_json import strict_json_text
from rushes.errors import BadInput

_FILE = "audio"


class VersionForm(BaseModel):
    """A version to be added; the form brings its file as ``audio``."""

    model_config = ConfigDict(extra="forbid")

    label: Name | None = None
    effects: str | None = Field(
        default=None, description="The chain that made it, as a JSON list of effects."
    )
    made_from: str | None = Field(default=None, description="The version that went into it.")
    default: bool = False


class LabelBody(BaseModel):
    """Another label."""

    model_config = ConfigDict(extra="forbid", strict=True)

    label: Name


def routes(service: Service) -> APIRouter:
    """``/history/{id}/versions``."""
    router = APIRouter(
        prefix="/history/{generation_id}/versions",
        tags=["versions"],
        responses=refusals(404, 409, 507),
        route_class=StrictRoute,
    )
    library = service.library

    @router.get("", response_model=VersionsDocument)
    async def list_versions(generation_id: Id) -> Response:
        """The versions of a take, in the order they were added."""

        def work() -> Record:
            versions = library.versions.list(take_of(library, generation_id).id)
            return listed([of_version(one) for one in versions])

        return await service.ask(answering(work))

    @router.post(
        "",
        status_code=201,
        response_model=VersionDocument,
        responses=refusals(404, 409, 415, 507),
        openapi_extra=form_body(VersionForm, _FILE, "The version's audio."),
    )
    async def add(generation_id: Id, request: Request) -> Response:
        """Add a version: a form with its audio."""
        take = await service.ask(lambda: take_of(library, generation_id))
        known = frozenset(VersionForm.model_fields)
        async with form_of(request, service, _FILE, known) as form:
            upload = form.file

            def work() -> Record:
                said = _read_form(form.fields)
                added = library.versions.add(
                    take.id,
                    upload,
                    label=said.label,
                    effects=_effects(said.effects),
                    made_from=said.made_from,
                    default=said.default,
                )
                return of_version(added)

            place = f"/history/{take.id}/versions"
            return await service.change(answering(work, 201, place=place))

    @router.get("/{version}", response_model=VersionDocument)
    async def one(generation_id: Id, version: VersionName) -> Response:
        """One version."""
        return await service.ask(
            answering(lambda: of_version(version_of(library, generation_id, version)))
        )

    @router.put("/{version}/label", response_model=VersionDocument)
    async def rename(
        generation_id: Id, version: VersionName, said: Annotated[LabelBody, Body()]
    ) -> Response:
        """Give a version another label."""

        def work() -> Record:
            meant = version_of(library, generation_id, version)
            return of_version(library.versions.rename(meant.generation_id, meant.id, said.label))

        return await service.change(answering(work))

    @router.put("/{version}/default", response_model=GenerationDocument)
    async def make_default(generation_id: Id, version: VersionName) -> Response:
        """Let a version stand for its take; gives the take as it is then."""

        def work() -> Record:
            meant = version_of(library, generation_id, version)
            return take_record(library.versions.make_default(meant.generation_id, meant.id))

        return await service.change(answering(work))

    @router.delete("/{version}", response_model=DeletedVersionDocument)
    async def delete(generation_id: Id, version: VersionName) -> Response:
        """Delete a version for good, with its file; the last can't go."""

        def work() -> Record:
            meant = version_of(library, generation_id, version)
            gone = library.versions.delete(meant.generation_id, meant.id)
            follows = gone.new_default
            return {"id": gone.version.id, "new_default": follows and follows.id}

        return await service.change(answering(work))

    return router


def _read_form(fields: dict[str, str]) -> VersionForm:
    try:
        return VersionForm.model_validate({name: value for name, value in fields.items() if value})
    except ValidationError as error:
        faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(faults) from None


def _effects(text: str | None) -> list[dict[str, object]] | None:
    if text is None:
        return None
    effects = strict_json_text(text, "effects")
    if not isinstance(effects, list) or not all(isinstance(one, dict) for one in effects):
        raise BadInput("its effects can't be read", "they are no JSON list of objects")
    return effects
