"""What the player calls a side that is heard blind: a name that says nothing of it."""

from __future__ import annotations

_BLIND = "blind "


def blind_key(letter: str, round_: int) -> str:
    """Give the name of a side of the pair shown in that round; the listener shows it too."""
    return f"{_BLIND}{letter}, pair {round_ + 1}"


def is_blind(key: str | None) -> bool:
    """Tell whether nothing about a clip of that name may be shown."""
    return key is not None and key.startswith(_BLIND)
