"""All keys of the screen beneath, from the registry, and where the log lies."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rushes.tui.actions import Action, key_name
from rushes.words.cells import short_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.binding import BindingType


FILTERS = (
    ('anna "good evening" -draft', "words and phrases, all of them; - excludes"),
    ("profile:anna,robot", "a part of the name; profile:=Anna the whole"),
    ("engine:qwen model:1.7B lang:en", "likewise; en finds en-GB too"),
    ("is:fav", "failed running completed rated tagged orphan"),
    ("is:flagged", "clipped silent leading trailing cutoff duplicate"),
    ("is:quiet", "loud fast slow dc length"),
    ("lufs:<-30  peak:>-1", "loudness in LUFS, true peak in dBTP"),
    ("rating:>3  rating:2..4", "0: not rated"),
    ("dur:>5  dur:<1:30", "the clip's length"),
    ("after:2026-04-01  on:today", "before: too; 7d, 12h, 2w ago"),
    ("tag:keep  seed:42  id:1f3a", "tags whole, an id by its beginning"),
    ("@best", "what was saved under that name"),
)
"""Examples of the filter language, as its own module documents it."""


class Help(ModalScreen[None]):
    """A list of keys by where they are meant; scrolls with j, k and the page keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,question_mark", "dismiss"),
        ("j,down", "scroll(1)"),
        ("k,up", "scroll(-1)"),
        ("g,home", "scroll(-1000)"),
        ("G,end", "scroll(1000)"),
        ("pagedown,space,ctrl+d", "scroll(10)"),
        ("pageup,ctrl+u", "scroll(-10)"),
    ]

    def __init__(self, actions: Sequence[Action], log: Path) -> None:
        super().__init__()
        self._actions, self._log = actions, log

    def compose(self) -> ComposeResult:
        """Lay out the groups."""
        with Vertical(id="help", classes="dialog wide"):
            yield Static(Content("Keys"), classes="dialog-title")
            with VerticalScroll(id="help-keys", can_focus=False):
                yield Static(self._keys())
            yield Static(Content(f"log: {short_path(self._log)}"), classes="dialog-foot")

    def _keys(self) -> Content:
        parts: list[Content] = []
        for scope, actions in groupby(self._actions, key=lambda action: action.scope):
            parts.append(Content.styled(f"{'' if not parts else chr(10)}{scope}\n", "$grey"))
            for action in actions:
                keys = "  ".join(key_name(key) for key in action.keys)
                parts.append(Content.styled(f"  {keys:<14} ", "bold $amber"))
                parts.append(Content(f"{action.help}\n"))
        parts.append(Content.styled("\nthe filter\n", "$grey"))
        for example, meaning in FILTERS:
            parts.append(Content.styled(f"  {example:<30} ", "bold $amber"))
            parts.append(Content(f"{meaning}\n"))
        return Content("").join(parts).rstrip()

    def action_scroll(self, lines: int) -> None:
        """Scroll the keys by some lines."""
        self.query_one("#help-keys").scroll_relative(y=lines, animate=False)
