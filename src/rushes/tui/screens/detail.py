"""One generation: its waveform, words, parameters, versions, and the other takes of its words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from rushes.domain.generation import Generation, GenerationVersion
from rushes.errors import NotFound, RushesError
from rushes.paths import styles_dir
from rushes.playback.state import PlayerState, Playing
from rushes.tui import particulars
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.desk import as_version, player_key
from rushes.tui.particulars import made_by
from rushes.tui.screens.base import DeskScreen
from rushes.tui.screens.detail_keys import DetailKeys
from rushes.tui.screens.rows import RowScreen
from rushes.tui.widgets.fields_part import FieldsPart
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.take_title import TakeTitle
from rushes.tui.widgets.takes_part import TakesPart
from rushes.tui.widgets.versions_part import VersionsPart
from rushes.tui.widgets.wave_part import WavePart
from rushes.tui.widgets.words_part import WordsPart

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.library import Library
    from rushes.tui.changes import Done

Step = Callable[[int], Awaitable[Generation | None]]
"""Moves the cursor of the list beneath by some rows and gives what stands there."""

REST = 0.12
"""Seconds for which a generation must stay before its file is read for the fine waveform."""

_NEAR = 3
"""Versions and other takes that are sent ahead."""

_WIDTHS: list[tuple[int, str]] | None = [(0, "-narrow"), (64, "-wide")]
_HEIGHTS: list[tuple[int, str]] | None = [(0, "-short"), (23, "-normal"), (34, "-tall")]


@dataclass(frozen=True, slots=True)
class _About:
    """What lists tell of a generation; ``twins`` are ids, ``stories`` names."""

    versions: tuple[GenerationVersion, ...]
    takes: tuple[Generation, ...]
    twins: tuple[str, ...]
    stories: tuple[str, ...]


class DetailScreen(DetailKeys):
    """Everything about one generation; ``step`` gives its neighbours in the list beneath.

    One part is chosen at a time. Keys act on the generation, but with the other takes chosen on
    the selected take, and with the versions chosen some are for the selected version.
    """

    CSS_PATH = styles_dir() / "detail.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    scopes = (Scope.DETAIL, Scope.ROW, Scope.DECK, Scope.LISTEN, Scope.APP)
    BINDINGS = bindings_of(Scope.DETAIL)

    def __init__(self, generation: Generation, step: Step) -> None:
        super().__init__()
        self.generation = generation
        self._step = step
        self._steps = 0
        self._stepping = False
        self._shown_version: GenerationVersion | None = None
        self._lists_of = ""
        self.take_title = TakeTitle()
        self.wave = WavePart()
        self.words = WordsPart()
        self.fields = FieldsPart()
        self.versions = VersionsPart()
        self.takes = TakesPart()
        self.parts = (self.wave, self.words, self.fields, self.versions, self.takes)

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.take_title
        yield self.wave
        yield self.words
        with Horizontal(id="lower"):
            yield self.fields
            with Vertical(id="side"):
                yield self.versions
                yield self.takes
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._state = self.host.desk.player.state
        self.choose(self.wave)
        self._show_whole(self.generation)
        self._ask()

    # What is shown

    @property
    def current(self) -> Generation | None:
        """The generation that a key acts on: with the other takes chosen, the selected one."""
        if self.part is self.takes and self._lists_are_his:
            return self.takes.current or self.generation
        return self.generation

    @property
    def current_version(self) -> GenerationVersion | None:
        """The version that a key acts on; None for the generation itself."""
        if self.part is self.versions and self._lists_are_his:
            return self.versions.current
        return None

    def near(self) -> Sequence[Generation]:
        """Give this one, its other versions and takes, and its neighbours in the list beneath."""
        here = [self.generation]
        if self._lists_are_his:
            here += [as_version(self.generation, one) for one in self.versions.shown[:_NEAR]]
            here += self.takes.shown[:_NEAR]
        return [*here, *(one for screen in self._beneath() for one in screen.near())]

    @property
    def _lists_are_his(self) -> bool:
        """Tell whether versions and takes are of this generation, and not still of the last."""
        return self._lists_of == self.generation.id

    def open(self, generation: Generation) -> None:
        """Show another generation in this one's place."""
        if generation.id != self.generation.id:
            self._show_whole(generation)
            self._ask(rest=REST)
            self.moved()

    def _show_whole(self, generation: Generation) -> None:
        self.generation, self._shown_version = generation, None
        self.take_title.show(generation)
        self.wave.show_generation(generation)
        self.words.show(generation.text)
        self.fields.show(generation)
        self._show_playing(self._state)

    def _ask(self, rest: float = 0.0) -> None:
        """Ask for versions and takes at once, and for the waveform after a rest."""
        self.host.start(self, self._load_lists, group="lists")
        self._ask_wave(rest)

    async def _load_lists(self) -> None:
        generation = self.generation

        def about(library: Library) -> _About:
            return _About(
                library.versions.list(generation.id),
                library.generations.same_words(generation),
                library.quality.twins(generation) if generation.flags else (),
                tuple(story.name for story in library.stories.using(generation.id)),
            )

        try:
            found = await self.host.desk.ask(about)
        except NotFound:
            return
        if generation.id != self.generation.id:
            return
        self._lists_of = generation.id
        others = tuple(take for take in found.takes if take.id != generation.id)
        self.fields.show_twins(found.twins)
        self.fields.show_stories(found.stories)
        self.versions.show(found.versions)
        self.takes.show(others)
        older = sum(take.created_at < generation.created_at for take in others)
        self.take_title.show(self.generation, older + 1, len(others) + 1)
        self.post_message(self.NearChanged())
        self._heed_version()
        self._show_playing(self._state)

    def _ask_wave(self, rest: float = 0.0) -> None:
        self.host.start(self, partial(self._load_wave, rest), group="wave")

    async def _load_wave(self, rest: float) -> None:
        heard, version = as_version(self.generation, self._shown_version), self._shown_version
        if heard.facts is None and not heard.is_playable:
            return
        if rest:
            await asyncio.sleep(rest)
        columns = 2 * self.app.size.width
        try:
            envelope = await self.host.desk.ask(lambda lib: lib.audio.envelope(heard, columns))
        except RushesError as error:
            if heard.id == self.generation.id and version is self._shown_version:
                self.wave.say_fault(str(error))
            return
        if heard.id == self.generation.id and version is self._shown_version:
            self.wave.show(envelope)

    def _heed_version(self) -> None:
        """Show the waveform of what ``play`` would play."""
        chosen = self.current_version
        version = None if chosen is None or chosen.is_default else chosen
        if version == self._shown_version:
            return
        self._shown_version = version
        heard = as_version(self.generation, version)
        self.wave.show_generation(heard, "" if version is None else made_by(version))
        self._ask_wave(REST)
        self._show_playing(self._state)

    # What has changed

    def library_changed(self) -> None:
        """Show what has changed, where anything has."""
        self.host.start(self, self._reload, group="reload")

    async def _reload(self) -> None:
        asked = self.generation.id
        try:
            generation = await self.host.desk.ask(lambda library: library.generations.get(asked))
        except NotFound:
            generation = None
        if asked != self.generation.id:
            return
        if generation is None or generation.deleted_at is not None:
            await self._go_on({asked})
            return
        self._update(generation)
        self.host.start(self, self._load_lists, group="lists")

    def _update(self, generation: Generation) -> None:
        """Show the same generation as it is now."""
        before, self.generation = self.generation, generation
        if generation == before:
            return
        self.take_title.update(generation)
        self.words.show(generation.text)
        self.fields.show(generation)
        heard = (
            generation.facts,
            generation.flags,
            generation.status,
            generation.error,
            generation.audio_path,
        )
        if heard != (before.facts, before.flags, before.status, before.error, before.audio_path):
            self._shown_version = None
            self.wave.show_generation(generation)
            self._ask_wave()

    def rows_changed(self, done: Done) -> None:
        """Show changed rows here and in the list beneath."""
        for generation in done.changed:
            if generation.id == self.generation.id:
                self._update(generation)
        self.takes.replace(done.changed)
        for screen in self._beneath():
            if isinstance(screen, RowScreen):
                screen.rows_changed(done)

    def rows_gone(self, ids: Sequence[str]) -> None:
        """Go on to a neighbour where it is this one that is gone."""
        if self.generation.id in ids:
            self.host.start(self, partial(self._go_on, set(ids)), group="gone")
            return
        self.host.start(self, self._load_lists, group="lists")
        for screen in self._beneath():
            screen.library_changed()

    async def _go_on(self, gone: Collection[str]) -> None:
        """Show what stands at the cursor of the list beneath, or a neighbour of it, or leave."""
        for by in (0, 1, -1):
            neighbour = await self._step(by)
            if neighbour is not None and neighbour.id not in gone:
                self.open(neighbour)
                break
        else:
            self.dismiss()
        for screen in self._beneath():
            screen.library_changed()

    def _beneath(self) -> list[DeskScreen]:
        stack = self.app.screen_stack
        return [one for one in stack if isinstance(one, DeskScreen) and one is not self]

    # The player

    def player_changed(self, state: PlayerState) -> None:
        """Show the player's state in every part."""
        super().player_changed(state)
        self._state = state
        self.take_title.show_route(state.route)
        self._show_playing(state)

    def tick(self, state: PlayerState) -> None:
        """Move the playheads."""
        super().tick(state)
        self._state = state
        self.wave.show_playing(state, player_key(self.generation.id, self._shown_version))

    def _show_playing(self, state: PlayerState) -> None:
        key = state.key if state.playing is not Playing.STOPPED else None
        self.wave.show_playing(state, player_key(self.generation.id, self._shown_version))
        self.versions.show_playing(key)
        self.takes.show_playing(key)

    # Parts

    def part_chosen(self) -> None:
        """Let the waveform be that of what ``play`` would play."""
        self._heed_version()

    def on_list_part_selected(self) -> None:
        """Let the waveform follow the selected version, and the audition what is selected."""
        self._heed_version()
        self.moved()

    def action_open_part(self) -> None:
        """Do what suits the part: play, read it whole, go there."""
        part = self.part
        if part is self.words:
            self._read_words()
        elif part is self.fields:
            self._read("Parameters", particulars.whole(self.generation, self.versions.shown))
        elif part is self.takes and self.takes.current is not None:
            self.open(self.takes.current)
        elif part is self.wave and not self.generation.is_playable and self.generation.error:
            self._read("The error", self.generation.error)
        else:
            self.action_play()

    def _read_words(self) -> None:
        if self.words.is_long:
            self._read(self.generation.profile_name, self.generation.text)
        else:
            self.host.say("The whole text is on the screen.")

    def _read(self, title: str, text: str) -> None:
        from rushes.tui.screens.text import TextScreen

        self.app.push_screen(TextScreen(title, text))

    # The neighbours

    def action_next_take(self) -> None:
        """Go to the next generation of the list beneath."""
        self._go(1)

    def action_previous_take(self) -> None:
        """Go to the one before."""
        self._go(-1)

    def _go(self, by: int) -> None:
        self._steps += by
        if not self._stepping:
            self._stepping = True
            self.host.start(self, self._take_steps, group="step", exclusive=False)

    async def _take_steps(self) -> None:
        """Take the steps that were asked for, and those that are asked for meanwhile."""
        try:
            while self._steps:
                by, self._steps = self._steps, 0
                neighbour = await self._step(by)
                if neighbour is not None and not self._steps:
                    self.open(neighbour)
        finally:
            self._stepping = False
