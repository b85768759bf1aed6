"""What goes wrong, told over HTTP: problem documents of one shape (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response

from rushes.domain.record import to_json
from rushes.domain.text import shown
from rushes.errors import (
    Ambiguous,
    AudioMissing,
    BadAudio,
    BadFilter,
    BadInput,
    Conflict,
    DiskFull,
    LibraryError,
    NotFound,
    QuotaExceeded,
    RushesError,
    SourceError,
)

MEDIA_TYPE = "application/problem+json"

_KINDS: tuple[tuple[type[RushesError], HTTPStatus], ...] = (
    # The first that fits: kinds of kinds stand before them.
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (BadAudio, HTTPStatus.UNPROCESSABLE_ENTITY),
    (SourceError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NotFound, HTTPStatus.NOT_FOUND),
    (AudioMissing, HTTPStatus.NOT_FOUND),
    (Ambiguous, HTTPStatus.CONFLICT),
    (Conflict, HTTPStatus.CONFLICT),
    (DiskFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (QuotaExceeded, HTTPStatus.INSUFFICIENT_STORAGE),
    (LibraryError, HTTPStatus.SERVICE_UNAVAILABLE),
)

# Not Python's names of them, which change from one Python to the next.
_PLAIN = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    413: "too-large",
    415: "unsupported-media-type",
    422: "bad-input",
    503: "too-busy",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One value of a request that can't be meant: ``where`` it stood (``query.limit``), and why."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A request that came to nothing: ``kind`` for programs, ``detail`` for people, on one line."""

    status: HTTPStatus
    kind: str
    detail: str
    fix: str = ""
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """The document, as strict JSON."""
        document = {
            "type": f"urn:rushes:{self.kind}",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": shown(self.detail),
            "fix": shown(self.fix) or None,
            "errors": [
                {"where": shown(one.where), "message": shown(one.message)} for one in self.faults
            ],
        }
        return to_json(document).encode()

    def answer(self) -> Response:
        """The document as an answer."""
        return Response(self.body(), self.status, dict(self.headers), MEDIA_TYPE)


def trouble_of(error: RushesError) -> Trouble:
    """What a failure of the library is over HTTP."""
    status = next(
        (status for kind, status in _KINDS if isinstance(error, kind)),
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    headers = {"Retry-After": "1"} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    told = f"{error.what}: {error.why}" if error.why else error.what
    faults: tuple[Fault, ...] = ()
    if isinstance(error, BadFilter):
        faults = (Fault("query.q", f"at character {error.position + 1}: {error.what}"),)
    return Trouble(status, _slug(type(error).__name__), told, error.fix, faults, headers)


def unforeseen() -> Trouble:
    """What nobody foresaw: the log has it, and no stranger."""
    return Trouble(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "unforeseen",
        "something went wrong that nobody foresaw",
        "The server's log has it.",
    )


def trouble_of_http(error: HTTPException) -> Trouble:
    """What the routes themselves refuse: no such address, no such method, too much."""
    status = HTTPStatus(error.status_code)
    told = status.description if error.detail == status.phrase else error.detail
    kind = _PLAIN.get(error.status_code, "refused")
    return Trouble(status, kind, told or status.phrase, headers=dict(error.headers or {}))


def _slug(name: str) -> str:
    """``LibraryReadOnly`` as ``library-read-only``."""
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in name)
    return "-".join(spaced.lower().split())
