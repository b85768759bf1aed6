"""The files of the page: plain HTML, CSS and JavaScript, as they lie in the package."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "static"

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

POLICY = "; ".join(  # noqa: FLY002  # a line each is how it can be read
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # No text ever becomes markup or code, whoever writes the next line of the page.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""The Content-Security-Policy of the page: everything from this server, nothing in line."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file: its bytes, its media type, and a tag that is another whenever they are."""

    body: bytes
    media_type: str
    etag: str


def read_files() -> dict[str, PageFile]:
    """Every file of the page, by its name."""
    found = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in _KINDS:
            body = path.read_bytes()
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            found[path.name] = PageFile(body, _KINDS[path.suffix], tag)
    return found
