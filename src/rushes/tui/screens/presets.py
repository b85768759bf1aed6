"""The presets of a profile: read whole, renamed, deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Vertical

from rushes.domain.ids import SHORT
from rushes.domain.text import steady
from rushes.tui import version_changes
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.asking import asked_until_done
from rushes.tui.screens.read_dialog import ReadDialog
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle
from rushes.tui.widgets.item_list import ItemList
from rushes.words import presets, when
from rushes.words.cells import fit, shorten
from rushes.words.counts import takes

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.generation import Generation
    from rushes.domain.preset import Preset
    from rushes.library import Library
    from rushes.tui.paint import Line

_SHOWN_TAKES = 20


class PresetList(ItemList["Preset"]):
    """Names with what they hold."""

    def __init__(self) -> None:
        super().__init__(id="preset-list")

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the name with its folder, and the first of its parameters."""
        longest = max(cell_len(steady(one.path)) for one in self.items)
        name = max(6, min(longest, width // 2))
        preset = self.items[at]
        line.add(f" {fit(preset.path, name)}  ", self.colours.amber)
        said = preset.description or presets.in_short(preset, ascii=self.is_ascii)
        return line.add(shorten(said[: width * 4], max(4, width - name - 5)), self.colours.grey)


class PresetsDialog(ReadDialog[None]):
    """The presets of one generation's profile."""

    AUTO_FOCUS = "#preset-list"
    scope = Scope.PRESETS
    BINDINGS = bindings_of(Scope.PRESETS)

    def __init__(self, generation: Generation) -> None:
        super().__init__()
        self._generation = generation
        self._presets: tuple[Preset, ...] = ()
        self._list = PresetList()

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog wide"):
            yield DialogTitle("Presets", f"of {self._generation.profile_name}")
            yield self._list
            yield DialogFooter(self.own_actions)

    @property
    def _lines(self) -> int:
        return len(self._presets)

    async def _read(self) -> None:
        profile_id = self._generation.profile_id
        self._presets = await self.host.desk.ask(lambda library: library.presets.list(profile_id))
        current, ids = self._list.current, [one.id for one in self._presets]
        self.on_resize()
        on_it = current is not None and current.id in ids
        cursor = ids.index(current.id) if current is not None and on_it else self._list.cursor
        said = f"None yet. {self.host.key('save_preset')} keeps a take's parameters as one."
        self._list.show(self._presets, cursor, said)

    # Reading one whole

    def action_show_preset(self) -> None:
        """Read the one under the cursor whole."""
        current = self._list.current
        if current is not None:
            self.host.start(self, partial(self._show, current), group="show")

    def on_cursor_list_clicked(self) -> None:
        """Read the one that was clicked whole."""
        self.action_show_preset()

    async def _show(self, preset: Preset) -> None:
        from rushes.tui.screens.text import TextScreen

        plain = self.host.ascii
        text = await self.host.desk.ask(lambda library: _whole(library, preset, plain=plain))
        self.app.push_screen(TextScreen(preset.path, text))

    # Changing them

    def action_rename_preset(self) -> None:
        """Give the one under the cursor another name or folder."""
        current = self._list.current
        if current is not None:
            self.host.start(self, partial(self._rename, current), group="change")

    async def _rename(self, preset: Preset) -> None:
        await asked_until_done(
            self.app,
            f"Rename {shorten(preset.path, 40)} (folder/name)",
            preset.path,
            lambda library, path: version_changes.rename_preset(library, preset, path),
        )
        await self._read()

    def action_delete_preset(self) -> None:
        """Delete the one under the cursor."""
        current = self._list.current
        if current is not None:
            self.host.start(self, partial(self._delete, current), group="change")

    async def _delete(self, preset: Preset) -> None:
        done = await self.host.desk.ask(
            lambda library: version_changes.delete_preset(library, preset)
        )
        self.keep(done)
        await self._read()
        self.host.say(f"{done.said}. {self.host.key('undo')} brings it back.")


def _whole(library: Library, preset: Preset, *, plain: bool) -> str:
    """Give all there is to say of it: its parameters, its take, the takes made with it."""
    lines = presets.in_lines(preset, ascii=plain)
    if preset.generation_id is not None:
        came_from = library.generations.of_ids([preset.generation_id])
        said = [_take(take) for take in came_from] or ["a take that is gone"]
        lines += ["", "saved from", *said]
    made = library.presets.made_with(preset)
    if made:
        lines += ["", f"made with a preset of this name: {takes(len(made))}"]
        lines += [_take(take) for take in library.generations.of_ids(made[:_SHOWN_TAKES])]
    return "\n".join(lines)


def _take(take: Generation) -> str:
    made = when.full(take.created_at)
    return f"  {take.id[:SHORT]}  {made}  {shorten(take.text[:200], 50)}"
