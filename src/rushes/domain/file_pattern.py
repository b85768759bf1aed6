"""Patterns of file names: ``{profile}-{date}-{text:.30}-{id:.8}``.

A formatter of our own and not ``str.format``: what people typed as a text or a name is put in as
it is, whatever braces it holds, and a pattern reaches nothing but the fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rushes.domain.export_formats import DEFAULT_PATTERN, FIELDS
from rushes.domain.generation import Generation
from rushes.domain.safe_name import MOST_BYTES, plain, safe_stem, shortened, within
from rushes.domain.times import LOCAL
from rushes.errors import BadPattern

_FIELD = re.compile(r"\{([^{}]*)\}")
_CUT = re.compile(r"\.([1-9][0-9]{0,3})")
_SEPARATORS = "-_ ."
_LONGEST_END = 12
"""Bytes that stay free for the suffix and a number."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field, and how many characters of it are taken at most."""

    name: str
    most: int | None = None


Piece: TypeAlias = str | Field


@dataclass(frozen=True, slots=True)
class FilePattern:
    """A pattern that was read: words and fields in turn."""

    pieces: tuple[Piece, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields in it."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Field))

    def stem(self, values: Mapping[str, str], suffix: str = "") -> str:
        """The file's name without ``suffix``, safe on every system, with room for both.

        ``values`` are by field. Where they are too long the longest of them are shortened, so
        that an id at the end stays.
        """
        parts = [_value(piece, values) for piece in self.pieces]
        room = MOST_BYTES - max(len(suffix.encode()), _LONGEST_END)
        return safe_stem(_joined(self.pieces, _fitted(self.pieces, parts, room)), room)


def parse_pattern(line: str) -> FilePattern:
    """Read a pattern; ``{{`` and ``}}`` stand for braces.

    Raises:
        BadPattern: it can't be read; tells at which character.
    """
    pieces: list[Piece] = []
    at = 0
    while at < len(line):
        if line[at : at + 2] in ("{{", "}}"):
            pieces.append(line[at])
            at += 2
        elif line[at] in "{}":
            at = _read_field(line, at, pieces)
        else:
            pieces.append(_checked(line, at))
            at += 1
    if not pieces:
        raise BadPattern("the name's pattern is empty", 0, "", f"Write {DEFAULT_PATTERN}.")
    return FilePattern(_together(pieces))


def values_of(generation: Generation, label: str | None = None) -> dict[str, str]:
    """What the fields stand for in a generation; date and time are this machine's.

    ``label`` is that of the version, None where there is none.
    """
    made = generation.created_at.astimezone(LOCAL)
    profile = "no profile" if generation.profile_missing else generation.profile_name
    return {
        "profile": profile,
        "date": f"{made.year:04}-{made.month:02}-{made.day:02}",
        "time": f"{made.hour:02}-{made.minute:02}-{made.second:02}",
        "text": generation.text,
        "id": generation.id,
        "engine": generation.engine,
        "model": generation.model_size or "",
        "language": generation.language,
        "seed": "" if generation.seed is None else str(generation.seed),
        "rating": "" if generation.rating is None else str(generation.rating),
        "label": label or "",
        "tags": " ".join(generation.tags),
        "status": generation.status.value,
    }


def _read_field(line: str, at: int, pieces: list[Piece]) -> int:
    """Read the field that begins at a place; gives where what follows begins."""
    found = _FIELD.match(line, at)
    if found is None:
        raise BadPattern(
            f"the “{line[at]}” has no other half",
            at,
            "",
            f"For the character write {line[at]}{line[at]}.",
        )
    name, colon, cut = found[1].partition(":")
    if name not in FIELDS:
        raise BadPattern(
            f"there is no field “{name}”", at + 1, "", f"There are: {', '.join(FIELDS)}."
        )
    most = _CUT.fullmatch(cut)
    if colon and most is None:
        where = at + 1 + len(name) + 1
        raise BadPattern(
            f"“{cut}” says nothing of a field", where, "", "For its first 30 characters write :.30."
        )
    pieces.append(Field(name, int(most[1]) if most else None))
    return found.end()


def _checked(line: str, at: int) -> str:
    character = line[at]
    if character in "/\\":
        why = "files lie in the folder that was named, not beneath it"
        raise BadPattern(f"a name can't hold “{character}”", at, why)
    if not plain(f"x{character}x").removeprefix("x").removesuffix("x"):
        raise BadPattern("a name can't hold what can't be seen", at)
    return character


def _together(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Characters that follow each other as one word."""
    joined: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def _value(piece: Piece, values: Mapping[str, str]) -> str:
    if isinstance(piece, str):
        return piece
    # A text may have a million characters, of which a name holds the first few.
    value = plain(values.get(piece.name, "")[: 4 * MOST_BYTES])
    return value if piece.most is None else shortened(value, piece.most)


def _fitted(pieces: tuple[Piece, ...], parts: list[str], room: int) -> list[str]:
    """The parts with the longest values shortened until all fit."""
    fitted = list(parts)
    places = [place for place, piece in enumerate(pieces) if isinstance(piece, Field)]
    while places:
        sizes = [len(part.encode()) for part in fitted]
        over = sum(sizes) - room
        longest = max(places, key=lambda place: sizes[place])
        if over <= 0 or sizes[longest] <= 1:
            break
        rest = max((sizes[place] for place in places if place != longest), default=0)
        # Not below the next longest at once, which is shortened in its turn.
        keep = max(sizes[longest] - over, min(rest, sizes[longest] - 1), 1)
        fitted[longest] = within(fitted[longest], keep).rstrip() or fitted[longest][:0]
    return fitted


def _joined(pieces: tuple[Piece, ...], parts: list[str]) -> str:
    """The parts in a row; of the separators on both sides of an empty value one is left out."""
    name = ""
    after_nothing = False
    for piece, part in zip(pieces, parts, strict=True):
        if isinstance(piece, Field):
            after_nothing = not part
            name += part
            continue
        doubled = after_nothing and part[0] in _SEPARATORS and (not name or name[-1] == part[0])
        name += part[1:] if doubled else part
        after_nothing = False
    return name
