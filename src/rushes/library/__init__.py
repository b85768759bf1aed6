"""The one door to a library: what every face asks and every script records through."""

from __future__ import annotations

from rushes.library.library import Library

__all__ = ["Library"]
