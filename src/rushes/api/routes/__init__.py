"""Every route, by what it is about."""

from __future__ import annotations

from fastapi import APIRouter

from rushes.api.routes import (
    archives,
    audio,
    events,
    history,
    marks,
    presets,
    profiles,
    recording,
    session,
    storage,
    stories,
    story_items,
    story_sound,
    trash,
    versions,
)
from rushes.api.service import Service

__all__ = ["every_route"]


def every_route(service: Service) -> tuple[APIRouter, ...]:
    """A router for each part of the library."""
    return (
        recording.routes(service),
        archives.routes(service),
        history.routes(service),
        marks.routes(service),
        versions.routes(service),
        audio.routes(service),
        profiles.routes(service),
        presets.routes(service),
        stories.routes(service),
        story_items.routes(service),
        story_sound.routes(service),
        trash.routes(service),
        storage.routes(service),
        events.routes(service),
        session.routes(),
    )
