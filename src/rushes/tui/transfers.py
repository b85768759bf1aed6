"""Exporting and importing, as a person has them done, with their progress in a dialog."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from rushes.tui.export_tasks import ExportTasks, Wish
from rushes.tui.export_wish import ExportWish, what_of
from rushes.tui.transfer_words import imported_line
from rushes.tui.undo import Change
from rushes.words.counts import takes
from rushes.words.sources import found_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rushes.domain.source import Found
    from rushes.domain.watch import Watch
    from rushes.library import Library
    from rushes.library.imported import Imported
    from rushes.tui.host import Host
    from rushes.tui.tasks import Ask

T = TypeVar("T")

_PROMISE = "Nothing is changed there. What is in already doesn't come in again."


class Transfers(ExportTasks):
    """What goes out and comes in. ``look_on`` is called when work has begun."""

    reads_sources = True

    def __init__(
        self, host: Host, ask: Ask, say: Callable[[str], None], look_on: Callable[[], None]
    ) -> None:
        super().__init__(host, ask, say)
        self._look_on = look_on

    async def do(self, name: str, job: Callable[[Library, Watch], T]) -> T:
        """Give what the job comes to; the person may look on."""
        self._look_on()
        return await super().do(name, job)

    async def send_out(self, ids: Sequence[str], wish: ExportWish) -> None:
        """Export these as the dialog says.

        Raises:
            BadInput: the place can't be meant.
            TargetError: it can't take files, or nobody listens any more.
        """
        asked = Wish(ids, wish.place, what_of(wish.way), wish.pattern)
        await (self.take_home(asked) if wish.to_laptop else self.export(asked))

    async def bring_in(self, path: str) -> None:
        """Say what lies at a path, ask, and copy it in; one archive is copied without a question.

        Raises:
            SourceError: nothing that is known lies there.
        """
        archives = await self.host.desk.ask(lambda library: library.importing.archives(path))
        if archives != 1 and not await self._is_meant(path, archives):
            return

        def copy(library: Library, watch: Watch) -> Imported:
            return library.importing.copy_in(path, watch=watch)

        imported = await self.do("importing", copy)
        if imported.ids:
            change = Change(
                f"{takes(len(imported.ids))} moved to the trash",
                lambda library: library.generations.delete(imported.ids),
            )
            self.host.desk.undo.remember(change)
        self.say(imported_line(imported, self.host.key("undo")))

    async def _is_meant(self, path: str, archives: int) -> bool:
        if archives:
            text = f"{archives:,} ZIP archives lie there.\n\n{_PROMISE}"
            return await self.ask("Copy in what is in them?", text, "Copy in")
        found = await self.do("looking through it", partial(_inspected, path=path))
        lines = [*found_lines(found), "", _PROMISE]
        return await self.ask(f"Copy in {takes(found.generations)}?", "\n".join(lines), "Copy in")


def _inspected(library: Library, watch: Watch, path: str) -> Found:
    return library.sources.inspect(path, watch=watch)
