"""Changes as server-sent events (HTML Living Standard, section 9.2)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rushes.api.documents import refusals
from rushes.api.events import Hub
from rushes.api.files import until_gone
from rushes.api.guards import HEAD
from rushes.api.service import Service

HEARTBEAT = 15.0
"""Seconds after which a listener hears that the line still holds."""

MOST_LISTENERS = 1_000

_RETRY = 2_000
"""Milliseconds after which a browser whose line broke calls again."""


def routes(service: Service) -> APIRouter:
    """``/events``."""
    router = APIRouter(tags=["events"], responses=refusals())

    @router.get(
        "/events",
        response_class=Response,
        responses={
            200: {
                "description": "hello, then change whenever anything has changed",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
    )
    async def events() -> Response:
        """Server-sent events: ``hello`` at once, and ``change`` after each change of the library.

        Whoever made it, in whatever process. Several changes at once may be told as one. Ask for
        what is shown again after either; the data is ``{"change": N}``, which only counts.
        """
        if service.hub.waiting >= MOST_LISTENERS:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "too many listen already")
        return EventStream(service.hub)

    return router


class EventStream(Response):
    """The changes that a hub tells, until the client hangs up or the server stops."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub) -> None:
        super().__init__(media_type="text/event-stream")
        del self.headers["content-length"]
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        if scope.get(HEAD):
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            count = await self._hub.enter()
            await send(start)
            await send(_body(f"retry: {_RETRY}\n" + _event("hello", count)))
            await self._tell(count, gone, send)
        finally:
            gone.cancel()
            self._hub.leave()
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, count: int, gone: asyncio.Future[None], send: Send) -> None:
        while not (gone.done() or self._hub.closed):
            waiting = asyncio.ensure_future(self._hub.beyond(count, HEARTBEAT))
            await asyncio.wait((waiting, gone), return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                waiting.cancel()
                return
            told, count = count, waiting.result()
            if not self._hub.closed:
                await send(_body(_event("change", count) if count > told else ": \n\n"))


def _event(name: str, count: int) -> str:
    return f'event: {name}\nid: {count}\ndata: {{"change": {count}}}\n\n'


def _body(text: str) -> dict[str, object]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}
