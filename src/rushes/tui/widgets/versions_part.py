"""The versions of a generation: which is the default, how long, made by which effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.domain.effects import in_words
from rushes.domain.text import steady
from rushes.domain.version_tree import Branch, as_tree
from rushes.tui.desk import player_key
from rushes.tui.widgets.part import MARGIN, ListPart
from rushes.words import about, when
from rushes.words.cells import fit, right, shorten

if TYPE_CHECKING:
    from rushes.domain.generation import GenerationVersion
    from rushes.tui.paint import Line

_PREFIX = 5
_LENGTH = 6
_KEYS = (
    ("make_default", "sets default"),
    ("delete", "deletes"),
    ("rename_version", "renames"),
    ("add_version", "adds"),
)
"""What the keys do to the selected version, the most wanted first."""


class VersionsPart(ListPart):
    """A row for each version, beneath what it was made from."""

    name_shown = "versions"

    def __init__(self) -> None:
        super().__init__(id="versions")
        self._given: tuple[GenerationVersion, ...] = ()
        self._tree: tuple[Branch, ...] = ()
        self._playing: str | None = None

    @property
    def _versions(self) -> tuple[GenerationVersion, ...]:
        """The versions in the order of their tree."""
        return tuple(branch.version for branch in self._tree)

    @property
    def shown(self) -> tuple[GenerationVersion, ...]:
        """The versions in the order in which they were added."""
        return self._given

    @property
    def count(self) -> int:
        """How many versions there are."""
        return len(self._versions)

    @property
    def current(self) -> GenerationVersion | None:
        """The selected version."""
        return self._versions[self.selected] if self._versions else None

    @property
    def hint(self) -> str:
        """Say what the keys do here, as many of them as there is room for."""
        if not self._versions:
            return ""
        room = self.size.width - MARGIN - len(self.name_shown) - 3
        said = f"{self.key('play')} plays"
        for action, does in _KEYS:
            longer = f"{said}, {self.key(action)} {does}"
            if cell_len(longer) > room:
                break
            said = longer
        return said

    def show(self, versions: tuple[GenerationVersion, ...]) -> None:
        """Show other versions; what was selected stays selected, else it is the default."""
        if versions == self._given:
            return
        kept = self.current.id if self.current is not None else None
        self._given, self._tree = versions, as_tree(versions)
        ids = [version.id for version in self._versions]
        default = next((at for at, one in enumerate(self._versions) if one.is_default), 0)
        self.changed(ids.index(kept) if kept in ids else default)

    def show_playing(self, key: str | None) -> None:
        """Mark the version that is heard, by the player's key."""
        if key != self._playing:
            before, self._playing = self._playing, key
            for index, version in enumerate(self._versions):
                if _key(version) in (before, key):
                    self.refresh_row(index)

    def row(self, index: int, line: Line) -> Line:
        """Add a version to the line."""
        version, colours = self._versions[index], self.colours
        playing = _key(version) == self._playing
        line.add((">" if self.is_ascii else "▶") if playing else " ", colours.amber)
        full, empty = ("*", "o") if self.is_ascii else ("●", "○")
        line.add(f"{full if version.is_default else empty}  ", colours.amber)
        room = self.size.width - _PREFIX - _LENGTH - 4
        longest = max(cell_len(self._label(branch)) for branch in self._tree)
        label = max(8, min(longest + 1, 20, room // 2))
        line.add(fit(self._label(self._tree[index]), label))
        seconds = version.facts.duration if version.facts is not None else None
        line.add(right(when.length(seconds), _LENGTH) + "  ", colours.grey)
        room = max(0, room - label)
        return line.add(shorten(self._made_by(version, room), room), colours.grey)

    def _label(self, branch: Branch) -> str:
        """The label, beneath that of what the version was made from."""
        twig = "`-" if self.is_ascii else "└ "
        before = f"{'  ' * (branch.depth - 1)}{twig}" if branch.depth else ""
        return f"{before}{steady(branch.version.label)}"

    def _made_by(self, version: GenerationVersion, room: int) -> str:
        if version.fault is not None:
            return version.fault.value
        chain = in_words(version.effects_chain_json)
        if chain:
            return chain
        facts = version.facts
        if facts is None:
            return "no audio"
        whole = about.file_facts(facts)
        return whole if cell_len(whole) <= room else f"{facts.sample_rate / 1000:g} kHz"


def _key(version: GenerationVersion) -> str:
    return player_key(version.generation_id, version)
