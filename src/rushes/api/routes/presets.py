"""Presets: named sets of parameters, saved from takes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from rushes.api.answers import answering, listed
from rushes.api.asking import Id, Name, StrictRoute, Text, preset_of, profile_of, take_of
from rushes.api.documents import PresetDocument, PresetsDocument, refusals
from rushes.api.service import Service
from rushes.domain.record import Record, preset_record

PresetId = Annotated[str, Path(description="A preset's id, whole.")]


class PresetBody(BaseModel):
    """A name, perhaps in a folder."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    folder: Name | None = None
    description: Text | None = None


class PlaceBody(BaseModel):
    """Another name, in that folder or none."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    folder: Name | None = None


def routes(service: Service) -> APIRouter:
    """``/presets``, and how a take's parameters become one."""
    router = APIRouter(tags=["presets"], responses=refusals(404, 409, 507), route_class=StrictRoute)
    library = service.library

    @router.get("/presets", response_model=PresetsDocument)
    async def list_presets(
        profile_id: Annotated[str | None, Query(description="Those of this profile.")] = None,
        folder: Annotated[str | None, Query(description="Those of this folder.")] = None,
    ) -> Response:
        """Presets by profile, folder and name."""

        def work() -> Record:
            profile = None if profile_id is None else profile_of(library, profile_id).id
            found = library.presets.list(profile, folder)
            return listed([preset_record(one) for one in found])

        return await service.ask(answering(work))

    @router.post("/history/{generation_id}/preset", status_code=201, response_model=PresetDocument)
    async def save(generation_id: Id, said: Annotated[PresetBody, Body()]) -> Response:
        """Keep what a take was made with under a name, for its profile."""

        def work() -> Record:
            take = take_of(library, generation_id)
            kept = library.presets.save(
                take.id, said.name, folder=said.folder, description=said.description
            )
            return preset_record(kept)

        return await service.change(answering(work, 201, place="/presets"))

    @router.get("/presets/{preset_id}", response_model=PresetDocument)
    async def one(preset_id: PresetId) -> Response:
        """One preset."""
        return await service.ask(answering(lambda: preset_record(preset_of(library, preset_id))))

    @router.put("/presets/{preset_id}/name", response_model=PresetDocument)
    async def rename(preset_id: PresetId, said: Annotated[PlaceBody, Body()]) -> Response:
        """Give a preset another name, in that folder or none."""

        def work() -> Record:
            meant = preset_of(library, preset_id)
            return preset_record(library.presets.rename(meant.id, said.name, said.folder))

        return await service.change(answering(work))

    @router.delete("/presets/{preset_id}", response_model=PresetDocument)
    async def delete(preset_id: PresetId) -> Response:
        """Delete a preset; gives it. Takes are not touched."""

        def work() -> Record:
            return preset_record(library.presets.delete(preset_of(library, preset_id).id))

        return await service.change(answering(work))

    return router
