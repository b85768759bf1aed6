"""The application: wiring between the screens, the library, the player and the terminal."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.message import Message

from rushes.errors import RushesError
from rushes.paths import log_file, styles_dir
from rushes.playback.state import PlayerState, Playing
from rushes.tui.actions import ACTIONS, Scope, key_name, with_keys
from rushes.tui.bindings import bindings_of
from rushes.tui.colours import SETS
from rushes.tui.desk import Desk
from rushes.tui.host import Follower, TypedAhead
from rushes.tui.screens.base import DeskScreen
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.sound import Sound
from rushes.tui.sources_watch import EVERY, following
from rushes.tui.tape import Tape
from rushes.tui.terminal import driver, own_screen
from rushes.tui.theme import theme_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from textual import events
    from textual.dom import DOMNode
    from textual.timer import Timer
    from textual.worker import Worker

    from rushes.config import Config
    from rushes.playback.player import Player

POLL = 1.0
"""Seconds between looks at whether another process has changed the library."""

UPKEEP_AFTER = 120.0
"""Seconds after the first rows until the library's upkeep is looked after."""

UPKEEP_EVERY = 3600.0
"""Seconds between two looks at whether upkeep is due."""

TICKS = 1 / 10
"""Seconds between two positions of the playhead: tenths are what the deck shows."""

log = logging.getLogger(__name__)


class RushesApp(App[None]):
    """The desk in the terminal."""

    TITLE = "rushes"
    CSS_PATH = styles_dir() / "app.tcss"
    BINDINGS = bindings_of(Scope.APP)
    ENABLE_COMMAND_PALETTE = False  # our own key opens it; Textual's binding isn't in the registry
    COMMANDS: ClassVar[set[Any]] = set()
    NOTIFICATION_TIMEOUT = 4
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012  # as Textual has it

    @dataclass
    class PlayerChanged(Message):
        """The player is in another state; posted from its thread."""

        state: PlayerState

    def __init__(self, path: Path, config: Config, problems: Sequence[str] = ()) -> None:
        self.colours = SETS.get(config.theme, SETS["dark"])
        super().__init__(driver_class=driver())
        self.animation_level = "none"
        self.ascii = config.ascii
        self.actions, key_problems = with_keys(config.keys)
        self._problems = (*problems, *key_problems)
        self.set_keymap(
            {
                action.id: ",".join(action.keys)
                for action, default in zip(self.actions, ACTIONS, strict=True)
                if action.keys != default.keys
            }
        )
        self.register_theme(theme_of(self.colours))
        self.theme = f"rushes-{self.colours.name}"
        self._wanted_route = config.sound
        self.desk = Desk(path, self._make_player)
        self.tape = Tape(self.desk, partial(self.start, self), self.say, self.key)
        self.failure: RushesError | None = None
        self._ticks: Timer | None = None
        self.sound = Sound(self)

    def get_default_screen(self) -> HistoryScreen:
        """Begin with the history."""
        return HistoryScreen()

    def on_mount(self) -> None:
        """Open the library, and then what the first rows needn't wait for."""
        self._ticks = self.set_interval(TICKS, self._tick, pause=True)
        if not self.is_headless and sys.platform != "win32":
            # The line has gone: leave as for q, and give the terminal back if it is still there.
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.exit)
        self.app_resume_signal.subscribe(self, self._redraw)
        self.call_after_refresh(self.start, self, self._open, group="open")

    def _redraw(self, _: object) -> None:
        """Draw everything anew: the shell has been on the screen in the meantime."""
        for widget in self.screen.walk_children():
            widget.refresh()

    async def _open(self) -> None:
        """Open the library; without one there is nothing to show, and ``run`` tells why."""
        try:
            await self.desk.open()
        except RushesError as error:
            self.failure = error
            self.exit(return_code=error.exit_code)
            return
        self.call_later(self._settled)

    def _settled(self) -> None:
        """After the first rows: the player, the writer, and a look out for others' changes."""
        self.desk.player.warm()
        self.set_interval(POLL, self._look)
        self.set_timer(UPKEEP_AFTER, self._look_after)
        self.set_interval(UPKEEP_EVERY, self._look_after)
        follow = partial(self.start, self, following(self), group="sources", exclusive=False)
        self.set_interval(EVERY, follow)
        self.start(self, self._warm, group="warm")
        for problem in self._problems:
            self.notify(problem, severity="warning", markup=False)

    async def _warm(self) -> None:
        await self.desk.ask(lambda library: library.warm())

    def _look_after(self) -> None:
        self.start(self, self.desk.look_after, group="upkeep")

    def on_unmount(self) -> None:
        """Leave nothing behind."""
        self.desk.close()

    # What the screens ask of it

    def key(self, action_id: str) -> str:
        """Give the key of an action, as people read it."""
        keys = next((action.keys for action in self.actions if action.id == action_id), ())
        return key_name(keys[0]) if keys else "The palette"

    def say(self, text: str) -> None:
        """Tell the person something in one line, in the place of what was told before."""
        self.clear_notifications()
        self.notify(text, markup=False)

    def trouble(self, error: BaseException) -> None:
        """Tell the person what went wrong; what nobody foresaw goes to the log, whole."""
        self.clear_notifications()
        if isinstance(error, RushesError):
            self.notify(str(error), severity="error", markup=False, timeout=8)
            return
        log.error("unexpected", exc_info=error)
        text = f"{type(error).__name__}: something unforeseen went wrong. The log: {log_file()}"
        self.notify(text, severity="error", markup=False, timeout=8)

    def start(
        self,
        node: DOMNode,
        work: Callable[[], Awaitable[None]],
        *,
        group: str,
        exclusive: bool = True,
    ) -> None:
        """Run ``work`` as a worker of ``node``; its failure is told, never raised."""

        async def guarded() -> None:
            try:
                await work()
            except Exception as error:  # noqa: BLE001  # the one place that tells failures
                self.trouble(error)

        # Annotated for mypy, which can't tell what a worker without a result gives.
        _: Worker[None] = node.run_worker(
            guarded, group=group, exclusive=exclusive, exit_on_error=False
        )

    # The player

    def _make_player(self) -> Player:
        from rushes.playback.listening.ways import HomePlayer

        return HomePlayer(route=self._wanted_route, on_change=self._tell_player_changed)

    def _tell_player_changed(self, state: PlayerState) -> None:
        """Take a change from the player's thread over to the event loop."""
        self.post_message(self.PlayerChanged(state))

    def on_rushes_app_player_changed(self, event: PlayerChanged) -> None:
        """Show the player's state."""
        state = event.state
        self.tape.heed(state)
        if self._ticks is not None:
            playing = state.playing is Playing.PLAYING
            self._ticks.resume() if playing else self._ticks.pause()
        self.sound.player_changed(state)
        # A screen that is just opened catches up by itself, once it is there.
        if self.screen_stack and isinstance(self.screen, DeskScreen) and self.screen.is_mounted:
            self.screen.player_changed(state)

    def on_desk_screen_near_changed(self) -> None:
        """Send ahead what may be heard next."""
        self.sound.near_changed()

    def _tick(self) -> None:
        if isinstance(self.screen, DeskScreen):
            self.screen.tick(self.desk.player.state)

    # The library

    def _look(self) -> None:
        self.start(self, self._look_once, group="look")

    async def _look_once(self) -> None:
        if await self.desk.has_changed():
            self._library_changed()

    def _library_changed(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Follower):
                screen.library_changed()

    # Keys that are the same everywhere

    def on_key(self, event: events.Key) -> None:
        """Give a key that was typed ahead to the field that opened meanwhile.

        What is typed in one go with the key that opens a field has been sent to the list before
        the field was there. A field keeps printable keys for itself, so one that comes up to here
        while a field has the focus is such a key, and no command.
        """
        field: object = self.focused
        if isinstance(field, TypedAhead) and event.character and event.is_printable:
            event.prevent_default()
            event.stop()
            field.insert_text_at_cursor(event.character)

    def action_undo(self) -> None:
        """Undo the last change."""
        self.start(self, self._undo, group="undo", exclusive=False)

    async def _undo(self) -> None:
        change = self.desk.undo.take()
        if change is None:
            self.say("Nothing to undo.")
            return
        await self.desk.ask(change.revert)
        self.say(f"Undone: {change.said}.")
        self._library_changed()

    async def action_back(self) -> None:
        """Go back one layer."""
        if isinstance(self.screen, DeskScreen):
            self.screen.one_layer_back()

    def action_help_quit(self) -> None:
        """Answer ctrl+c, which quits elsewhere."""
        self.say(f"{self.key('quit')} quits.")

    def action_help(self) -> None:
        """Show all keys of this screen."""
        from rushes.tui.screens.help import Help

        if isinstance(self.screen, DeskScreen):
            self.push_screen(Help(self.screen.actions, log_file()))

    def action_palette(self) -> None:
        """Find an action by its name."""
        from rushes.tui.palette import Palette

        if isinstance(self.screen, DeskScreen):
            self.push_screen(Palette())


def run(path: Path, config: Config, problems: Sequence[str] = ()) -> int:
    """Open the desk on the library at ``path``; give the exit code once the person has left.

    Raises:
        RushesError: there is no library there that can be opened; told once the screen is left.
    """
    app = RushesApp(path, config, problems)
    with own_screen(log_file()):
        app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
