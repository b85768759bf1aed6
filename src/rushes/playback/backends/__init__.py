"""The ways to make sound that a helper process knows, one module each."""

from __future__ import annotations

from rushes.playback.backends.base import Backend, BackendError, BackendMissing, open_backend

__all__ = ["Backend", "BackendError", "BackendMissing", "open_backend"]
