"""Takes or versions heard blind, two at a time, until an order stands."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rushes.errors import NotFound, RushesError
from rushes.paths import styles_dir
from rushes.playback.state import Playing
from rushes.tui import comparing
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.blind_keys import blind_key
from rushes.tui.candidates import Candidate, letter
from rushes.tui.screens.sides import ScreenOf, SidesScreen
from rushes.tui.widgets.blind_pair import BlindPair
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.title import Title

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import ComposeResult

    from rushes.domain.ranking import Side
    from rushes.library import Library
    from rushes.playback.clip import Source
    from rushes.playback.state import PlayerState
    from rushes.tui.gathered import Gathered, Progress


class BlindScreen(SidesScreen):
    """The pair that the ranking asks about, as A and B; once the order stands, it is shown.

    Nothing here tells them apart: no name, no waveform, no length, no level, nor how far a side
    has been heard. The player and the listener know them by letters too.
    """

    CSS_PATH = styles_dir() / "comparison.tcss"
    scopes = (Scope.BLIND, Scope.SIDES, Scope.DECK, Scope.APP)
    BINDINGS = bindings_of(Scope.BLIND)
    tells_place = False

    def __init__(self, gathered: Gathered, screen_of: ScreenOf) -> None:
        super().__init__(screen_of)
        self._gathered = gathered
        self._round = 0
        self._busy = False
        self._pair = BlindPair(gathered.common)

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Title("Comparison", f"blind, {self._gathered.count}")
        yield self._pair
        yield self.transport
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Be silent, and show the first pair: what was heard before has a name."""
        self.host.desk.player.stop()
        self.player_changed(self.host.desk.player.state)
        self.measure()

    @property
    def candidates(self) -> Sequence[Candidate]:
        """All that are ranked: whichever pair is heard, they are heard at one level."""
        return tuple(self._gathered.by_place.values())

    @property
    def sides(self) -> tuple[Candidate, ...]:
        """The two that are asked about."""
        return self._gathered.pair

    def key_of(self, index: int) -> str:
        """Give a name that says nothing of the side; of another pair's A it isn't the same."""
        return blind_key(letter(index), self._round)

    async def source_of(self, index: int) -> Source:
        """Give what the player plays for a side, under that name.

        Raises:
            RushesError: it can't be heard; which file that is isn't said.
        """
        try:
            source = await super().source_of(index)
        except RushesError as error:
            raise RushesError(f"{letter(index)} can't be heard", "its audio isn't there") from error
        return replace(source, key=self.key_of(index))

    # What is shown

    def player_changed(self, state: PlayerState) -> None:
        """Show which side is heard, and nothing of where."""
        super().player_changed(state)
        heard = None if state.playing is Playing.STOPPED else self.heard
        gathered, enough = self._gathered, self.host.key("enough")
        stands = f"the order stands: {enough} shows it" if gathered.stands else ""
        self._pair.show("" if heard is None else letter(heard), gathered.progress, stands)

    def tick(self, state: PlayerState) -> None:
        """Show no playhead: it would tell how long a side is."""

    def library_changed(self) -> None:
        """Take up what has become of the sides."""
        self.host.start(self, self._reload, group="reload")

    async def _reload(self) -> None:
        asked = self._gathered
        try:
            gathered = await self._change(comparing.again)
        except NotFound:
            self._leave_for_good()
            return
        if asked is self._gathered and not self._busy:
            self._show(gathered)

    def _leave_for_good(self) -> None:
        self.host.say("This comparison isn't there any more.")
        self.one_layer_back()

    # Deciding

    def action_first_better(self) -> None:
        """Decide for A."""
        self._decide(0)

    def action_second_better(self) -> None:
        """Decide for B."""
        self._decide(1)

    def action_equal(self) -> None:
        """Decide that neither is better."""
        self._decide(None)

    def action_heard_better(self) -> None:
        """Decide for what is heard, or was last."""
        if self.heard is None:
            self.host.say("Hear both first.")
        else:
            self._decide(self.heard)

    def _decide(self, better: int | None) -> None:
        undo = self.host.desk.undo

        async def work() -> None:
            decided = await self._change(partial(comparing.decide, better=better))
            undo.remember(comparing.decision_of(decided))
            self._show(decided, goes_on=True)

        self._alone(work)

    def action_undo(self) -> None:
        """Take the last decision back; where there is none, undo what was changed before."""
        gathered, undo = self._gathered, self.host.desk.undo
        if not gathered.progress.taken:
            self.app.call_later(self.app.run_action, "app.undo")
            return

        async def work() -> None:
            taken = await self._change(comparing.take_back)
            undo.forget_last(gathered.comparison_id)
            self._show(taken)
            self.host.say("The last decision is taken back.")

        self._alone(work)

    def action_enough(self) -> None:
        """Be content with the order, where it stands and is only made sure of."""
        if not self._gathered.stands:
            self.host.say(f"The order doesn't stand yet: {self._gathered.progress.words}.")
            return

        async def work() -> None:
            self._show(await self._change(partial(comparing.make_sure, on=False)))

        self._alone(work)

    def action_give_up(self) -> None:
        """Forget the decisions, after asking, and show what the sides are."""
        self._alone(self._give_up)

    async def _give_up(self) -> None:
        from rushes.tui.screens.confirm import Confirm

        gathered = self._gathered
        question = Confirm(
            "Give the blind ranking up?",
            f"{gathered.progress.words}: they are forgotten, and all is shown.",
            "Give it up",
        )
        if gathered.progress.taken and not await self.app.push_screen_wait(question):
            return
        seen = await self._change(comparing.give_up)
        self.host.desk.undo.forget(gathered.comparison_id)
        self._reveal(seen)

    async def _change(self, change: Callable[[Library, Gathered], Gathered]) -> Gathered:
        asked = self._gathered
        return await self.host.desk.ask(lambda library: change(library, asked))

    def _alone(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it unless something is being done: a key pressed twice is no further decision."""
        if self._busy:
            return
        self._busy = True

        async def alone() -> None:
            try:
                await work()
            except NotFound:
                self._leave_for_good()
            finally:
                self._busy = False

        self.host.start(self, alone, group="change", exclusive=False)

    def _show(self, gathered: Gathered, *, goes_on: bool = False) -> None:
        """Show what is asked now; with ``goes_on`` sound goes on with its A."""
        before, self._gathered = self._gathered, gathered
        player = self.host.desk.player
        sounded = player.state.playing in (Playing.PLAYING, Playing.LOADING)
        if not gathered.pair:
            self._reveal(gathered)
            return
        if _asked(gathered) != _asked(before):
            self._round += 1
            self.cursor = 0
            player.stop()
        self.player_changed(player.state)
        if goes_on and sounded:
            self.hear(0)

    def _reveal(self, gathered: Gathered) -> None:
        self.host.desk.player.stop()
        self.turn_to(gathered)

    def one_layer_back(self) -> None:
        """Leave; the decisions stay, and the names hidden."""
        self.host.desk.player.stop()
        super().one_layer_back()


def _asked(gathered: Gathered) -> tuple[Progress, list[Side]]:
    """What is asked, whatever else has become of the two."""
    return gathered.progress, [one.side for one in gathered.pair]
