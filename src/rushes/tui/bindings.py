"""Textual's bindings, made from the registry of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from rushes.tui.actions import ACTIONS, Scope, in_scopes, key_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rushes.tui.actions import Action


def bindings_of(*scopes: Scope) -> list[BindingType]:
    """Give the bindings of these scopes; each carries its action's id, so keys can be changed."""
    return _bindings(in_scopes(ACTIONS, *scopes))


def binding_of(action_id: str) -> list[BindingType]:
    """Give the binding of one action, for a screen that does it in a way of its own."""
    return _bindings(action for action in ACTIONS if action.id == action_id)


def _bindings(actions: Iterable[Action]) -> list[BindingType]:
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
        for action in actions
    ]
