"""Linked sources: other programs' histories, shown here and only ever read there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.source import Found, Source, SourceKind, Synced
from rushes.domain.text import shown, valid
from rushes.domain.times import now
from rushes.domain.watch import Watch, unwatched
from rushes.errors import SourceError
from rushes.library import checks
from rushes.paths import named
from rushes.store import sources
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.exchange.history import ForeignHistory


@dataclass(frozen=True, slots=True)
class Linked:
    """A source that was linked, or was so already, and what came of reading it."""

    source: Source
    synced: Synced


class Sources:
    """``library.sources``."""

    def __init__(self, store: Store, library: Path) -> None:
        self._store = store
        self._library = library

    def list(self) -> tuple[Source, ...]:
        """Every linked source, in the order they were linked.

        Raises:
            LibraryError: the database can't be read.
        """
        return sources.listed(self._store.reader)

    def get(self, named_so: str) -> Source:
        """The source of that name, place, id or beginning of an id.

        Raises:
            NotFound: there is none.
            Ambiguous: there are several.
        """
        return sources.find(self._store.reader, named_so)

    def inspect(
        self, path: str | Path, *, audio: str | Path | None = None, watch: Watch = unwatched
    ) -> Found:
        """What lies at ``path``; nothing is linked. ``audio`` is the folder of its audio if apart.

        Raises:
            SourceError: it isn't known, or can't be read.
        """
        from rushes.library.inspecting import inspected

        with self._recognised(path, audio) as history:
            return inspected(history, watch)

    def add(
        self,
        path: str | Path,
        *,
        audio: str | Path | None = None,
        name: str | None = None,
        watch: Watch = unwatched,
    ) -> Linked:
        """Link what lies at ``path``, and bring its rows in; ``library.measuring`` reads its files.

        What is linked already is synced. One that was removed comes back with all that was said
        here of its generations. ``name`` is its folder's by default.

        Raises:
            SourceError: it isn't known, or can't be read; what was read till then is here.
            LibraryError: it can't be written.
        """
        from rushes.store import write_sources

        with self._recognised(path, audio) as history:
            label = checks.name(name or _name_of(history), "source's name")
            with self._store.transaction() as session:
                source_id = write_sources.link(
                    session, history.kind, label, history.place, history.root
                )
            synced = self._read(source_id, history, watch, again=False)
        return Linked(self.get(source_id), synced)

    def sync(
        self, source: Source | str, *, again: bool = False, watch: Watch = unwatched
    ) -> Synced:
        """Bring in what is new or changed there, and mark what is gone.

        Ratings, tags and notes stay as they are here, and what was deleted here stays deleted.
        Nothing is read where nothing has changed there, unless ``again``.

        Raises:
            NotFound: there is no such source.
            SourceError: it can't be read, which is noted; what was read till then is here.
            LibraryError: it can't be written.
        """
        from rushes.exchange.recognising import opened

        meant = self._meant(source)
        try:
            history = opened(meant.kind, Path(meant.place), Path(meant.root))
        except SourceError as trouble:
            self._note(meant.id, trouble)
            raise
        with closing(history):
            return self._read(meant.id, history, watch, again=again)

    def changed(self) -> tuple[str, ...]:
        """The ids of the sources in which something has changed since they were last synced.

        Quick, to be asked again and again. A folder of audio doesn't tell of files that were
        written to in place; one that can't be looked at is told once.

        Raises:
            LibraryError: the database can't be read.
        """
        live = sources.live(self._store.reader)
        if not live:
            return ()
        from rushes.exchange.recognising import signature_of

        found = []
        for source in live:
            try:
                is_other = signature_of(source.kind, source.place) != source.signature
            except SourceError:
                is_other = not source.troubled
            if is_other:
                found.append(source.id)
        return tuple(found)

    def remove(self, source: Source | str) -> int:
        """Unlink a source: its generations go to the trash in one commit; gives how many.

        All that was said of them here goes with them, and comes back when it is linked again.
        Nothing is touched there.

        Raises:
            NotFound: there is no such source.
            LibraryError: it can't be written.
        """
        from rushes.store import write_sources

        meant = self._meant(source)
        with self._store.transaction() as session:
            return write_sources.unlink(session, meant.id, now())

    def relink(self, source: Source) -> Source:
        """Link a source again that was removed, as it was, whether or not it can be read now.

        Its generations come back in one commit, and are as they were till it is synced.

        Raises:
            LibraryError: it can't be written.
        """
        from rushes.store import write_sources

        with self._store.transaction() as session:
            source_id = write_sources.link(
                session, source.kind, source.name, Path(source.place), Path(source.root)
            )
        return self.get(source_id)

    def _read(
        self, source_id: str, history: ForeignHistory, watch: Watch, *, again: bool
    ) -> Synced:
        from rushes.library.syncing import Sync

        try:
            return Sync(self._store, source_id, history, watch).run(again=again)
        except SourceError as trouble:
            self._note(source_id, trouble)
            raise

    def _note(self, source_id: str, trouble: SourceError) -> None:
        from rushes.store import write_sources

        if self._store.database.writable:
            with self._store.transaction() as session:
                write_sources.note_trouble(session, source_id, str(trouble))

    @contextmanager
    def _recognised(self, path: str | Path, audio: str | Path | None) -> Iterator[ForeignHistory]:
        """What lies there, for as long as the block lasts; never the library itself."""
        from rushes.exchange.recognising import recognised

        place = named(path)
        valid(str(place), "path")
        with closing(recognised(place, None if audio is None else named(audio))) as history:
            if history.root.resolve().is_relative_to(self._library.resolve()):
                raise SourceError(f"{shown(place)} can't be linked", "it lies in the library")
            yield history

    def _meant(self, source: Source | str) -> Source:
        return source if isinstance(source, Source) else self.get(source)


def _name_of(history: ForeignHistory) -> str:
    """What to call a source: the folder in which it lies."""
    folder = history.place if history.kind is SourceKind.FOLDER else history.place.parent
    return folder.name or str(folder)
