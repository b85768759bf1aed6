"""The colours of the desk: dark, light, and the terminal's own sixteen."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours, each a value that both Rich and Textual's CSS understand.

    ``ground`` lies under everything, ``surface`` under the deck, ``raised`` under the cursor.
    ``profiles`` are chosen from by a profile's id.
    """

    name: str
    dark: bool
    ground: str
    surface: str
    raised: str
    ink: str
    amber: str
    teal: str
    blue: str
    rose: str
    gold: str
    grey: str
    faint: str
    profiles: tuple[str, ...]

    @property
    def is_terminal(self) -> bool:
        """Tell whether these are the terminal's own colours, which we can't know."""
        return self.ground == "default"

    def of_profile(self, profile_id: str) -> str:
        """Give a profile's colour; the same id always has the same."""
        return self.profiles[crc32(profile_id.encode()) % len(self.profiles)]


DARK = Colours(
    name="dark",
    dark=True,
    ground="#141210",
    surface="#1b1815",
    raised="#2b2520",
    ink="#e9e2d8",
    amber="#f2a65a",
    teal="#6cc5b5",
    blue="#8fb3e0",
    rose="#e8686f",
    gold="#f5d06f",
    grey="#8d8378",
    faint="#6b6259",
    profiles=(
        "#f2a65a", "#8fb3e0", "#6cc5b5", "#b5c06b", "#e0a091", "#d3a4e0", "#7fc98b", "#e0c178",
        "#9fa8f0", "#e58fb0",
    ),
)  # fmt: skip

LIGHT = Colours(
    name="light",
    dark=False,
    ground="#faf6ef",
    surface="#f1ebe0",
    raised="#e7ddcc",
    ink="#2a2520",
    amber="#a04f00",
    teal="#17705f",
    blue="#2c5a96",
    rose="#b01e34",
    gold="#7d5a00",
    grey="#6a6157",
    faint="#948a7c",
    profiles=(
        "#a04f00", "#2c5a96", "#17705f", "#5c6a10", "#a3452c", "#7c3f98", "#276b34", "#7d5a00",
        "#4549a8", "#a32c63",
    ),
)  # fmt: skip

TERMINAL = Colours(
    name="terminal",
    dark=True,
    ground="default",
    surface="default",
    raised="default",
    ink="default",
    amber="yellow",
    teal="cyan",
    blue="blue",
    rose="red",
    gold="bright_yellow",
    grey="bright_black",
    faint="bright_black",
    profiles=("yellow", "blue", "cyan", "green", "magenta", "bright_blue", "bright_green"),
)

SETS = {colours.name: colours for colours in (DARK, LIGHT, TERMINAL)}
