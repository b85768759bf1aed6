"""Sound: the player, its ways out, and the helper process that they live in.

The public names load when first asked for: the helper process imports this package too, and has
no use for any of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rushes.playback.clip import Source
    from rushes.playback.player import Player
    from rushes.playback.state import PlayerState, Playing, Route

__all__ = ["Player", "PlayerState", "Playing", "Route", "Source"]

_HOMES = {
    "Player": "rushes.playback.player",
    "PlayerState": "rushes.playback.state",
    "Playing": "rushes.playback.state",
    "Route": "rushes.playback.state",
    "Source": "rushes.playback.clip",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
