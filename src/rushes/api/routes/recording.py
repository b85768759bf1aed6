"""Recording: a finished take at once, or a run from its beginning to its end."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from fastapi import APIRouter, Body
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.answers import answering, take_record
from rushes.api.asking import Id, Moment, Name, Seed, StrictRoute, Text, any_take_of
from rushes.api.documents import GenerationDocument, form_body, refusals
from rushes.api.forms import form_of
from rushes.api.service import Service
from rushes.domain.generation import HIGHEST_RATING
from rushes.domain.record import Record
from rushes.domain.strict_json import strict_json_text
from rushes.domain.times import from_iso
from rushes.errors import BadInput


class _Said(BaseModel):
    """What is said of a take that is recorded or begun."""

    model_config = ConfigDict(extra="forbid", strict=True)

    profile: Name = Field(description="The voice's or model's name; made where there is none yet.")
    text: Text = Field(description="What is spoken.")
    language: Name = "en"
    engine: Name = "qwen"
    model_size: Name | None = None
    seed: Seed | None = None
    instruct: Text | None = None
    created_at: Moment | None = None
    rating: int | None = Field(default=None, ge=1, le=HIGHEST_RATING)
    is_favorited: bool = False
    note: Text | None = None


class BeginBody(_Said):
    """A take that is being made."""

    params: dict[str, JsonValue] | None = Field(
        default=None, description="The engine's parameters, kept whole."
    )


class RecordForm(_Said):
    """A take that is made; the form brings its file as ``audio``."""

    model_config = ConfigDict(extra="forbid", strict=False)

    params: str | None = Field(
        default=None, description="The engine's parameters as a JSON object, kept whole."
    )


class FailBody(BaseModel):
    """Why a run came to nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    error: Text


class Details(TypedDict):
    """Arguments that ``generations.record`` and ``generations.begin`` share."""

    profile: str
    text: str
    language: str
    engine: str
    model_size: str | None
    seed: int | None
    instruct: str | None
    created_at: Any
    rating: int | None
    is_favorited: bool
    note: str | None
    params: dict[str, Any] | None


_FILE = "audio"


def routes(service: Service) -> APIRouter:
    """``POST /history``, ``/history/begin``, and how a run ends."""
    router = APIRouter(
        tags=["recording"], responses=refusals(409, 415, 507), route_class=StrictRoute
    )
    library = service.library

    @router.post(
        "/history",
        status_code=201,
        response_model=GenerationDocument,
        openapi_extra=form_body(RecordForm, _FILE, "The take's audio: WAV, FLAC, OGG, MP3 …"),
    )
    async def record(request: Request) -> Response:
        """Record a finished take: a form with its audio and what is known of it."""
        known = frozenset(RecordForm.model_fields)
        async with form_of(request, service, _FILE, known) as form:
            upload = form.file

            def work() -> Record:
                said = _read_form(form.fields)
                details = _details(said, _params(said.params))
                return take_record(library.generations.record(audio=upload, **details))

            return await service.change(answering(work, 201, place="/history"))

    @router.post("/history/begin", status_code=201, response_model=GenerationDocument)
    async def begin(said: Annotated[BeginBody, Body()]) -> Response:
        """Note a take that is being made. It is pending until it is completed or failed."""

        def work() -> Record:
            details = _details(said, said.params)
            return take_record(library.generations.begin(owned=False, **details))

        return await service.change(answering(work, 201, place="/history"))

    @router.post(
        "/history/{generation_id}/complete",
        response_model=GenerationDocument,
        responses=refusals(404, 409, 415, 507),
        openapi_extra=form_body(None, _FILE, "The take's audio: WAV, FLAC, OGG, MP3 …"),
    )
    async def complete(generation_id: Id, request: Request) -> Response:
        """Give a run its audio."""
        run = await service.ask(lambda: any_take_of(library, generation_id))
        async with form_of(request, service, _FILE) as form:
            upload = form.file
            return await service.change(
                answering(lambda: take_record(library.generations.complete(run.id, upload)))
            )

    @router.post(
        "/history/{generation_id}/fail",
        response_model=GenerationDocument,
        responses=refusals(404, 409),
    )
    async def fail(generation_id: Id, said: Annotated[FailBody, Body()]) -> Response:
        """Say that a run came to nothing, and why."""

        def work() -> Record:
            run = any_take_of(library, generation_id)
            return take_record(library.generations.fail(run.id, said.error))

        return await service.change(answering(work))

    return router


def _read_form(fields: dict[str, str]) -> RecordForm:
    try:
        # An empty field of a form says nothing.
        said = {name: value for name, value in fields.items() if value or name == "text"}
        return RecordForm.model_validate(said)
    except ValidationError as error:
        faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(faults) from None


def _params(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    params = strict_json_text(text, "params")
    if not isinstance(params, dict):
        raise BadInput("its params can't be read", "they are no JSON object")
    return params


def _details(said: _Said, params: dict[str, Any] | None) -> Details:
    return Details(
        profile=said.profile,
        text=said.text,
        language=said.language,
        engine=said.engine,
        model_size=said.model_size,
        seed=said.seed,
        instruct=said.instruct,
        created_at=None if said.created_at is None else from_iso(said.created_at),
        rating=said.rating,
        is_favorited=said.is_favorited,
        note=said.note,
        params=params,
    )
