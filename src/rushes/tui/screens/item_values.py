"""Typing where an item of a story lies and what is heard of it, to the millisecond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rushes.domain.amounts import read_ms
from rushes.domain.story_values import exact, read_volume, seconds
from rushes.errors import BadInput, RushesError
from rushes.paths import styles_dir
from rushes.tui.screens.ask_path import keys_line
from rushes.tui.screens.export import NameLine
from rushes.tui.story_changes import Values
from rushes.tui.widgets.dialog import DialogTitle

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from rushes.domain.story import SceneItem

_KEYS = (("enter", "done"), ("↑↓ tab", "another value"), ("esc", "cancel"))


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    label: str
    said: str


_FIELDS = (
    _Field("start", "starts", "0:01.250, 1.25 or 800ms"),
    _Field("track", "track", "a number, perhaps negative"),
    _Field("trim_start", "leave out", "of its start"),
    _Field("trim_end", "leave out", "of its end"),
    _Field("volume", "volume", "0.5, 50% or -6 dB"),
)


def texts_of(values: Values) -> dict[str, str]:
    """Give the values as they are written."""
    return {
        "start": exact(values.start_ms),
        "track": str(values.track),
        "trim_start": seconds(values.trim_start_ms),
        "trim_end": seconds(values.trim_end_ms),
        "volume": f"{values.volume:.4g}",
    }


def read_values(texts: dict[str, str], before: Values) -> Values:
    """Read what was typed; what still stands there as it was written is what it was ``before``.

    Raises:
        BadInput: one of them can't be read; its message says what it should be.
    """
    written = texts_of(before)
    same = {name for name, text in texts.items() if text.strip() == written[name]}

    def ms(name: str, was: int) -> int:
        return was if name in same else read_ms(texts[name])

    return Values(
        ms("start", before.start_ms),
        before.track if "track" in same else _track(texts["track"]),
        ms("trim_start", before.trim_start_ms),
        ms("trim_end", before.trim_end_ms),
        before.volume if "volume" in same else read_volume(texts["volume"]),
    )


def _track(text: str) -> int:
    written = text.strip().replace("−", "-")
    if not written.lstrip("-").isdecimal() or len(written) > 5:
        raise BadInput(f"“{text.strip()}” is no track", "", "Tracks are whole numbers.")
    return int(written)


class ItemValues(ModalScreen[Values | None]):
    """Gives the values as they were typed; None when the person leaves with escape."""

    CSS_PATH: ClassVar = [styles_dir() / "dialogs.tcss", styles_dir() / "stories.tcss"]
    AUTO_FOCUS = "#value-start"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "back"),
        ("up,shift+tab", "app.focus_previous"),
        ("down,tab", "app.focus_next"),
    ]

    def __init__(self, item: SceneItem, values: Values) -> None:
        super().__init__()
        self._item, self._values = item, values
        self._said = NameLine()

    def compose(self) -> ComposeResult:
        """Lay out a line for each value."""
        texts = texts_of(self._values)
        with Vertical(classes="dialog"):
            length = f"   {seconds(self._item.clip_ms)} long" if self._item.clip_ms else ""
            yield DialogTitle("Exactly", f"{self._item.profile_name or 'a gap'}{length}")
            yield Static("")
            for field in _FIELDS:
                with Horizontal(classes="value-row"):
                    yield Static(Content(field.label), classes="value-label")
                    line = Input(
                        texts[field.name],
                        id=f"value-{field.name.replace('_', '-')}",
                        classes="value-field",
                        compact=True,
                    )
                    line.cursor_blink = False  # nothing is sent while nothing changes
                    yield line
                    yield Static(Content(field.said), classes="value-said")
            yield self._said
            yield Static(keys_line(*_KEYS), classes="dialog-foot")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what can't be read as one types."""
        event.stop()
        self._read()

    def _read(self) -> Values | None:
        texts = {
            field.name: self.query_one(f"#value-{field.name.replace('_', '-')}", Input).value
            for field in _FIELDS
        }
        try:
            values = read_values(texts, self._values)
        except RushesError as error:
            self._said.say(str(error), is_fault=True)
            return None
        length = self._item.clip_ms - values.trim_start_ms - values.trim_end_ms
        heard = f"heard from {exact(values.start_ms)} to {exact(values.start_ms + max(0, length))}"
        self._said.say(heard if self._item.clip_ms else "")
        return values

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the values, where all of them can be read."""
        event.stop()
        values = self._read()
        if values is not None:
            self.dismiss(values)
