"""The application: every route, and what answers when one of them can't."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from rushes.api.access import COOKIE
from rushes.api.documents import ProblemDocument
from rushes.api.guards import log_unforeseen
from rushes.api.pages import PagesFirst
from rushes.api.problems import Fault, Trouble, trouble_of, trouble_of_http, unforeseen
from rushes.api.routes import every_route
from rushes.api.service import Service
from rushes.errors import RushesError
from rushes.version import __version__

_ABOUT = """\
The history of a rushes library. What isn't found is 404, what can't be meant is 422, and whatever
goes wrong is told as a problem document (RFC 9457). Times are UTC and end in Z; numbers are finite.
"""


def create_app(service: Service, routers: Iterable[APIRouter] = ()) -> FastAPI:
    """The application for a library; ``routers`` are more faces of it, served beside.

    It is to be served behind a ``rushes.api.guards.Guard``. ``service`` stays the caller's.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001  # Starlette gives it
        looking_after = asyncio.create_task(service.look_after())
        yield
        service.hub.close()
        looking_after.cancel()

    app = _Application(
        title="rushes",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        # Their pages come from other sites.
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(PagesFirst, service=service)
    for router in (*every_route(service), *routers):
        app.include_router(router)
    app.add_exception_handler(RushesError, _rushes_error)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unforeseen)
    return app


class _Application(FastAPI):
    """FastAPI whose document tells of what it doesn't find by itself: problems, and the token."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document; made once."""
        if self.openapi_schema is None:
            schema = super().openapi()
            problem = ProblemDocument.model_json_schema(
                ref_template="#/components/schemas/{model}", mode="serialization"
            )
            known = schema.setdefault("components", {})
            known.setdefault("schemas", {}).update(problem.pop("$defs"))
            known["schemas"]["ProblemDocument"] = problem
            known["securitySchemes"] = {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            }
            schema["security"] = [{}, {"token": []}, {"cookie": []}]
        return super().openapi()


async def _rushes_error(request: Request, error: Exception) -> Response:  # noqa: ARG001  # Starlette gives it
    assert isinstance(error, RushesError)
    return trouble_of(error).answer()


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = trouble_of_http(error).answer()
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = _allowed(request)
    return answer


def _allowed(request: Request) -> str:
    """Every method of an address, of which each is a route of its own."""
    paths = request.app.openapi()["paths"]
    methods = {
        name.upper() for name in paths.get(getattr(request.scope.get("route"), "path", ""), {})
    }
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


async def _unforeseen(request: Request, error: Exception) -> Response:  # noqa: ARG001  # likewise
    log_unforeseen(request.scope)
    return unforeseen().answer()


async def _not_valid(request: Request, error: Exception) -> Response:  # noqa: ARG001  # likewise
    """What a route's parameters don't allow; what was sent isn't repeated."""
    assert isinstance(error, RequestValidationError)
    faults = tuple(
        Fault(".".join(str(part) for part in one["loc"]), str(one["msg"]))
        for one in error.errors()[:20]
    )
    first = f"{faults[0].where}: {faults[0].message}" if faults else "it can't be read"
    return Trouble(
        HTTPStatus.UNPROCESSABLE_ENTITY, "bad-input", f"that can't be meant: {first}", "", faults
    ).answer()
