"""Pages of the history that are still as they were: answered before any route is looked for."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rushes.api.ranges import is_fresh
from rushes.api.remembered import Answered
from rushes.api.service import Service
from rushes.errors import RushesError

PAGES = "/history"
"""The address that pages have."""


class PagesFirst:
    """An application in front of which pages that are remembered are answered."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page, if nothing has changed since it was made; else ask the routes."""
        if scope["type"] == "http" and scope["path"] == PAGES and scope["method"] == "GET":
            asked, pages = scope["query_string"], self._service.pages
            if pages.knows(asked):
                found = None
                with suppress(RushesError):  # the route finds out, and tells
                    found = await self._service.ask(partial(pages.get, asked))
                if found is not None:
                    await page_answer(Headers(scope=scope), found)(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def page_answer(headers: Headers, found: Answered) -> Response:
    """A page, given a request's headers; who has it already is told so."""
    told = {"ETag": found.etag, "Cache-Control": "private, no-cache"}
    tag = headers.get("if-none-match")
    if tag is not None and is_fresh({"if-none-match": tag}, found.etag):
        return Response(status_code=304, headers=told)
    return Response(found.body, headers=told, media_type="application/json")
