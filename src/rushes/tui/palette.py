"""The palette: any action of the screen beneath, found by its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from rushes.tui.actions import Action, key_name
from rushes.tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator


class Palette(CommandPalette):
    """Textual's palette over our actions; its cursor doesn't blink."""

    def __init__(self) -> None:
        super().__init__(providers=[Actions])

    def on_mount(self) -> None:
        """Keep the cursor still: nothing is sent while nothing changes."""
        self.query_one(Input).cursor_blink = False


class Actions(Provider):
    """Offers what the screen can do, each with its key."""

    async def discover(self) -> Hits:
        """Offer everything before anything is typed."""
        for action in self._actions():
            yield DiscoveryHit(action.help, self._call(action), help=_keys(action))

    async def search(self, query: str) -> Hits:
        """Offer what matches."""
        matcher = self.matcher(query)
        for action in self._actions():
            score = matcher.match(action.help)
            if score > 0:
                call = self._call(action)
                yield Hit(score, matcher.highlight(action.help), call, help=_keys(action))

    def _actions(self) -> Iterator[Action]:
        screen = self.screen
        if isinstance(screen, DeskScreen):
            yield from (action for action in screen.actions if action.id != "palette")

    def _call(self, action: Action) -> partial[Coroutine[Any, Any, None]]:
        return partial(self._run, action)

    async def _run(self, action: Action) -> None:
        """Run it where a key press would find it: the focused widget, the screen, the app."""
        call = action.call or action.id
        method = f"action_{call.partition('(')[0]}"
        for node in (self.screen.focused, self.screen, self.app):
            if node is not None and hasattr(node, method):
                await self.app.run_action(call, default_namespace=node)
                return


def _keys(action: Action) -> str:
    return ", ".join(key_name(key) for key in action.keys)
