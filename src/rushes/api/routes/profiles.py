"""Profiles: the voices and models that takes are made with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from rushes.api.answers import answer, listed
from rushes.api.asking import StrictRoute, profile_of, summary_of
from rushes.api.documents import (
    DeletedProfileDocument,
    ProfileDocument,
    ProfilesDocument,
    refusals,
)
from rushes.api.service import Service
from rushes.domain.record import Record, profile_record

ProfileId = Annotated[str, Path(description="A profile's id, whole.")]


class ProfileBody(BaseModel):
    """A profile to be made."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    language: str = "en"
    description: str | None = None


class NameBody(BaseModel):
    """Another name."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str


def routes(service: Service) -> APIRouter:
    """``/profiles``."""
    router = APIRouter(
        prefix="/profiles",
        tags=["profiles"],
        responses=refusals(404, 409, 507),
        route_class=StrictRoute,
    )
    library = service.library

    @router.get("", response_model=ProfilesDocument)
    async def list_profiles() -> Response:
        """Every profile with what it holds outside the trash, by name."""

        def work() -> Record:
            return listed([profile_record(one) for one in library.profiles.list()])

        return answer(await service.ask(work))

    @router.post("", status_code=201, response_model=ProfileDocument)
    async def create(said: Annotated[ProfileBody, Body()]) -> Response:
        """Make a profile."""

        def work() -> Record:
            made = library.profiles.create(
                said.name, language=said.language, description=said.description
            )
            return profile_record(summary_of(library, made.id))

        made = await service.change(work)
        return answer(made, 201, {"Location": f"/profiles/{made['id']}"})

    @router.get("/{profile_id}", response_model=ProfileDocument)
    async def one(profile_id: ProfileId) -> Response:
        """One profile."""
        found = await service.ask(lambda: summary_of(library, profile_id))
        return answer(profile_record(found))

    @router.put("/{profile_id}/name", response_model=ProfileDocument)
    async def rename(profile_id: ProfileId, said: Annotated[NameBody, Body()]) -> Response:
        """Give a profile another name."""

        def work() -> Record:
            meant = profile_of(library, profile_id)
            library.profiles.rename(meant, said.name)
            return profile_record(summary_of(library, meant.id))

        return answer(await service.change(work))

    @router.delete("/{profile_id}", response_model=DeletedProfileDocument)
    async def delete(profile_id: ProfileId) -> Response:
        """Move a profile's takes to the trash, and it with them; gives how many they were."""

        def work() -> Record:
            gone = library.profiles.delete(profile_of(library, profile_id))
            return {"id": gone.profile.id, "name": gone.profile.name, "generations": len(gone)}

        return answer(await service.change(work))

    return router
