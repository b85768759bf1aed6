"""How what lies within a parameter snapshot is named: ``effects[0].type``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def member(path: str, key: object) -> str:
    """The path of a member of the object at ``path``, which is empty for the outermost."""
    return f"{path}.{key}" if path else str(key)


def element(path: str, index: int) -> str:
    """The path of an element of the list at ``path``."""
    return f"{path}[{index}]"


def holds_more(values: Sequence[object]) -> bool:
    """Whether a list holds objects or lists with something in them; else it is one value."""
    return any(isinstance(value, Mapping | list) and value for value in values)
