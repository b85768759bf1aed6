"""The pane beside the list: the generation under the cursor, once the cursor rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.domain.effects import in_words
from rushes.domain.generation import Generation, GenerationVersion, Status
from rushes.domain.health import FAULTS
from rushes.domain.quality_words import findings
from rushes.errors import RushesError
from rushes.playback.state import PlayerState, Playing
from rushes.tui.widgets.large_wave import LargeWave
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words import about, when
from rushes.words.cells import shorten
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.library import Library
    from rushes.tui.desk import Desk
    from rushes.tui.paint import Line

_LABEL = 12


class PreviewText(Redrawn):
    """The lines beneath the waveform: position, words, settings, versions."""

    def __init__(self) -> None:
        super().__init__(id="preview-text")
        self._generation: Generation | None = None
        self._versions: tuple[GenerationVersion, ...] = ()
        self._takes: tuple[Generation, ...] = ()
        self._lines: list[Line] = []
        self._fault = ""

    def show(
        self,
        generation: Generation | None,
        versions: tuple[GenerationVersion, ...] = (),
        takes: tuple[Generation, ...] = (),
    ) -> None:
        """Show a generation, its versions, and all takes of its words, itself among them."""
        self._generation, self._versions, self._takes = generation, versions, takes
        marked = generation.fault if generation is not None else None
        self._fault = FAULTS[marked] if marked is not None else ""
        self._lay_out()

    def say(self, fault: str) -> None:
        """Say what is wrong with the audio."""
        self._fault = fault
        self._lay_out()

    def on_resize(self) -> None:
        """Break the words anew."""
        self._lay_out()

    def draw(self, y: int) -> Line | None:
        """Draw one of the lines."""
        return self._lines[y] if y < len(self._lines) else None

    def _lay_out(self) -> None:
        self._lines = []
        generation = self._generation
        if generation is not None:
            self._head(generation)
            for part in wrap(self._fault, self.size.width, 4) if self._fault else ():
                self._lines.append(self.line().add(part, self.colours.rose))
            for finding in findings(generation.flags, generation.facts, generation.text):
                for part in wrap(finding.told, self.size.width, 2):
                    self._lines.append(self.line().add(part, self.colours.gold))
            if generation.vanished_at is not None:
                self._lines.append(self.line().add("gone at its source", self.colours.rose))
            self._text(generation)
            parameters = about.parameters(generation, ascii=self.is_ascii)
            self._pairs([*about.settings(generation), *parameters])
            if generation.facts is not None:
                self._pairs([("file", about.file_facts(generation.facts))])
            self._say_versions()
        self.redraw()

    def _head(self, generation: Generation) -> None:
        colours = self.colours
        line = self.line().add(
            shorten(generation.profile_name, 20),
            colours.of_profile(generation.profile_id),
            bold=True,
        )
        others = [take for take in self._takes if take.id != generation.id]
        if others:
            older = sum(take.created_at < generation.created_at for take in others)
            line.add(f"   take {older + 1} of {len(others) + 1}", colours.grey)
        self._lines.append(line)
        made = self.line().add(when.full(generation.created_at), colours.grey)
        if generation.duration is not None:
            made.add(f"   {when.length(generation.duration)}", colours.ink)
        self._lines += [made, self.line()]

    def _text(self, generation: Generation) -> None:
        width = self.size.width
        if generation.status is Status.FAILED:
            for part in wrap(generation.error or "failed", width, 4):
                self._lines.append(self.line().add(part, self.colours.rose))
            self._lines.append(self.line())
        for part in wrap(generation.text[:2000], width, 8):
            self._lines.append(self.line().add(part))
        self._lines.append(self.line())

    def _pairs(self, pairs: list[tuple[str, str]]) -> None:
        room = max(4, self.size.width - _LABEL)
        for label, value in pairs:
            line = self.line().add(f"{shorten(label, _LABEL - 1):<{_LABEL}}", self.colours.grey)
            self._lines.append(line.add(shorten(value, room)))

    def _say_versions(self) -> None:
        if len(self._versions) < 2:
            return
        colours = self.colours
        self._lines += [self.line(), self.line().add("versions", colours.grey)]
        for version in self._versions:
            line = self.line().add(" ● " if version.is_default else " ○ ", colours.amber)
            chain = in_words(version.effects_chain_json)
            room = max(0, self.size.width - 20)
            line.add(shorten(version.label, 14)).add(f"   {shorten(chain, room)}", colours.grey)
            self._lines.append(line)


class Preview(Vertical):
    """Waveform, words, settings and versions of one generation."""

    def __init__(self) -> None:
        super().__init__(id="preview")
        self.display = False
        self._wave = LargeWave(id="preview-wave")
        self._text = PreviewText()
        self._generation: Generation | None = None

    def compose(self) -> ComposeResult:
        """The waveform above, everything else beneath."""
        yield self._wave
        yield self._text

    def clear(self) -> None:
        """Show nothing."""
        self._generation = None
        self._wave.clear()
        self._text.show(None)

    async def load(self, desk: Desk, generation: Generation) -> None:
        """Show a generation: what is known at once, versions and waveform as they come."""
        same = self._generation is not None and self._generation.id == generation.id
        self._generation = generation

        def about(
            library: Library,
        ) -> tuple[tuple[GenerationVersion, ...], tuple[Generation, ...]]:
            versions = library.versions.list(generation.id)
            return versions, library.generations.same_words(generation)

        versions, takes = await desk.ask(about)
        self._text.show(generation, versions, takes)
        if not same:
            self._wave.clear()
        if generation.facts is not None:
            columns = self._wave.columns
            try:
                envelope = await desk.ask(lambda lib: lib.audio.envelope(generation, columns))
            except RushesError as error:
                self._wave.clear()
                self._text.say(str(error))
                return
            self._wave.show(envelope)
        self.show_playing(desk.player.state)

    def show_playing(self, state: PlayerState) -> None:
        """Move the playhead where this is what plays; repaints nothing but what changes."""
        mine = self._generation is not None and state.key == self._generation.id
        on = mine and state.playing is not Playing.STOPPED and state.length > 0
        self._wave.playhead(state.position / state.length if on else None)
