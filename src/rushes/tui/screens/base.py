"""What all screens share: the deck at the foot, the keys of the player, undo and back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.screen import ModalScreen, Screen

from rushes.playback.state import PlayerState, Playing
from rushes.tui.actions import Action, Scope, in_scopes
from rushes.tui.bindings import bindings_of
from rushes.tui.host import Host, host_of
from rushes.tui.narrow import NarrowCompositor
from rushes.words.when import in_db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.tui.widgets.deck import Deck


class DeskScreen(Screen[None]):
    """A full screen with the deck in it. ``scopes`` say which actions it takes."""

    class NearChanged(Message):
        """Other generations than before may be heard next: see ``near``."""

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.DECK, Scope.APP)
    BINDINGS = bindings_of(Scope.DECK)

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()
        self.deck: Deck | None = None

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
    def current_version(self) -> GenerationVersion | None:
        """The version of it that is meant; None for the generation itself."""
        return None

    def near(self) -> Sequence[Generation]:
        """Give what may be heard next, the likeliest first; a version as its generation's own."""
        return ()

    @property
    def is_current(self) -> bool:
        """Tell whether any of this screen is to be seen: beneath dialogs it is, hidden it isn't.

        Textual takes the screen beneath a full one for visible too, and repaints all of the
        upper whenever the hidden one changes.
        """
        stack = self.app.screen_stack
        full = [screen for screen in stack if not isinstance(screen, ModalScreen)]
        return super().is_current and full[-1:] == [self]

    def on_history_list_cursor_moved(self) -> None:
        """Take up that the cursor of a list stands on another row."""
        self.post_message(self.NearChanged())

    def on_screen_resume(self) -> None:
        """Catch up with the player."""
        if self.host.desk.has_player:
            self.player_changed(self.host.desk.player.state)

    def player_changed(self, state: PlayerState) -> None:
        """Show another state of the player."""
        tape = self.host.tape
        in_deck = tape.in_deck
        if self.deck is not None:
            self.deck.display = in_deck is not None
        if in_deck is None or state.key is None:
            return
        if self.deck is None:
            self.deck = _new_deck()
            self.mount(self.deck, before="#footer")
        if self.deck.show(state, in_deck, tape.modes):
            work = partial(self.deck.load, self.host.desk, in_deck)
            self.host.start(self, work, group="deck")

    def tick(self, state: PlayerState) -> None:
        """Move what shows the playhead; called while something plays."""
        if self.deck is not None:
            self.deck.tick(state.position)

    def library_changed(self) -> None:
        """Take up what this or another process changed in the library."""

    def one_layer_back(self) -> None:
        """Leave what is on top here; the screen itself when nothing else is."""
        self.dismiss()

    def action_play(self) -> None:
        """Play or pause what stands under the cursor; nothing there: what is in the deck."""
        if self.current is not None:
            self.host.tape.play(self.current, self.current_version)
        else:
            self.host.tape.go_on()

    def action_nudge(self, seconds: int) -> None:
        """Seek by some seconds."""
        player = self.host.desk.player
        if player.state.playing is not Playing.STOPPED:
            player.nudge(float(seconds))

    def action_loop(self) -> None:
        """Begin anew whenever a clip has ended, or no longer."""
        player = self.host.desk.player
        player.toggle_loop()
        self._say_without_deck("Loop" if player.state.loop else "No loop")

    def action_louder(self, gain: int) -> None:
        """Be louder by some dB, softer by less than none."""
        player = self.host.desk.player
        player.louder(float(gain))
        self._say_without_deck(f"Gain {in_db(player.state.gain)}")

    def _say_without_deck(self, text: str) -> None:
        """Tell what the deck would show, where there is none yet."""
        if self.deck is None:
            self.host.say(f"{text}.")


def _new_deck() -> Deck:
    """Give a deck; there is none, and nothing of it is imported, until something is played."""
    from rushes.tui.widgets.deck import Deck

    return Deck()
