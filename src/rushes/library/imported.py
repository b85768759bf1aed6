"""What an import came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from rushes.errors import RushesError


@dataclass(slots=True)
class Imported:
    """What was copied in, by id; how many were in already, or are still being made there.

    ``failed`` are keys there, or archives, with what went wrong. ``profiles`` are the ids of
    profiles that came out of archives of their own, with ``samples`` new ones in all; ``trashed``
    those ids of what is here already that lie in the trash.
    """

    ids: list[str] = field(default_factory=list)
    already: int = 0
    running: int = 0
    failed: list[tuple[str, RushesError]] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)
    samples: int = 0
    trashed: list[str] = field(default_factory=list)
