"""Somebody who looks on while long work goes on, and may call it off."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Told again and again how far the work is.

    What it raises (``rushes.errors.Interrupted``) ends the work there, between two steps of it:
    what is done stays done, and nothing is in half.
    """

    def __call__(self, done: int, total: int, doing: str = "") -> None:
        """``done`` of ``total`` are done; ``doing`` names the part of the work, for people."""


def unwatched(done: int, total: int, doing: str = "") -> None:
    """Nobody looks on."""
