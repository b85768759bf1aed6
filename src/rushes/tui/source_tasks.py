"""Linking, syncing and removing sources, as a person has them done: looked at first, then asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.text import one_line
from rushes.errors import Interrupted, RushesError
from rushes.tui.cells import shorten
from rushes.tui.changes import takes
from rushes.tui.source_words import found_lines, synced_line
from rushes.tui.tasks import Ask, Tasks
from rushes.tui.undo import Change

if TYPE_CHECKING:
    from rushes.domain.source import Found, Source, Synced
    from rushes.domain.watch import Watch
    from rushes.library import Library
    from rushes.library.sources import Linked
    from rushes.tui.host import Host

AskPath = Callable[[str], Awaitable[str | None]]
"""Asks for a path, beginning with one; None when the person leaves."""

_APART = "Its audio may lie apart: rushes source add PATH --audio DIR names the folder."
_PROMISE = "Nothing is changed there. Lengths and waveforms follow as the files are read."


class SourceTasks(Tasks):
    """What is done about linked sources; ``say`` is told what each came to."""

    reads_sources = True

    def __init__(self, host: Host, ask: Ask, say: Callable[[str], None], ask_path: AskPath) -> None:
        super().__init__(host, ask, say)
        self._ask_path = ask_path

    async def add(self) -> None:
        """Ask for a path, say what lies there, ask, and link it; ``u`` unlinks it."""
        seen = await self._looked_through()
        if seen is None:
            return
        path, found = seen
        lines = [*found_lines(found), ""]
        if found.generations and found.missing == found.generations:
            lines.append(_APART)
        lines.append(_PROMISE)
        if not await self.ask(f"Link {takes(found.generations)}?", "\n".join(lines), "Link"):
            return

        def link(library: Library, watch: Watch) -> tuple[Linked, bool]:
            before = {source.id for source in library.sources.list()}
            linked = library.sources.add(path, watch=watch)
            return linked, linked.source.id not in before

        linked, is_new = await self.do("linking", link)
        source = linked.source
        if not is_new:
            self.say(f"Linked already. {synced_line(source.name, linked.synced)}.")
            return
        self.host.desk.undo.remember(
            Change(
                f"{_name(source)} linked no longer, its takes in the trash",
                lambda library: library.sources.remove(source.id),
            )
        )
        self.say(f"Linked. {synced_line(source.name, linked.synced)}.")

    async def _looked_through(self) -> tuple[str, Found] | None:
        """Ask for a path until something lies there; None when the person leaves."""
        path: str | None = ""
        while path := await self._ask_path(path or ""):
            look = partial(_inspected, path=path)
            try:
                found = await self.do("looking through it", look)
            except Interrupted:
                raise
            except RushesError as error:
                self.host.trouble(error)
                continue
            return path, found
        return None

    async def sync(self, sources: Sequence[Source]) -> None:
        """Bring in what is new or changed in these; one that can't be read stops no other."""
        told = []
        for source in sources:
            try:
                synced = await self.do(
                    f"syncing {_name(source)}",
                    partial(_synced, source=source),
                )
            except Interrupted:
                raise
            except RushesError as error:
                told.append(f"{_name(source)}: {error}")
            else:
                told.append(synced_line(source.name, synced))
        self.say(f"{'; '.join(told)}.")

    async def remove(self, source: Source) -> None:
        """Unlink one after asking; ``u`` links it again, as it was."""
        text = (
            f"{takes(source.generations)} go to the trash, with their ratings, tags and notes.\n"
            f"Its files stay where they are. {self.host.key('undo')} brings it back."
        )
        if not await self.ask(f"Remove {_name(source)}?", text, "Remove"):
            return
        moved = await self.do("removing", lambda library, _: library.sources.remove(source))
        change = Change(
            f"{_name(source)} linked again, with {takes(moved)}",
            lambda library: library.sources.relink(source),
        )
        self.host.desk.undo.remember(change)
        self.say(
            f"{_name(source)} removed: {takes(moved)} in the trash."
            f" {self.host.key('undo')} brings it back."
        )


def _inspected(library: Library, watch: Watch, path: str) -> Found:
    return library.sources.inspect(path, watch=watch)


def _synced(library: Library, watch: Watch, source: Source) -> Synced:
    return library.sources.sync(source, watch=watch)


def _name(source: Source) -> str:
    return shorten(one_line(source.name), 40)
