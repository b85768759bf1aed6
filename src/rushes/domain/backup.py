"""What a backup of a library came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: how many takes and files it holds, and what was copied this time, in bytes too.

    ``missing`` names files, as stored, that rows name and that couldn't be copied; those that are
    known to be missing aren't among them. ``set_aside`` counts files of earlier backups that no row
    names any more.
    """

    folder: str
    generations: int
    files: int
    copied: int
    bytes: int
    missing: tuple[str, ...]
    set_aside: int
