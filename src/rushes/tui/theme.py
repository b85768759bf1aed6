"""Textual's themes, made of our colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from rushes.tui.colours import Colours


def theme_of(colours: Colours) -> Theme:
    """Give the Textual theme of a set of colours; its name is ``rushes-<name>``.

    The styles use our own words as variables: ``$ground``, ``$raised``, ``$faint`` and so on.
    """
    value = _css if colours.is_terminal else str
    words = {
        name: value(getattr(colours, name))
        for name in ("ground", "raised", "ink", "amber", "teal", "blue", "rose", "gold", "grey")
    }
    words["faint"] = value(colours.faint)
    words["deck"] = value(colours.surface)
    edges = {
        "scrollbar": words["faint"],
        "scrollbar-hover": words["grey"],
        "scrollbar-active": words["amber"],
        "scrollbar-background": words["ground"],
        "scrollbar-background-hover": words["ground"],
        "scrollbar-background-active": words["ground"],
        "scrollbar-corner-color": words["ground"],
        "border": words["amber"],
        "border-blurred": words["faint"],
        "block-cursor-background": words["amber"],
        "block-cursor-foreground": "ansi_black" if colours.is_terminal else words["ground"],
        "input-cursor-background": words["amber"],
        "input-cursor-foreground": "ansi_black" if colours.is_terminal else words["ground"],
    }
    if colours.is_terminal:
        edges |= {"ansi-background": "ansi_black", "ansi-foreground": "ansi_white"}
    return Theme(
        name=f"rushes-{colours.name}",
        primary=words["amber"],
        secondary=words["blue"],
        accent=words["amber"],
        success=words["teal"],
        warning=words["gold"],
        error=words["rose"],
        foreground=words["ink"],
        background=words["ground"],
        surface=words["ground"],
        panel=words["raised"],
        boost=words["raised"],
        dark=colours.dark,
        ansi=colours.is_terminal,
        variables=words | edges,
    )


def _css(colour: str) -> str:
    return f"ansi_{colour}"
