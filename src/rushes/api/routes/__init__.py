"""Every route, by what it is about."""

from __future__ import annotations

from fastapi import APIRouter

from rushes.api.routes import history, session
from rushes.api.service import Service

__all__ = ["every_route"]


def every_route(service: Service) -> tuple[APIRouter, ...]:
    """A router for each part of the library."""
    return (session.routes(), history.routes(service))
