"""Profiles: the voices and models that takes are made with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from rushes.api.answers import answering, listed
from rushes.api.asking import Name, StrictRoute, Text, profile_of, summary_of
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

    name: Name
    language: Name = "en"
    description: Text | None = None


class NameBody(BaseModel):
    """Another name."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name


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

        return await service.ask(answering(work))

    @router.post("", status_code=201, response_model=ProfileDocument)
    async def create(said: Annotated[ProfileBody, Body()]) -> Response:
        """Make a profile."""

        def work() -> Record:
            made = library.profiles.create(
                said.name, language=said.language, description=said.description
            )
            return profile_record(summary_of(library, made.id))

        return await service.change(answering(work, 201, place="/profiles"))

    @router.get("/{profile_id}", response_model=ProfileDocument)
    async def one(profile_id: ProfileId) -> Response:
        """One profile."""
        return await service.ask(answering(lambda: profile_record(summary_of(library, profile_id))))

    @router.put("/{profile_id}/name", response_model=ProfileDocument)
    async def rename(profile_id: ProfileId, said: Annotated[NameBody, Body()]) -> Response:
        """Give a profile another name."""

        def work() -> Record:
            meant = profile_of(library, profile_id)
            library.profiles.rename(meant, said.name)
            return profile_record(summary_of(library, meant.id))

        return await service.change(answering(work))

    @router.delete("/{profile_id}", response_model=DeletedProfileDocument)
    async def delete(profile_id: ProfileId) -> Response:
        """Move a profile's takes to the trash, and it with them; gives how many they were."""

        def work() -> Record:
            gone = library.profiles.delete(profile_of(library, profile_id))
            return {"id": gone.profile.id, "name": gone.profile.name, "generations": len(gone)}

        return await service.change(answering(work))

    return router
