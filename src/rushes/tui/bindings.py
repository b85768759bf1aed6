"""Textual's bindings, made from the registry of actions."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from rushes.tui.actions import ACTIONS, Scope, in_scopes, key_name


def bindings_of(*scopes: Scope) -> list[BindingType]:
    """Give the bindings of these scopes; each carries its action's id, so keys can be changed."""
    return [
        Binding(
            key=",".join(action.keys),
            action=action.call or action.id,
            description=action.label,
            show=False,
            key_display=key_name(action.keys[0]),
            tooltip=action.help,
            id=action.id,
        )
        for action in in_scopes(ACTIONS, *scopes)
    ]
