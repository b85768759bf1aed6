"""Exporting takes, as a person has it done: with progress, called off between two files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.export_formats import DEFAULT_PATTERN
from rushes.domain.exporting import NotExported, Remark, Result, What
from rushes.domain.query import HistoryQuery
from rushes.domain.text import one_line
from rushes.tui.tasks import Tasks
from rushes.words import when
from rushes.words.counts import takes

if TYPE_CHECKING:
    from rushes.domain.watch import Watch
    from rushes.errors import RushesError
    from rushes.library import Library


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants exported: these takes or a list's, to a folder or a file, how called.

    ``what`` is ZIPs where it is None.
    """

    wanted: HistoryQuery | Sequence[str]
    target: str
    what: What | None = None
    name: str = DEFAULT_PATTERN
    overwrite: bool = False


@dataclass(slots=True)
class _Came:
    """What it came to so far; of files only their number is kept."""

    takes: int = 0
    bytes: int = 0
    failed: int = 0
    first: RushesError | None = None
    remark: Remark | None = None
    last: str = ""

    def add(self, one: Result) -> None:
        """Count a file, or a take of which there is none."""
        if isinstance(one, NotExported):
            self.failed += 1
            self.first = self.first or one.error
            return
        self.takes += one.id != self.last
        self.last = one.id
        self.bytes += one.bytes
        self.remark = self.remark or next(iter(one.remarks), None)

    def words(self, target: str) -> str:
        """Say it in one line."""
        said = f"Exported {takes(self.takes)} to {one_line(target)}, {when.size(self.bytes)}"
        if not self.takes:
            said = "Nothing was exported" if self.failed else "There was nothing to export"
        if self.remark is not None:
            said += f"; {self.remark}"
        if self.first is not None:
            said += f"; {takes(self.failed)} failed: {self.first}"
        return said if said.endswith(".") else f"{said}."


class ExportTasks(Tasks):
    """What is done about exporting; ``say`` is told what it came to."""

    async def take_home(self, wish: Wish) -> None:
        """Have it done into the downloads folder of whoever listens, whatever the target.

        Raises:
            RushesError: nobody listens, the pattern can't be used, or it was called off.
        """
        came, host = await self.do("taking home", partial(_taken_home, wish=wish))
        self.say(came.words(f"the downloads of {host}"))

    async def export(self, wish: Wish) -> None:
        """Have it done; a wish that can't be meant is raised as the library tells it.

        Raises:
            RushesError: the target or the pattern can't be used, or it was called off.
        """
        came = await self.do("exporting", partial(_exported, wish=wish))
        self.say(came.words(wish.target))


def _taken_home(library: Library, watch: Watch, wish: Wish) -> tuple[_Came, str]:
    from rushes.playback.listening.courier import Courier

    came, courier = _Came(), Courier()
    try:
        for one in library.exporting.each_carried(
            wish.wanted, courier.carry, wish.what, name=wish.name, watch=watch
        ):
            came.add(one)
    finally:
        courier.close()
    return came, courier.host


def _exported(library: Library, watch: Watch, wish: Wish) -> _Came:
    came = _Came()
    for one in library.exporting.each(
        wish.wanted,
        wish.target,
        wish.what,
        name=wish.name,
        overwrite=wish.overwrite,
        watch=watch,
    ):
        came.add(one)
    return came
