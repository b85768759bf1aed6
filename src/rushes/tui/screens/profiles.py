"""The profile filter: choose whose generations to see; rename and delete profiles."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.domain.profile import Profile
from rushes.errors import BadInput, Conflict
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.typed_dialog import TypedDialog
from rushes.tui.undo import Change
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle, TypedPart
from rushes.tui.widgets.profile_list import Entry, ProfileList, entries_of, matching
from rushes.words.cells import shorten
from rushes.words.counts import takes

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import Input

    from rushes.library import Library

_WHILE_TYPING = (("enter", "show"), ("↑↓", "move"), ("tab", "to the list"), ("esc", "clear"))


class ProfileFilter(TypedDialog[tuple[Profile, ...]]):
    """Gives the profiles to show, () for all of them; None leaves the filter as it was.

    ``chosen`` are the ids of those that are shown now.
    """

    AUTO_FOCUS = "#profile-list"
    scope = Scope.PROFILES
    BINDINGS = bindings_of(Scope.PROFILES)

    def __init__(self, chosen: frozenset[str]) -> None:
        self._list = ProfileList()
        super().__init__(self._list)
        self._shown_before = chosen
        self._chosen = chosen
        self._changed = False
        self._marked = False
        self._entries: tuple[Entry, ...] | None = None
        self._title = DialogTitle("Profiles")

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog wide"):
            yield self._title
            yield TypedPart(f"{self.key('filter_profiles')} a part of a name", "name-part")
            yield self._list
            yield DialogFooter(self.own_actions, _WHILE_TYPING)

    def on_mount(self) -> None:
        """Ask for the profiles."""
        self._list.choose(self._chosen)
        self._list.show((), 0, "reading …")
        self.library_changed()

    def on_resize(self) -> None:
        """Give the list the room that there is."""
        self._give_room()

    def _give_room(self) -> None:
        rows = len(self._entries) if self._entries is not None else 1
        self._list.styles.height = self.room_for(rows)

    # What is shown

    def library_changed(self) -> None:
        """Ask again; the cursor stays on its profile."""
        self.host.start(self, self._read, group="profiles")

    async def _read(self) -> None:
        found = await self.host.desk.ask(lambda library: library.profiles.list())
        is_first = self._entries is None
        self._entries = entries_of(found)
        self._chosen &= frozenset(one.profile.id for one in found)
        self._give_room()
        self._show(keep=None if is_first else self._list.current)

    def narrow(self) -> None:
        """Show what fits what was typed."""
        self._show()

    def _show(self, keep: Entry | None = None) -> None:
        """Show what fits what was typed; the cursor on ``keep``, else on the first chosen one."""
        entries = matching(self._entries or (), self._typed)
        chosen = frozenset() if self._typed else self._chosen
        wanted = keep.ids if keep is not None else chosen
        cursor = next((at for at, entry in enumerate(entries) if entry.ids & wanted), None)
        if cursor is None:
            cursor = self._list.cursor if keep is not None else 0
        said = "No name holds that." if self._typed else "There are no profiles yet."
        self._list.show(entries, cursor, said)
        self._list.choose(self._chosen)
        self._tell(len(entries))

    def _tell(self, shown: int) -> None:
        entries = self._entries or ()
        words = f"{len(entries):,}" if not self._typed else f"{shown:,} of {len(entries):,}"
        chosen = sum(entry.ids <= self._chosen for entry in entries)
        words += f", {chosen:,} chosen" if chosen else ""
        self._title.say(words)

    # Typing

    def action_filter_profiles(self) -> None:
        """Type a part of the name."""
        self.type()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is chosen, or what stands under the cursor."""
        event.stop()
        self.action_apply_profiles()

    def on_typed_part_left(self, event: TypedPart.Left) -> None:
        """Go back to the list."""
        if event.cleared and self._typed:
            self.clear()
            self._show(keep=self._list.current)
        self._list.focus()

    # Choosing

    def action_toggle_profile(self) -> None:
        """Choose the profile under the cursor, or not, and go on to the next."""
        entry = self._list.current
        if entry is None:
            return
        self._marked = True
        chosen = self._chosen
        self._chosen = chosen - entry.ids if entry.ids <= chosen else chosen | entry.ids
        self._list.choose(self._chosen)
        self._tell(len(matching(self._entries or (), self._typed)))
        self._list.action_cursor_down()

    def on_cursor_list_clicked(self) -> None:
        """Choose the profile that was clicked, or not."""
        entry = self._list.current
        if entry is not None:
            here = self._list.cursor
            self.action_toggle_profile()
            self._list.go(here)

    def action_apply_profiles(self) -> None:
        """Show the chosen profiles; where nobody chose any here, the one under the cursor."""
        current = self._list.current
        if self._chosen and (self._marked or current is None or current.ids <= self._chosen):
            self.dismiss(self._profiles(self._chosen))
        elif current is not None:
            self.dismiss(current.profiles)

    def action_all_profiles(self) -> None:
        """Show every profile."""
        self.dismiss(())

    def action_back(self) -> None:
        """Leave the filter as it was; only what happened to its profiles counts."""
        if self._changed and self._shown_before:
            self.dismiss(self._profiles(self._shown_before))
        else:
            self.dismiss(None)

    def _profiles(self, ids: frozenset[str]) -> tuple[Profile, ...]:
        entries = self._entries or ()
        return tuple(one for entry in entries for one in entry.profiles if one.id in ids)

    async def action_undo(self) -> None:
        """Undo the last change."""
        self._changed = True
        await super().action_undo()

    # Renaming and deleting

    def action_rename_profile(self) -> None:
        """Give the profile another name."""
        entry = self._list.current
        if entry is None:
            return
        if entry.is_nobody:
            self.host.say("These lost their profile at the source: there is none to rename.")
            return
        self.host.start(self, partial(self._rename, entry.profiles[0]), group="rename")

    async def _rename(self, profile: Profile) -> None:
        from rushes.tui.screens.ask_text import AskText

        title = f"Rename {shorten(profile.name, 40)}"
        name: str | None = profile.name
        while True:
            name = await self.app.push_screen_wait(AskText(title, name or ""))
            if name is None or name == profile.name:
                return
            try:
                await self._give_name(profile, name)
            except (BadInput, Conflict) as error:
                self.host.trouble(error)
                continue
            return

    async def _give_name(self, profile: Profile, name: str) -> None:
        await self.host.desk.ask(lambda library: library.profiles.rename(profile.id, name))
        before, after = shorten(profile.name, 40), shorten(name, 40)
        change = Change(
            f"{after} is called {before} again",
            lambda library: library.profiles.rename(profile.id, profile.name),
        )
        self.host.desk.undo.remember(change)
        self._changed = True
        self.host.say(
            f"{before} is now called {after}. {self.host.key('undo')} brings the old name back."
        )
        self.library_changed()

    def action_delete_profile(self) -> None:
        """Delete the profile with its generations, after asking."""
        entry = self._list.current
        if entry is not None:
            self.host.start(self, partial(self._delete, entry), group="delete")

    async def _delete(self, entry: Entry) -> None:
        from rushes.tui.screens.confirm import Confirm

        count = entry.generations
        name = "what has no profile" if entry.is_nobody else shorten(entry.name, 40)
        them = "it" if count == 1 else "them"
        text = f"{takes(count)} with it, to the trash. {self.host.key('undo')} brings {them} back."
        question = Confirm(f"Delete {name}?", text, "Delete")
        if not await self.app.push_screen_wait(question):
            return
        ids = sorted(entry.ids)

        def delete(library: Library) -> Change:
            deleted = [library.profiles.delete(one) for one in ids]
            count = takes(sum(len(one) for one in deleted))

            def restore(restored: Library) -> None:
                for one in deleted:
                    restored.profiles.restore(one)

            return Change(f"{name} is back with {count}", restore)

        self.host.desk.undo.remember(await self.host.desk.ask(delete))
        self._changed = True
        self.host.say(
            f"Deleted {name}, with {takes(count)}. {self.host.key('undo')} brings all back."
        )
        self.library_changed()
