"""rushes: review what your voice and audio models made.

The public names load when first asked for, so that ``import rushes`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rushes.domain.query import HistoryQuery
    from rushes.errors import RushesError
    from rushes.library import Library
    from rushes.version import __version__

__all__ = ["HistoryQuery", "Library", "RushesError", "__version__"]

_HOMES = {
    "HistoryQuery": "rushes.domain.query",
    "Library": "rushes.library",
    "RushesError": "rushes.errors",
    "__version__": "rushes.version",
}


if not TYPE_CHECKING:  # a type checker that sees __getattr__ believes in every name

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(home), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
