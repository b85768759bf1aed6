"""A screen whose keys act on generations: the one under the cursor, or the marked ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.text import one_line
from rushes.tui import changes
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.changes import Done
from rushes.tui.screens.base import DeskScreen
from rushes.words.counts import takes, uses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.timer import Timer

    from rushes.library import Library
    from rushes.tui.comparing import Gather


REST = 0.2
"""Seconds the cursor must rest before a row is auditioned: longer than a key takes to repeat."""


class RowScreen(DeskScreen):
    """Favourite, rate, delete and copy; ``targets`` says on what. Audition and swapping sides."""

    BINDINGS = bindings_of(Scope.ROW, Scope.LISTEN)

    def __init__(self) -> None:
        super().__init__()
        self.going: set[str] = set()
        self._rest: Timer | None = None

    def targets(self) -> Sequence[str]:
        """Give the ids that a key acts on."""
        return [self.current.id] if self.current is not None else []

    def rows_changed(self, done: Done) -> None:
        """Show what a change did to rows that are on the screen."""

    def rows_gone(self, ids: Sequence[str]) -> None:
        """Show that these are no longer here."""

    def change(
        self,
        make: Callable[[Library, Sequence[str]], Done],
        of: Sequence[str] | None = None,
        *,
        said: bool = False,
    ) -> None:
        """Make a change to the targets or ``of`` others, remember its undoing, and show it.

        It is said of several rows; of a single one where it can't be ``said`` by the row itself.
        """
        ids = list(self.targets() if of is None else of)
        if not ids:
            return

        async def work() -> None:
            done = await self.host.desk.ask(lambda library: make(library, ids))
            if done.change is not None:
                self.host.desk.undo.remember(done.change)
            self.rows_changed(done)
            if len(ids) > 1 or said:
                self.host.say(done.said)

        self.host.start(self, work, group="change", exclusive=False)

    # Listening

    def moved(self) -> None:
        """Take up that another row is meant: once it is at rest it is auditioned, if that is on."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if self.host.tape.audition:
            self._rest = self.set_timer(REST, self._audition)

    def _audition(self) -> None:
        if self.current is not None and self.app.screen is self:
            self.host.tape.rest_on(self.current, self.current_version)

    def action_audition(self) -> None:
        """Play whatever the cursor comes to rest on, or no longer."""
        if self.host.tape.toggle_audition():
            self._audition()
        self.player_changed(self.host.desk.player.state)

    def action_continuous(self) -> None:
        """Let the next row follow when one has ended, or no longer."""
        self.host.tape.toggle_continuous()
        self.player_changed(self.host.desk.player.state)

    def action_swap(self) -> None:
        """Go over to the row at the same position; from it back to what was heard before."""
        self.host.tape.swap(self.current, self.current_version)

    # Comparing

    def compared(self) -> Gather:
        """Give what gathers the row and what it is compared with."""
        raise NotImplementedError

    def action_compare(self) -> None:
        """Compare what is meant, with all that there is to see."""
        self._compare(blind=False)

    def action_rank(self) -> None:
        """Compare it blind."""
        self._compare(blind=True)

    def _compare(self, *, blind: bool) -> None:
        if self.current is None:
            return
        from rushes.tui.screens.opening import open_comparison

        work = partial(open_comparison, self.app, self.compared(), blind=blind)
        self.host.start(self, work, group="compare")

    # Changes

    def action_favorite(self) -> None:
        """Favourite on or off."""
        self.change(changes.toggle_favorite)

    def action_rate(self, rating: int) -> None:
        """Rate; 0 takes the rating away."""
        self.change(lambda library, ids: changes.rate(library, ids, rating))

    def action_delete(self) -> None:
        """Move to the trash. What is on its way there already is no target any more."""
        ids = [one for one in self.targets() if one not in self.going]
        if not ids:
            return
        self.going.update(ids)
        staying = self.staying()

        async def work() -> None:
            try:
                done = await self.host.desk.ask(lambda library: changes.delete(library, ids))
            finally:
                self.going.difference_update(ids)
            self.rows_gone(ids)
            if done.change is not None:
                self.host.desk.undo.remember(done.change)
                back = "brings it back" if len(ids) == 1 else "brings them back"
                said = f"{done.said}; {staying}" if staying else done.said
                self.host.say(f"{said}. {self.host.key('undo')} {back}.")

        self.host.start(self, work, group="change", exclusive=False)
        self.step_off(ids)

    def step_off(self, ids: Sequence[str]) -> None:
        """Leave rows that are about to go, so that the next key means another."""

    def staying(self) -> str:
        """Give in words what the target's row stands for beside it, which no key acts on."""
        return ""

    def action_purge(self) -> None:
        """Delete for good, after asking."""
        ids = list(self.targets())
        if ids:
            self.host.start(self, partial(self._purge, ids), group="purge")

    async def _purge(self, ids: Sequence[str]) -> None:
        from rushes.tui.screens.confirm import Confirm

        staying = self.staying()
        stories = await self.host.desk.ask(lambda library: len(library.stories.using(ids)))
        said = (uses(stories, len(ids)), staying)
        question = Confirm(
            f"Delete {takes(len(ids))} for good?",
            " ".join(
                ("The audio goes too. This can't be undone.", *(f"{one}." for one in said if one))
            ),
            "Delete for good",
        )
        if not await self.app.push_screen_wait(question):
            return

        def purge(library: Library) -> int:
            library.generations.delete(ids)
            return library.trash.purge(ids)

        gone = await self.host.desk.ask(purge)
        self.rows_gone(ids)
        self.host.say(f"{takes(gone)} deleted for good.")

    def action_tags(self) -> None:
        """Give tags and take them away."""
        ids = list(self.targets())
        if ids:
            from rushes.tui.screens.tags import TagsDialog

            self.app.push_screen(TagsDialog(ids, self.rows_changed))

    def action_note(self) -> None:
        """Write a note, or take it away."""
        ids = list(self.targets())
        if ids:
            self.host.start(self, partial(self._note, ids), group="note")

    async def _note(self, ids: Sequence[str]) -> None:
        from rushes.tui.screens.ask_text import AskText

        rows = await self.host.desk.ask(lambda library: library.generations.of_ids(ids))
        notes = {row.note or "" for row in rows}
        before = notes.pop() if len(notes) == 1 else ""
        several = f"Note of {takes(len(ids))}{', which have different ones' if notes else ''}"
        title = "Note" if len(ids) == 1 else several
        shown = one_line(before)
        asking = AskText(title, shown, on_nothing="an empty line: no note")
        answer = await self.app.push_screen_wait(asking)
        if answer is None or (answer == shown and not notes):
            return
        # A note of several lines is edited on one: its breaks are shown as ⏎.
        text = answer.replace("⏎", "\n") if "\n" in before else answer
        self.change(lambda library, targets: changes.note(library, targets, text), ids, said=True)

    def action_export(self) -> None:
        """Write them to files."""
        ids = list(self.targets())
        if ids:
            from rushes.tui.screens.transferring import export_takes

            current = self.current
            example = current if current is not None and current.id in ids else None
            export_takes(self.app, ids, example)

    def action_into_story(self) -> None:
        """Put them into a story, the oldest first."""
        ids = list(self.targets())
        if ids:
            from rushes.tui.screens.into_story import into_story

            into_story(self.app, ids)

    def action_copy(self) -> None:
        """Offer the text, the path and the id to copy."""
        ids = list(self.targets())
        if ids:
            self.host.start(self, partial(self._copy, ids), group="copy")

    async def _copy(self, ids: Sequence[str]) -> None:
        from rushes.tui.screens.copy import Copy, copied

        self.app.push_screen(Copy(await self.host.desk.ask(lambda lib: copied(lib, ids))))
