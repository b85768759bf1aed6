"""Takes or versions side by side: waveforms to one scale, one transport, and what differs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.errors import NotFound, RushesError
from rushes.paths import styles_dir
from rushes.tui import comparing
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.candidates import Candidate, letter, longest
from rushes.tui.comparison_layout import divide
from rushes.tui.comparison_table import rows_of
from rushes.tui.screens.sides import ScreenOf, SidesScreen
from rushes.tui.widgets.common_line import CommonLine
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.side_table import SideTable
from rushes.tui.widgets.side_wave import SideWave
from rushes.tui.widgets.title import Title

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from rushes.library import Library
    from rushes.playback.clip import Source
    from rushes.playback.state import PlayerState
    from rushes.tui.gathered import Gathered

_CHROME = 4
"""Lines besides the sides and the table: title, words, transport, footer."""


class ComparisonScreen(SidesScreen):
    """All that there is to see and hear of the sides; the best of them can be kept.

    Where a ranking stands, they are in its order.
    """

    CSS_PATH = styles_dir() / "comparison.tcss"
    scopes = (Scope.COMPARISON, Scope.SIDES, Scope.DECK, Scope.APP)
    BINDINGS = bindings_of(Scope.COMPARISON)

    def __init__(self, gathered: Gathered, screen_of: ScreenOf) -> None:
        super().__init__(screen_of)
        self._gathered = gathered
        self._first = 0
        self._title = Title("Comparison")
        self._common = CommonLine(gathered.common)
        self._waves = tuple(SideWave() for _ in gathered.sides)
        self._table = SideTable()

    @property
    def sides(self) -> tuple[Candidate, ...]:
        """The candidates, ranked ones in their order."""
        return self._gathered.candidates

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._title
        yield self._common
        with Vertical(id="sides"):
            yield from self._waves
        yield self._table
        yield self.transport
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Show what is known, and have measured what isn't."""
        self._show()
        self.measure()

    # What is shown

    def _show(self) -> None:
        sides = self.sides
        self.cursor = min(self.cursor, len(sides) - 1)
        scale, shared = longest(sides), self._gathered.common
        self._common.show(shared)
        for index, (wave, one) in enumerate(zip(self._waves, sides, strict=False)):
            wave.show_side(index, one, scale, shared)
        self._table.show(rows_of(sides, ascii=self.host.ascii), len(sides))
        self._divide()
        self.player_changed(self.host.desk.player.state)

    def on_resize(self) -> None:
        """Divide the room anew, and read waveforms as fine as they are wide."""
        self._divide()
        self.host.start(self, self._load_waves, group="wave")

    def _divide(self) -> None:
        height, sides = self.app.size.height - _CHROME, len(self.sides)
        divided = divide(height, sides, self._table.wanted, self.cursor, self._first)
        self._first = divided.first
        shown = range(divided.first, divided.first + divided.shown)
        for index, wave in enumerate(self._waves):
            wave.display = index in shown
            wave.styles.height = divided.side
            wave.choose(index == self.cursor)
        self._table.go(self.cursor)
        self._title.say(self._words(shown))

    def _words(self, shown: range) -> str:
        """Say what is compared; how to be surer of the first; which are in sight if not all are."""
        gathered = self._gathered
        words = gathered.words
        if gathered.may_be_surer:
            words += f": {self.host.key('make_sure')} asks on"
        if len(shown) == 1 < len(self.sides):
            words += f"   {letter(shown[0])} is in sight"
        elif len(shown) < len(self.sides):
            words += f"   {letter(shown[0])} to {letter(shown[-1])} are in sight"
        return words

    async def _load_waves(self) -> None:
        for wave, one in zip(self._waves, self.sides, strict=False):
            heard, columns = one.heard, 2 * self.app.size.width
            try:
                envelope = await self.host.desk.ask(
                    partial(comparing.envelope, heard=heard, columns=columns)
                )
            except RushesError:
                continue  # said when somebody wants to hear it
            wave.show(envelope)

    # What has changed

    def library_changed(self) -> None:
        """Show what has become of them; what was heard blind stays as it was revealed."""
        self.host.start(self, self._reload, group="reload")

    async def _reload(self) -> None:
        asked = self._gathered
        try:
            now = await self.host.desk.ask(lambda library: comparing.again(library, asked))
        except NotFound:  # somebody has forgotten the ranking
            now = replace(asked, judging=None, by_place={})
        if asked is self._gathered:
            self._take_up(now)

    def _take_up(self, gathered: Gathered) -> None:
        """Show them as they are now, or leave where none is left."""
        before, self._gathered = self._gathered, gathered
        if not gathered.candidates:
            self.host.say("Nothing is left of what was compared: it was deleted meanwhile.")
            self.dismiss()
        elif gathered != before:
            self._show()
            if gathered.candidates != before.candidates:
                self.host.start(self, self._load_waves, group="wave")

    # The winner

    def action_choose_side(self) -> None:
        """Keep the side of the cursor; of takes it is asked what else is to be done."""
        self.host.start(self, partial(self._keep, self.cursor), group="keep")

    async def _keep(self, index: int) -> None:
        from rushes.tui.screens.keep import KeepDialog
        from rushes.tui.winner import Wish, keep

        gathered, winner = self._gathered, self.sides[index]
        wish: Wish | None = Wish()
        if not gathered.are_versions:
            dialog = KeepDialog(letter(index), len(gathered.losers(winner)))
            wish = await self.app.push_screen_wait(dialog)
        if wish is None:
            return
        chosen = wish
        done, now = await self.host.desk.ask(
            lambda library: keep(library, gathered, winner, chosen)
        )
        self._take_up(now)
        if done is None:
            self.host.say("What is compared has changed meanwhile: nothing is kept. Choose again.")
            return
        self.host.desk.undo.remember(done.change)
        self.host.say(f"{done.said}. {self.host.key('undo')} takes it back.")

    # Ranking them blind

    def action_rank_sides(self) -> None:
        """Rank them blind; where a ranking stands, another."""
        if len(self.sides) < 2:
            self.host.say("It takes two to be ranked.")
        else:
            self._go_on_blind(comparing.begin_anew)

    def action_make_sure(self) -> None:
        """Ask on, until it is as good as certain which is the best."""
        if self._gathered.is_kept:
            self.host.say("The winner is kept already.")
        elif not self._gathered.stands:
            self.host.say(f"Nothing is ranked yet: {self.host.key('rank_sides')} ranks them blind.")
        else:
            self._go_on_blind(partial(comparing.make_sure, on=True))

    def action_undo(self) -> None:
        """Take back what was changed last; that may be the last decision of the ranking."""
        newest, gathered = self.host.desk.undo.newest, self._gathered
        is_decision = newest is None or newest.of == gathered.comparison_id
        if is_decision and gathered.progress.taken and not gathered.is_kept:
            self._go_on_blind(comparing.take_back, forgets=gathered.comparison_id)
        else:
            self.app.call_later(self.app.run_action, "app.undo")

    def _go_on_blind(
        self, change: Callable[[Library, Gathered], Gathered], *, forgets: str = ""
    ) -> None:
        """Change the ranking; where that leaves something to ask, ask it blind.

        ``forgets`` is the comparison whose last decision is no longer to be undone.
        """
        asked = self._gathered

        async def work() -> None:
            gathered = await self.host.desk.ask(lambda library: change(library, asked))
            self.host.desk.undo.forget_last(forgets)
            if not gathered.pair:
                self._take_up(gathered)
                self.host.say("There is nothing more to ask.")
                return
            self.turn_to(gathered)

        self.host.start(self, work, group="change")

    # Hearing

    async def source_of(self, index: int) -> Source:
        """Give what the player plays for a side; the decks of other screens will know it too.

        Raises:
            RushesError: there is no audio for it.
        """
        one = self.sides[index]
        self.host.tape.know(one.generation, one.version)
        return await super().source_of(index)

    def on_side_wave_clicked(self, event: SideWave.Clicked) -> None:
        """Hear the side that was clicked."""
        self.hear(event.index)

    # Moving

    def cursor_moved(self) -> None:
        """Bring the cursor's side in sight."""
        self._divide()

    def action_side_down(self) -> None:
        """Go to the next side."""
        self._go(self.cursor + 1)

    def action_side_up(self) -> None:
        """Go to the side before."""
        self._go(self.cursor - 1)

    def _go(self, index: int) -> None:
        if 0 <= index < len(self.sides):
            self.cursor = index
            self._divide()

    def action_table_down(self) -> None:
        """Scroll the table down."""
        self._table.page(1)

    def action_table_up(self) -> None:
        """Scroll the table up."""
        self._table.page(-1)

    # The player

    def player_changed(self, state: PlayerState) -> None:
        """Show which side is heard."""
        super().player_changed(state)
        self._show_playheads(state)

    def tick(self, state: PlayerState) -> None:
        """Move the playheads."""
        super().tick(state)
        self._show_playheads(state)

    def _show_playheads(self, state: PlayerState) -> None:
        for index, wave in enumerate(self._waves[: len(self.sides)]):
            wave.show_playing(state, self.key_of(index))
