"""The page's own routes: its files, the small waveforms of its rows, and the sound."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from rushes.api.page.bridge import Bridge
from rushes.api.page.files import POLICY, PageFile, read_files
from rushes.api.service import Service
from rushes.domain.record import to_json
from rushes.domain.waveform import BUCKETS

MOST_WAVES = 200
"""Rows whose waveforms are given at once."""

Ids = Annotated[list[str], Query(alias="id", max_length=MOST_WAVES)]


def open_paths() -> frozenset[str]:
    """Addresses that hold nothing of anybody's: a page must be there before it can sign in."""
    return frozenset({"/", *(f"/page/{name}" for name in read_files())})


def page_routes(service: Service, bridge: Bridge) -> APIRouter:
    """``/`` and what stands under ``/page``; not for other programs, hence not in OpenAPI."""
    router = APIRouter(include_in_schema=False)
    files = read_files()

    @router.get("/")
    async def page(request: Request) -> Response:
        """The page."""
        return _file(files["index.html"], request)

    @router.get("/page/waves")
    async def waves(ids: Ids) -> Response:
        """The loudness of clips in 64 parts, as it is stored, in base64 by generation."""

        def work() -> str:
            found = service.library.generations.of_ids(ids)
            return to_json(
                {
                    one.id: b64encode(one.facts.waveform[:BUCKETS]).decode()
                    for one in found
                    if one.facts is not None
                }
            )

        return Response(await service.ask(work), media_type="application/json")

    @router.get("/page/{name}")
    async def file(name: str, request: Request) -> Response:
        """A file of the page."""
        found = files.get(name)
        return Response(status_code=404) if found is None else _file(found, request)

    @router.websocket("/page/sound")
    async def sound(page: WebSocket) -> None:
        """What the programs on this machine play, in the relay's frames."""
        await bridge.listen(page)

    return router


def _file(file: PageFile, request: Request) -> Response:
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-cache",
        "ETag": file.etag,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    return Response(file.body, headers=headers, media_type=file.media_type)
