"""What all screens share: the deck at the foot, the keys of the player, undo and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.screen import ModalScreen, Screen

from rushes.playback.state import PlayerState, Playing
from rushes.tui.actions import Action, Scope, in_scopes
from rushes.tui.bindings import bindings_of
from rushes.tui.host import Host, host_of
from rushes.tui.narrow import NarrowCompositor
from rushes.tui.widgets.deck import Deck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.generation import Generation


class DeskScreen(Screen[None]):
    """A full screen with the deck in it. ``scopes`` say which actions it takes."""

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.DECK, Scope.APP)
    BINDINGS = bindings_of(Scope.DECK)

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()

    @property
    def host(self) -> Host:
        """The application."""
        return host_of(self.app)

    @property
    def actions(self) -> Sequence[Action]:
        """The actions that can be reached here, with the keys in force."""
        return in_scopes(self.host.actions, *self.scopes)

    @property
    def current(self) -> Generation | None:
        """The generation that a key would act on, if there is one."""
        return None

    @property
    def is_current(self) -> bool:
        """Tell whether any of this screen is to be seen: beneath dialogs it is, hidden it isn't.

        Textual takes the screen beneath a full one for visible too, and repaints all of the
        upper whenever the hidden one changes.
        """
        stack = self.app.screen_stack
        full = [screen for screen in stack if not isinstance(screen, ModalScreen)]
        return super().is_current and full[-1:] == [self]

    def on_screen_resume(self) -> None:
        """Catch up with the player."""
        if self.host.desk.has_player:
            self.player_changed(self.host.desk.player.state)

    def player_changed(self, state: PlayerState) -> None:
        """Show another state of the player."""
        generation = self.host.in_deck
        if generation is None or state.key is None:
            return
        for deck in self.query(Deck):
            if deck.show(state, generation):
                work = deck.load(self.host.desk, generation)
                self.host.start(deck, work, group="deck")

    def tick(self, state: PlayerState) -> None:
        """Move what shows the playhead; called while something plays."""
        for deck in self.query(Deck):
            deck.tick(state.position)

    def library_changed(self) -> None:
        """Take up what this or another process changed in the library."""

    def one_layer_back(self) -> None:
        """Leave what is on top here; the screen itself when nothing else is."""
        self.dismiss()

    def action_play(self) -> None:
        """Play or pause what stands under the cursor; nothing there: what is in the deck."""
        generation = self.current or self.host.in_deck
        if generation is not None:
            self.host.play(generation)

    def action_nudge(self, seconds: int) -> None:
        """Seek by some seconds."""
        player = self.host.desk.player
        if player.state.playing is not Playing.STOPPED:
            player.nudge(float(seconds))
