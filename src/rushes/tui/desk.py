"""What the screens work on: the library, the player and the undo list, off the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from rushes.errors import Interrupted, RushesError
from rushes.playback.state import Playing
from rushes.tui.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.domain.health import Report
    from rushes.domain.statistics import Statistics
    from rushes.domain.storage import StorageUse
    from rushes.library import Library
    from rushes.playback.clip import Source
    from rushes.playback.player import Player
    from rushes.tui.export_wish import ExportWish
    from rushes.tui.story_export_wish import StoryExport
    from rushes.tui.work import Work

T = TypeVar("T")

THREADS = 4
"""Questions asked of the library at once: rows, the preview, a search and a change."""


def player_key(generation_id: str, version: GenerationVersion | None = None) -> str:
    """Give the player's name of what is heard; the default version is the generation itself."""
    if version is None or version.is_default:
        return generation_id
    return f"{generation_id}/{version.id}"


def as_version(generation: Generation, version: GenerationVersion | None) -> Generation:
    """Give the generation as it would be were this version its default: its file, its length."""
    if version is None or version.is_default:
        return generation
    facts = version.facts
    duration = facts.duration if facts is not None else None
    return replace(
        generation,
        audio_path=version.audio_path,
        duration=duration,
        facts=facts,
        flags=version.flags,
    )


def _sources(library: Library, generations: Sequence[Generation]) -> list[Source]:
    from rushes.playback.clip import Source

    found = []
    for generation in generations:
        try:
            found.append(Source(generation.id, library.audio.path(generation)))
        except RushesError:
            continue  # said when somebody wants to hear it
    return found


class Desk:
    """The library and the player of one sitting. Its questions run in threads of its own.

    Nothing here waits on the event loop: ``ask`` is awaited from workers, and a worker that was
    cancelled throws its late answer away. Neither the library nor the player is imported before
    it is needed: the first frame stands without them.
    """

    def __init__(self, path: Path, make_player: Callable[[], Player]) -> None:
        self.path = path
        self._make_player = make_player
        self.undo = Undo()
        self.last_statistics: Statistics | None = None
        self.last_use: StorageUse | None = None
        self.last_report: Report | None = None
        self.last_export: ExportWish | None = None
        self.last_story_export: StoryExport | None = None
        self.last_import = ""
        self.work: Work | None = None
        self.background = ""  # what goes on by itself, in words
        self._library: Library | None = None
        self._opening = asyncio.Event()
        self._failed: RushesError | None = None
        self._token = 0
        self._closing = False
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="desk")
        self._one_thread = ThreadPoolExecutor(1, thread_name_prefix="desk-alone")

    @cached_property
    def player(self) -> Player:
        """The player, made when it is first asked for."""
        return self._make_player()

    @property
    def has_player(self) -> bool:
        """Tell whether the player has been made."""
        return "player" in self.__dict__

    async def open(self) -> None:
        """Open the library; questions asked before wait for it.

        Raises:
            RushesError: it can't be opened; every question will say the same.
        """
        try:
            self._library = await self._run(self._open)
        except RushesError as error:
            self._failed = error
            raise
        finally:
            self._opening.set()

    async def ask(self, question: Callable[[Library], T], *, alone: bool = False) -> T:
        """Give the answer of ``question(library)``, worked out in a thread.

        ``alone``: after all others that were asked so. Of a million rows such a question may take
        20 MB while it runs, and what one thread has let go of, another doesn't take up.
        """
        await self._opening.wait()
        library = self._library
        if library is None:
            raise self._failed or RushesError("the library is closed")
        return await self._run(lambda: question(library), alone=alone)

    async def play(
        self,
        generation: Generation,
        at: float = 0.0,
        version: GenerationVersion | None = None,
        following: Sequence[Source] = (),
    ) -> None:
        """Play a generation or one of its versions; pause and resume what is in the deck already.

        ``following`` come after it, without a gap where that can be.

        Raises:
            RushesError: there is no audio for it.
        """
        key, state = player_key(generation.id, version), self.player.state
        if state.key == key and state.playing is not Playing.STOPPED:
            self.player.toggle()
            return
        self.player.play(await self.source(generation, version), at, following)

    async def audition(self, generation: Generation, version: GenerationVersion | None) -> None:
        """Play a generation from its beginning, unless it plays already.

        Raises:
            RushesError: there is no audio for it.
        """
        state = self.player.state
        sounds = state.playing in (Playing.PLAYING, Playing.LOADING)
        if not sounds or state.key != player_key(generation.id, version):
            self.player.play(await self.source(generation, version))

    async def sources(self, generations: Sequence[Generation]) -> list[Source]:
        """What the player is asked for of these, as far as they have audio."""
        return await self.ask(lambda library: _sources(library, generations))

    async def swap(self, generation: Generation, version: GenerationVersion | None) -> None:
        """Go over to a generation at the position where the deck is.

        Raises:
            RushesError: there is no audio for it.
        """
        self.player.swap(await self.source(generation, version))

    async def source(self, generation: Generation, version: GenerationVersion | None) -> Source:
        """Give what the player plays for a generation, or for one of its versions.

        Raises:
            RushesError: there is no audio for it.
        """
        if not generation.is_playable and version is None:
            why = "it is still running" if generation.status.is_running else "it has no audio"
            raise RushesError("nothing to hear", why)
        from rushes.playback.clip import Source
        from rushes.playback.matching import loudness_of

        heard = as_version(generation, version)
        path = await self.ask(lambda library: library.audio.path(heard))
        return Source(player_key(generation.id, version), path, loudness_of(heard.facts))

    def _open(self) -> Library:
        from rushes.library import Library

        library = Library.open(self.path)
        self._token = library.changes.token()
        return library

    async def has_changed(self) -> bool:
        """Tell whether anybody has changed the library since this was last asked, or it opened."""
        token = await self.ask(lambda library: library.changes.token())
        before, self._token = self._token, token
        return token != before

    async def look_after(self) -> None:
        """Do what is due of the library's upkeep; closing calls it off."""
        await self.ask(lambda library: library.upkeep.run(self.unless_closing))

    def unless_closing(self, done: int, total: int, doing: str = "") -> None:
        """A watch that calls long work off when the desk is closed.

        Raises:
            Interrupted: it is being closed.
        """
        if self._closing:
            raise Interrupted(f"{doing} was called off at {done:,} of {total:,}")

    async def _run(self, work: Callable[[], T], *, alone: bool = False) -> T:
        threads = self._one_thread if alone else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def close(self) -> None:
        """Stop the sound and close the library; questions and work under way are let go."""
        if self.work is not None:
            self.work.call_off()
        self._closing = True
        if self.has_player:
            self.player.close()
        for threads in (self._threads, self._one_thread):
            threads.shutdown(wait=True, cancel_futures=True)
        if self._library is not None:
            self._library.close()
