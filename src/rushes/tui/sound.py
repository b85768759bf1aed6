"""What is said of the sound: faults, and another way out; and what is sent ahead of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rushes.playback.state import LISTENER
from rushes.tui.blind_keys import is_blind
from rushes.tui.host import host_of
from rushes.tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

    from rushes.domain.generation import Generation
    from rushes.playback.state import PlayerState, Route

REST = 0.1
"""Seconds the cursor must rest before what may be heard next is sent ahead."""

_UNHEARD = "This side can't be played: decide without it, or give the comparison up to see why."


class Sound:
    """Follows the player and the cursor of the application."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._host = host_of(app)
        self._error: str | None = None
        self._route: Route | None = None
        self._rest: Timer | None = None

    def player_changed(self, state: PlayerState) -> None:
        """Say what went wrong, and when the sound goes another way."""
        if not self._app.screen_stack:
            return  # the person has left
        if state.error is not None and state.error != self._error:
            # What is wrong with a clip may name it; that there is no way out doesn't.
            hides = is_blind(state.key) and state.route is not None and state.route.heard
            error = _UNHEARD if hides else state.error
            self._app.notify(error, severity="error", markup=False, timeout=8)
        self._error = state.error
        before, self._route = self._route, state.route
        if state.route is None or before == state.route:
            return
        if state.route.name == LISTENER:
            if before is not None:
                self._host.say(f"The sound comes out on {state.route.label} now.")
            self.near_changed()
        elif before is not None and before.name == LISTENER:
            text = f"Nobody listens any more; the sound goes to: {state.route.label}."
            self._app.notify(text, severity="warning", markup=False)

    def near_changed(self) -> None:
        """Send ahead what may be heard next, once the cursor rests."""
        if self._rest is not None:
            self._rest.stop()
        if self._route is not None and self._route.name == LISTENER:
            self._rest = self._app.set_timer(REST, self._send_ahead)

    def _send_ahead(self) -> None:
        screen = self._app.screen if self._app.screen_stack else None
        if isinstance(screen, DeskScreen):
            wanted: dict[object, Generation] = {}
            for one in screen.near():
                if one.is_playable:
                    wanted.setdefault((one.source_id, one.audio_path), one)
            self._host.start(screen, partial(self._expect, list(wanted.values())), group="ahead")

    async def _expect(self, wanted: list[Generation]) -> None:
        from rushes.playback.listening.ways import HomePlayer

        player = self._host.desk.player
        if isinstance(player, HomePlayer):
            player.expect(await self._host.desk.sources(wanted))
