"""Asking how a story is exported, and doing it with progress."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from rushes.domain.cues import CueFormat
from rushes.domain.export_formats import AudioFormat
from rushes.errors import BadInput, Conflict, TargetError
from rushes.tui.host import host_of
from rushes.tui.screens.ask_path import keys_line
from rushes.tui.screens.export_form import PLACE, ExportForm
from rushes.tui.screens.transferring import begin, look_on_soon
from rushes.tui.story_changes import titled
from rushes.tui.story_export_wish import StoryExport
from rushes.tui.story_tasks import StoryTasks
from rushes.tui.widgets.choices import Choices
from rushes.tui.widgets.dialog import DialogTitle
from rushes.tui.widgets.path_field import PathField
from rushes.tui.widgets.toggles import Toggles

if TYPE_CHECKING:
    from textual.app import App, ComposeResult

    from rushes.domain.story import Story

_KEYS = (
    ("enter", "export"), ("tab", "complete, next"), ("←→ space", "choose"), ("esc", "cancel"),
)  # fmt: skip
_FORMATS = (AudioFormat.WAV, AudioFormat.FLAC)
_BITS = (24, 16)
_CUES = {
    CueFormat.SRT: "subtitles SRT",
    CueFormat.VTT: "subtitles WebVTT",
    CueFormat.LABELS: "cue list",
}


class StoryExportDialog(ExportForm[StoryExport]):
    """Gives what is wanted; None for escape. ``name`` is the story's, and literal."""

    def __init__(self, name: str, wanted: StoryExport) -> None:
        super().__init__()
        self._called = name
        self._format = Choices([one.upper() for one in _FORMATS], _FORMATS.index(wanted.format))
        self._bits = Choices([f"{bits} bits" for bits in _BITS], _BITS.index(wanted.bits))
        self._place = PathField(wanted.place, input_id=PLACE, lines=5)
        self._cues = Toggles(tuple(_CUES.values()), [cue in wanted.cues for cue in _CUES])

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with Vertical(classes="dialog wide"):
            yield DialogTitle("Export", self._called)
            yield self._format
            yield self._bits
            yield Static(Content("folder, or a file"), classes="form-label")
            yield self._place
            yield Static(Content("beside it"), classes="form-label")
            yield self._cues
            yield Static(keys_line(*_KEYS), classes="dialog-foot")

    def action_export(self) -> None:
        """Give what is wanted."""
        if not self._place.value:
            self._place.input.focus()
            return
        cues = tuple(cue for cue, on in zip(_CUES, self._cues.on, strict=True) if on)
        self.dismiss(
            StoryExport(self._place.value, _FORMATS[self._format.at], _BITS[self._bits.at], cues)
        )


def export_story(app: App[Any], story: Story) -> None:
    """Ask how a story is exported and do it; where other work is under way, show that."""
    begin(app, partial(_export, app, story))


def story_tasks(app: App[Any]) -> StoryTasks:
    """Give what mixes and exports; whatever takes longer is shown."""
    return StoryTasks(host_of(app), partial(look_on_soon, app))


async def _export(app: App[Any], story: Story) -> None:
    host = host_of(app)
    wanted = host.desk.last_story_export or StoryExport()
    while True:
        answer = await app.push_screen_wait(StoryExportDialog(titled(story), wanted))
        if answer is None:
            return
        wanted = host.desk.last_story_export = answer
        try:
            await story_tasks(app).export(story, wanted)
        except (BadInput, Conflict, TargetError) as error:
            host.trouble(error)
        else:
            return
