"""Parts of a file, and whether somebody has it already (RFC 9110, sections 8.8, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_SPEC = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)
_MOST_DIGITS = 18
_LAST_MOMENT = 253_402_300_799.0  # of the year 9999
_MOST_RANGES = 64


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file: from ``start`` up to, and without, ``end``."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many they are."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Part:
    """What is answered of a file: a status, the bytes, and headers that tell of them."""

    status: HTTPStatus
    span: Span
    headers: Mapping[str, str]


def part_of(size: int, etag: str, modified: float, asked: Mapping[str, str]) -> Part:
    """What is to be answered of a file of ``size`` bytes, changed at ``modified`` (Unix time, s).

    ``asked`` are the request's headers, by their names in lower case. One range gives 206;
    several give the part that they make up together, or else the whole file; none of which there
    is anything gives 416.
    """
    # A date has four digits for its year; file systems have more.
    changed = formatdate(min(max(modified, 0.0), _LAST_MOMENT), usegmt=True)
    headers = {"Accept-Ranges": "bytes", "ETag": etag, "Last-Modified": changed}
    whole, nothing = Span(0, size), Span(0, 0)
    if "if-match" in asked and not _lists(asked["if-match"], etag, weakly=False):
        return Part(HTTPStatus.PRECONDITION_FAILED, nothing, headers)
    if is_fresh(asked, etag, changed):
        return Part(HTTPStatus.NOT_MODIFIED, nothing, headers)
    spans = _spans(asked.get("range"), size) if _applies(asked, etag, changed) else None
    if spans is None:
        return Part(HTTPStatus.OK, whole, headers)
    if not spans:
        told = {**headers, "Content-Range": f"bytes */{size}"}
        return Part(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, nothing, told)
    span = _joined(spans)
    if span is None:
        return Part(HTTPStatus.OK, whole, headers)
    told = {**headers, "Content-Range": f"bytes {span.start}-{span.end - 1}/{size}"}
    return Part(HTTPStatus.PARTIAL_CONTENT, span, told)


def is_fresh(asked: Mapping[str, str], etag: str, changed: str | None = None) -> bool:
    """Whether whoever asks has it already, by its tag or else by when it was changed."""
    if "if-none-match" in asked:
        return _lists(asked["if-none-match"], etag, weakly=True)
    return changed is not None and asked.get("if-modified-since") == changed


def _applies(asked: Mapping[str, str], etag: str, changed: str) -> bool:
    """Whether the range is of the file as it is now (If-Range)."""
    told = asked.get("if-range")
    return told is None or told.strip() in (etag, changed)


def _lists(told: str, etag: str, *, weakly: bool) -> bool:
    if told.strip() == "*":
        return True
    listed = _ENTITY_TAG.findall(told)
    if weakly:
        return etag.removeprefix("W/") in {one.removeprefix("W/") for one in listed}
    return not etag.startswith("W/") and etag in listed


def _spans(told: str | None, size: int) -> list[Span] | None:
    """The ranges of which there is something; None where none were asked for that make sense."""
    if told is None:
        return None
    unit, _, listed = told.partition("=")
    if unit.strip().lower() != "bytes":
        return None
    spans = []
    specs = [spec for spec in listed.split(",") if spec.strip()]
    if not specs or len(specs) > _MOST_RANGES:
        return None
    for spec in specs:
        found = _SPEC.fullmatch(spec)
        if found is None:
            return None
        first, last = found[1], found[2]
        if not (first or last) or max(len(first), len(last)) > _MOST_DIGITS:
            return None
        if first and last and int(first) > int(last):
            return None
        span = _span(first, last, size)
        if span.size > 0:
            spans.append(span)
    return spans


def _span(first: str, last: str, size: int) -> Span:
    if not first:
        return Span(max(0, size - int(last)), size)
    return Span(int(first), min(size, int(last) + 1) if last else size)


def _joined(spans: list[Span]) -> Span | None:
    """The one part that they make up; None where something lies between them."""
    start, end = min(span.start for span in spans), 0
    for span in sorted(spans, key=lambda one: one.start):
        if end and span.start > end:
            return None
        end = max(end, span.end)
    return Span(start, end)
