"""Linking, syncing and removing sources, as a person has them done: looked at first, then asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.text import one_line
from rushes.errors import Interrupted, RushesError
from rushes.tui.tasks import Ask, Tasks
from rushes.tui.undo import Change
from rushes.words.cells import shorten
from rushes.words.counts import takes
from rushes.words.sources import found_lines, synced_line

if TYPE_CHECKING:
    from rushes.domain.source import Found, Source, Synced
    from rushes.domain.watch import Watch
    from rushes.library import Library
    from rushes.library.sources import Linked
    from rushes.tui.host import Host

AskPath = Callable[[str, str, str], Awaitable[str | None]]
"""Asks for a path: the question, what stands there to begin with, what nothing means.

None when the person leaves; nothing is an answer only where it means something.
"""

QUESTION = "Link which folder, database or history.json?"
_AUDIO = "No audio for {missing:,} of {takes}. Which folder holds it?"
_AS_IT_IS = "nothing: link it as it is"
_PROMISE = "Nothing is changed there. Lengths and waveforms follow as the files are read."


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a person named, and what was found there; ``audio`` is the folder of its audio."""

    path: str
    audio: str | None
    found: Found


class SourceTasks(Tasks):
    """What is done about linked sources; ``say`` is told what each came to."""

    reads_sources = True

    def __init__(self, host: Host, ask: Ask, say: Callable[[str], None], ask_path: AskPath) -> None:
        super().__init__(host, ask, say)
        self._ask_path = ask_path

    async def add(self) -> None:
        """Ask for a path, say what lies there, ask, and link it; ``u`` unlinks it.

        Where audio is missing, the folder that holds it is asked for too.
        """
        seen = await self._looked_through()
        if seen is not None and seen.found.missing:
            seen = await self._with_its_audio(seen)
        if seen is None:
            return
        text = "\n".join([*found_lines(seen.found), "", _PROMISE])
        if not await self.ask(f"Link {takes(seen.found.generations)}?", text, "Link"):
            return
        linked, is_new = await self.do("linking", partial(_linked, seen=seen))
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

    async def _looked_through(self) -> _Seen | None:
        """Ask for a path until something lies there; None when the person leaves."""
        path: str | None = ""
        while path := await self._ask_path(QUESTION, path or "", ""):
            found = await self._found(path)
            if found is not None:
                return _Seen(path, None, found)
        return None

    async def _with_its_audio(self, plain: _Seen) -> _Seen | None:
        """Ask for the folder of its audio, telling what is missing each time.

        It ends with all of it there, with the same folder once more, or with nothing: as it was
        found. None when the person leaves.
        """
        seen, text = plain, ""
        while seen.found.missing:
            count = takes(seen.found.generations)
            question = _AUDIO.format(missing=seen.found.missing, takes=count)
            answer = await self._ask_path(question, text, _AS_IT_IS)
            if answer is None:
                return None
            if not answer:
                return plain
            if answer == seen.audio:
                break
            text = answer
            found = await self._found(plain.path, answer)
            if found is not None:
                seen = _Seen(plain.path, answer, found)
        return seen

    async def _found(self, path: str, audio: str | None = None) -> Found | None:
        """Look through what lies there; None where that can't be done, which is told."""
        try:
            return await self.do("looking through it", partial(_inspected, path=path, audio=audio))
        except Interrupted:
            raise
        except RushesError as error:
            self.host.trouble(error)
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


def _inspected(library: Library, watch: Watch, path: str, audio: str | None) -> Found:
    return library.sources.inspect(path, audio=audio, watch=watch)


def _linked(library: Library, watch: Watch, seen: _Seen) -> tuple[Linked, bool]:
    """Link it; whether it wasn't before."""
    before = {source.id for source in library.sources.list()}
    linked = library.sources.add(seen.path, audio=seen.audio, watch=watch)
    return linked, linked.source.id not in before


def _synced(library: Library, watch: Watch, source: Source) -> Synced:
    return library.sources.sync(source, watch=watch)


def _name(source: Source) -> str:
    return shorten(one_line(source.name), 40)
