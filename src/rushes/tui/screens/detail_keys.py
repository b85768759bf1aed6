"""What keys do to versions, presets and other takes of the generation that is shown whole."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.paths import named
from rushes.tui import version_changes
from rushes.tui.screens.asking import asked_until_done
from rushes.tui.screens.parts import PartScreen
from rushes.words import when
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from collections.abc import Callable

    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.library import Library
    from rushes.tui.changes import Done
    from rushes.tui.comparing import Gather
    from rushes.tui.widgets.takes_part import TakesPart
    from rushes.tui.widgets.versions_part import VersionsPart

_SHOWN = 40


class DetailKeys(PartScreen):
    """Keys that act on the selected version or take; elsewhere they say where they are meant."""

    generation: Generation
    versions: VersionsPart
    takes: TakesPart

    @property
    def current_version(self) -> GenerationVersion | None:
        """The version that a key acts on; None for the generation itself."""
        raise NotImplementedError

    def _version_meant(self) -> GenerationVersion | None:
        """Give the selected version; where no version is, say how to get at one."""
        version = self.current_version
        if version is None:
            key = self.host.key("next_part")
            self.host.say(f"That is for a version: {key} goes to the versions.")
        return version

    # Versions

    def action_make_default(self) -> None:
        """Let the selected version stand for the generation."""
        version = self._version_meant()
        if version is None:
            return
        if version.is_default:
            self.host.say(f"{shorten(version.label, _SHOWN)} is the default already.")
            return
        self._make(lambda library: version_changes.make_default(library, version))

    def action_rename_version(self) -> None:
        """Give the selected version another label."""
        version = self._version_meant()
        if version is not None:
            self._ask_and_make(
                f"Label of the version {shorten(version.label, _SHOWN)}",
                version.label,
                lambda library, label: version_changes.rename(library, version, label),
            )

    def action_add_version(self) -> None:
        """Add a file as a version; with a version selected it was made from that."""
        parent, generation = self.current_version, self.generation
        made = f" made from {shorten(parent.label, _SHOWN)}" if parent is not None else ""
        self._ask_and_make(
            f"Path of the audio file of a new version{made}",
            "",
            lambda library, path: version_changes.add(library, generation, named(path), parent),
        )

    def action_delete(self) -> None:
        """Move to the trash; with a version selected, ask whether that goes for good."""
        version = self.current_version
        if version is None and self.part is self.versions and self.versions.count:
            self.host.say("The versions are still being read.")
        elif version is None:
            super().action_delete()
        elif self.versions.count < 2:
            key = self.host.key("delete")
            self.host.say(f"The last version can't go. {key} elsewhere deletes the whole take.")
        else:
            self.host.start(self, partial(self._delete, version), group="purge")

    async def _delete(self, version: GenerationVersion) -> None:
        from rushes.tui.screens.confirm import Confirm

        follows = " Another becomes the default." if version.is_default else ""
        size = f" ({when.size(version.facts.bytes)})" if version.facts is not None else ""
        question = Confirm(
            f"Delete the version {shorten(version.label, _SHOWN)} for good?",
            f"Its file goes too{size}; the take stays.{follows} This can't be undone.",
            "Delete for good",
        )
        if await self.app.push_screen_wait(question):
            done = await self.host.desk.ask(lambda lib: version_changes.delete(lib, version))
            self.host.say(f"{done.said}.")
            self._show_made(done)

    def action_purge(self) -> None:
        """Delete for good, after asking; not while a version is selected: it would take all."""
        if self.current_version is not None and self.versions.count > 1:
            self.host.say("This deletes the generation with all its versions: leave them first.")
        else:
            super().action_purge()

    # Other takes

    def compared(self) -> Gather:
        """Give what gathers the versions where they have the focus, or the selected take with it.

        Elsewhere it is all takes of the words.
        """
        from rushes.tui import comparing

        take, other = self.generation, self.takes.current
        if self.current_version is not None:
            return partial(comparing.of_versions, take=take)
        if self.part is self.takes and other is not None:
            return partial(comparing.of_ids, ids=[take.id, other.id])
        return partial(comparing.of_words, take=take)

    # Presets

    def action_presets(self) -> None:
        """Open the presets of the profile."""
        generation = self.current
        if generation is not None:
            from rushes.tui.screens.presets import PresetsDialog

            self.app.push_screen(PresetsDialog(generation))

    def action_save_preset(self) -> None:
        """Keep what the generation was made with under a name."""
        generation = self.current
        if generation is not None:
            self._ask_and_make(
                "Keep the parameters as a preset: name, or folder/name",
                "",
                lambda library, path: version_changes.save_preset(library, generation, path),
            )

    # Making changes

    def _make(self, make: Callable[[Library], Done]) -> None:
        async def work() -> None:
            done = await self.host.desk.ask(make)
            if done.change is not None:
                self.host.desk.undo.remember(done.change)
            self.host.say(f"{done.said}. {self.host.key('undo')} takes it back.")
            self._show_made(done)

        self.host.start(self, work, group="change", exclusive=False)

    def _ask_and_make(self, title: str, text: str, make: Callable[[Library, str], Done]) -> None:
        async def work() -> None:
            done = await asked_until_done(self.app, title, text, make)
            if done is not None:
                self._show_made(done)

        self.host.start(self, work, group="asking")

    def _show_made(self, done: Done) -> None:
        self.rows_changed(done)
        self.library_changed()
