"""What options say about a take, as the library wants it."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from rushes.domain import limits
from rushes.domain.text import one_line, valid
from rushes.domain.times import from_iso
from rushes.errors import BadInput


class Details(TypedDict):
    """Arguments that ``generations.record`` and ``generations.begin`` share."""

    profile: str
    language: str
    engine: str
    model_size: str | None
    seed: int | None
    instruct: str | None
    params: dict[str, object] | None
    created_at: datetime | None


def details_of(
    *,
    profile: str,
    language: str,
    engine: str,
    model_size: str | None,
    seed: int | None,
    instruct: str | None,
    params: Sequence[str] | None,
    created_at: str | None,
) -> Details:
    """Read what options say.

    Raises:
        BadInput: a parameter has no name, the time isn't one, or something isn't UTF-8.
    """
    for text, what in ((profile, "profile's name"), (instruct or "", "instruction")):
        valid(text, what)
    return Details(
        profile=profile,
        language=language,
        engine=engine,
        model_size=model_size,
        seed=seed,
        instruct=instruct,
        params=read_params(params) if params else None,
        created_at=from_iso(created_at) if created_at is not None else None,
    )


def read_params(pairs: Sequence[str]) -> dict[str, object]:
    """Read ``K=V`` pairs: V as strict JSON where it is that, else as text.

    Raises:
        BadInput: there is no =, or nothing before it.
    """
    params: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise BadInput(f"“{one_line(pair)}” is no parameter", "", "Write --param NAME=VALUE.")
        try:
            params[name] = json.loads(value, parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError):
            params[name] = value
    return params


def needed_text(text: str | None, file: Path | None) -> str:
    """The same as ``one_text`` where there must be one.

    Raises:
        BadInput: as there, or it wasn't given.
    """
    given = one_text(text, file)
    if given is None:
        raise BadInput("a text is missing", "", "Add --text TEXT or --text-file FILE.")
    return given


def one_text(text: str | None, file: Path | None) -> str | None:
    """Give the text that was given in one of two ways, None where it wasn't.

    A file's text goes without the line break at its end; ``-`` is standard input.

    Raises:
        BadInput: it was given twice, or the file can't be read or isn't UTF-8.
    """
    if file is None:
        return None if text is None else valid(text, "text")
    if text is not None:
        raise BadInput("--text and --text-file can't be given together")
    name = "standard input" if str(file) == "-" else one_line(str(file))
    try:
        raw = _bytes_of(file)
    except OSError as error:
        raise BadInput(f"the text in {name} can't be read", error.strerror or str(error)) from None
    if len(raw) > limits.LARGEST_TEXT_FILE:
        raise BadInput(
            f"the text in {name} is too long",
            f"{limits.LARGEST_TEXT_FILE // 1_000_000} MB are the most",
        )
    try:
        return raw.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise BadInput(f"the text in {name} can't be read", "it isn't UTF-8") from None


def _bytes_of(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(limits.LARGEST_TEXT_FILE + 1)
    with file.open("rb") as opened:
        return opened.read(limits.LARGEST_TEXT_FILE + 1)


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _finite(number: str) -> float:
    """Give the number, unless it is too large for one (1e999)."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value
