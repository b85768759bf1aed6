"""What stands before every route: who may ask, how much may be sent, what answers always bear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rushes.api.access import Access
from rushes.api.problems import Trouble, trouble_of_http, unforeseen
from rushes.domain import limits
from rushes.logs import logger

LARGEST_DOCUMENT = limits.LARGEST_RECORD
"""Bytes of a request that is one JSON document: what ``domain.strict_json`` reads."""

LARGEST_UPLOAD = limits.LARGEST_FILE + 64_000_000
"""Bytes of a request that brings a file, and its fields beside it."""

MOST_AT_ONCE = 2_000
"""Requests that are answered at once: each may hold two descriptors."""

PATIENCE = 30.0
"""Seconds that the next piece of a request may take to come."""

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""Headers of every answer that doesn't say otherwise itself."""

LARGE_AT_ONCE = 16
"""Large documents that are held at once, each of which takes some times its size in memory."""

_SMALL = 64 * 1024

HEAD = "rushes.head"
"""The key in a scope that tells that only the head of an answer was asked for."""

_LOGGED = "rushes.logged"
_LIMITS = "rushes.limits"
_TURNS = "rushes.turns"
_HELD = "rushes.held"


class TooLarge(HTTPException):
    """More is being sent than a request may hold: ``most`` bytes."""

    def __init__(self, most: int) -> None:
        detail = f"a request of this kind may bring {most:,} bytes"
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may ask of the server.

    ``document`` and ``upload`` are the bytes that it may bring, ``at_once`` how many are answered
    at once, ``patience`` how many seconds the next piece of one may take to come.
    """

    document: int = LARGEST_DOCUMENT
    upload: int = LARGEST_UPLOAD
    at_once: int = MOST_AT_ONCE
    patience: float = PATIENCE


def limits_of(scope: Scope) -> Limits:
    """The limits under which a request is answered."""
    found = scope.get(_LIMITS)
    return found if isinstance(found, Limits) else Limits()


async def pieces_of(scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
    """What a request brings, as it comes.

    Raises:
        HTTPException: nothing came for too long.
        ClientDisconnect: the client has hung up.
    """
    patience = limits_of(scope).patience
    while True:
        try:
            message = await asyncio.wait_for(receive(), patience)
        except TimeoutError:
            raise HTTPException(
                HTTPStatus.REQUEST_TIMEOUT, "nothing came for too long", {"Connection": "close"}
            ) from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


async def document_of(scope: Scope, receive: Receive) -> bytes:
    """The one document that a request brings; however it calls itself, it may be no larger.

    Raises:
        HTTPException: it is too large, or nothing came for too long.
        ClientDisconnect: the client has hung up.
    """
    most = limits_of(scope).document
    body = bytearray()
    waited = False
    async for piece in pieces_of(scope, receive):
        body += piece
        if len(body) > most:
            raise TooLarge(most)
        if len(body) > _SMALL and not waited:
            waited = True
            await _turn(scope)
    return bytes(body)


async def _turn(scope: Scope) -> None:
    """Wait until so large a document may be held; it may be until it is answered."""
    held, turns = scope.get(_HELD), scope.get(_TURNS)
    if isinstance(held, AsyncExitStack) and isinstance(turns, asyncio.Semaphore):
        await held.enter_async_context(turns)


class Guard:
    """An application behind its guards; everything that is served goes through one.

    ``open_paths`` are those that are the same for everybody, and need no token: a page's files.
    """

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        limits: Limits | None = None,
        open_paths: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._access = access
        self._limits = limits or Limits()
        self._open_paths = open_paths
        self._busy = 0
        self._turns = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await _refuse_socket(refusal, receive, send)
            return
        answer = _Answer(send, head=scope["method"] == "HEAD")
        scope = {**scope, _LIMITS: self._limits, _TURNS: self._turns}
        if answer.head:
            # Routes know GET alone; what is sent of the answer's body stays here.
            scope |= {"method": "GET", HEAD: True}
        if refusal is not None:
            await answer.tell(refusal)
            return
        self._busy += 1
        try:
            await self._answer(scope, receive, answer)
        finally:
            self._busy -= 1

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            async with AsyncExitStack() as held:
                scope[_HELD] = held
                await self._app(scope, _counted(receive, self._most(scope)), answer)
        except ClientDisconnect:
            return
        except Exception:  # noqa: BLE001  # the last place that can keep a traceback from strangers
            log_unforeseen(scope)
            await answer.tell(unforeseen())

    def _refusal(self, scope: Scope) -> Trouble | None:
        path = scope.get("raw_path") or scope["path"].encode()
        refusal = self._access.refusal(
            scope["headers"],
            path,
            scope.get("query_string", b""),
            page=scope["path"] in self._open_paths,
        )
        if refusal is not None or scope["type"] == "websocket":
            return refusal
        if self._busy >= self._limits.at_once:
            return Trouble(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too-busy",
                f"{self._limits.at_once:,} requests are being answered",
                "Ask again in a moment.",
                headers={"Retry-After": "1"},
            )
        told = _length(scope)
        if told is not None and told > self._most(scope):
            return trouble_of_http(TooLarge(self._most(scope)))
        return None

    def _most(self, scope: Scope) -> int:
        kinds = [value for name, value in scope["headers"] if name == b"content-type"]
        brings_file = any(kind.lower().startswith(b"multipart/form-data") for kind in kinds)
        return self._limits.upload if brings_file else self._limits.document


def log_unforeseen(scope: Scope) -> None:
    """Log the exception that is being handled, once, with the route and not the address."""
    if not scope.get(_LOGGED):
        scope[_LOGGED] = True
        route = getattr(scope.get("route"), "path", "an unknown address")
        logger(__name__).exception("unforeseen: %s %s", scope["method"], route)


class _Answer:
    """The way out of an answer: its headers are completed, and it is told once."""

    def __init__(self, send: Send, *, head: bool) -> None:
        self._send = send
        self.head = head
        self._started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            headers = list(message.get("headers", []))
            there = {name.lower() for name, _ in headers}
            headers += [pair for pair in _ALWAYS if pair[0] not in there]
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body" and self.head:
            message = {**message, "body": b""}
        await self._send(message)

    async def tell(self, trouble: Trouble) -> None:
        """Answer that it came to nothing; nothing more where an answer was begun."""
        if self._started:
            return  # one that isn't whole is cut off by the server, which the client sees
        body = trouble.body()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            *((name.lower().encode(), value.encode()) for name, value in trouble.headers.items()),
        ]
        await self({"type": "http.response.start", "status": trouble.status, "headers": headers})
        await self({"type": "http.response.body", "body": body})


def _counted(receive: Receive, most: int) -> Receive:
    """The way in, that ends where more comes than may."""
    came = 0

    async def receive_counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise TooLarge(most)
        return message

    return receive_counted


def _length(scope: Scope) -> int | None:
    """What a request says of its length; None where that is no number."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return None


async def _refuse_socket(trouble: Trouble, receive: Receive, send: Send) -> None:
    """Close a WebSocket before it is open: the client sees the status 403."""
    message = await receive()
    if message["type"] == "websocket.connect":
        await send({"type": "websocket.close", "code": 1008, "reason": trouble.kind})
