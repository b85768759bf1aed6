"""The registry of actions as a Markdown table, for the README."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rushes.tui.actions import Action, key_name

if TYPE_CHECKING:
    from collections.abc import Sequence


def keys_table(actions: Sequence[Action]) -> str:
    """Give the table, a row for each action, under the scopes they belong to."""
    lines = ["| where | keys | what they do |", "| --- | --- | --- |"]
    for scope, group in groupby(actions, key=lambda action: action.scope):
        for index, action in enumerate(group):
            keys = " ".join(f"`{key_name(key)}`" for key in action.keys)
            lines.append(f"| {scope.value if index == 0 else ''} | {keys} | {action.help} |")
    return "\n".join(lines)
