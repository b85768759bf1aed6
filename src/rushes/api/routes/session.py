"""Signing in: a browser gives the token once, and bears it as a cookie from then on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.access import cookie, no_cookie
from rushes.api.documents import refusals


def routes() -> APIRouter:
    """``/session``: the cookie, given and taken away."""
    router = APIRouter(tags=["session"], responses=refusals())

    @router.post("/session", status_code=204)
    async def begin_session(request: Request) -> Response:
        """Give the token, which came as ``Authorization: Bearer``, back as a cookie.

        The guards have compared it by then; where no token is needed there is no cookie.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        answer = Response(status_code=204)
        if scheme.lower() == "bearer" and token.strip():
            answer.headers["set-cookie"] = cookie(token.strip(), request.headers.get("host", ""))
        return answer

    @router.delete("/session", status_code=204)
    async def end_session(request: Request) -> Response:
        """Take the cookie away."""
        told = no_cookie(request.headers.get("host", ""))
        return Response(status_code=204, headers={"set-cookie": told})

    return router
