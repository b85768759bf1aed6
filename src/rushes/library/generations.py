"""Generations: recorded, listed, found, marked, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery, Page, RecordPage
from rushes.domain.text import fold
from rushes.domain.times import now
from rushes.errors import BadInput
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.library.view import HistoryView
from rushes.store import history, tags
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.takes import FoldedPage
    from rushes.library.audio import AudioInput
    from rushes.library.folded_view import FoldedView
    from rushes.library.recording import Recorder


class Generations:
    """``library.generations``."""

    def __init__(self, store: Store, audio: Audio) -> None:
        self._store = store
        self._audio = audio

    def record(
        self,
        *,
        profile: str,
        text: str,
        audio: AudioInput,
        sample_rate: int | None = None,
        language: str = "en",
        seed: int | None = None,
        instruct: str | None = None,
        engine: str = "qwen",
        model_size: str | None = None,
        params: Mapping[str, object] | None = None,
        created_at: datetime | None = None,
        rating: int | None = None,
        is_favorited: bool = False,
        note: str | None = None,
        move: bool = False,
        subtype: str | None = None,
        beside: Callable[[str, Path], None] | None = None,
    ) -> Generation:
        """Record a generation after its synthesis: the file, the row, its version "original".

        ``profile`` is a name; one that isn't there is made. ``audio`` is a file's path, an upload
        (``library.uploads``), or samples of shape (frames,) or (frames, channels) with their
        ``sample_rate`` in Hz, kept as WAV of that ``subtype`` (libsndfile's name; what holds them
        without loss by default). ``params`` is the engine's parameter snapshot, kept whole.
        ``move`` takes the original file away once the row is committed; where that can't be done
        it stays, and the log tells. The same bytes may be recorded twice. ``beside`` is called
        with the new id and the file once that is in its place, before its row is: if it raises,
        neither stays.

        Raises:
            BadInput: a value can't be kept.
            BadAudio: the audio isn't any.
            AudioMissing: there is no such file.
            LibraryError: it can't be written; nothing is left behind.
        """
        from rushes.library.recording import described

        description = described(
            profile=profile,
            text=text,
            language=language,
            seed=seed,
            instruct=instruct,
            engine=engine,
            model_size=model_size,
            params=params,
            created_at=created_at,
            rating=rating,
            is_favorited=is_favorited,
            note=note,
        )
        return self._recorder().record(
            description, audio, sample_rate=sample_rate, subtype=subtype, move=move, beside=beside
        )

    def begin(
        self,
        *,
        profile: str,
        text: str,
        language: str = "en",
        seed: int | None = None,
        instruct: str | None = None,
        engine: str = "qwen",
        model_size: str | None = None,
        params: Mapping[str, object] | None = None,
        created_at: datetime | None = None,
        rating: int | None = None,
        is_favorited: bool = False,
        note: str | None = None,
        owned: bool = True,
    ) -> Generation:
        """Note a generation that is being made: pending, until ``complete`` or ``fail``.

        If this process ends before, whoever opens the library next on this machine marks it as
        failed with the error "interrupted"; it can be completed all the same. One that is not
        ``owned`` by this process waits for ever: another program will end it.

        Raises:
            BadInput: a value can't be kept.
            LibraryError: it can't be written.
        """
        from rushes.library.recording import described

        description = described(
            profile=profile,
            text=text,
            language=language,
            seed=seed,
            instruct=instruct,
            engine=engine,
            model_size=model_size,
            params=params,
            created_at=created_at,
            rating=rating,
            is_favorited=is_favorited,
            note=note,
        )
        return self._recorder().begin(description, owned=owned)

    def complete(
        self,
        id_or_prefix: str,
        audio: AudioInput,
        sample_rate: int | None = None,
        *,
        move: bool = False,
        subtype: str | None = None,
    ) -> Generation:
        """Give a running or failed generation its audio, as for ``record``; it is completed then.

        Raises:
            NotFound: there is no such generation.
            Conflict: it is completed already.
            BadAudio: the audio isn't any.
            AudioMissing: there is no such file.
            LibraryError: it can't be written; nothing is left behind.
        """
        generation = self.get(id_or_prefix)
        return self._recorder().complete(
            generation, audio, sample_rate=sample_rate, subtype=subtype, move=move
        )

    def fail(self, id_or_prefix: str, error: str) -> Generation:
        """Note that a running generation failed, and why.

        Raises:
            NotFound: there is no such generation.
            Conflict: it isn't running.
            LibraryError: it can't be written.
        """
        return self._recorder().fail(self.get(id_or_prefix), error)

    def get(self, id_or_prefix: str) -> Generation:
        """The generation of that id, or the one whose id begins so, in the trash or not.

        Raises:
            BadInput: the prefix is shorter than 4 characters.
            NotFound: there is none.
            Ambiguous: there are several.
        """
        return history.find(self._store.reader, id_or_prefix)

    find = get

    def of_ids(self, ids: Sequence[str]) -> tuple[Generation, ...]:
        """The generations of these whole ids, in the order given; unknown ones are left out."""
        return history.by_ids(self._store.reader, ids)

    def list(self, query: HistoryQuery | None = None) -> Page:
        """A page of the history, with the total and the cursor of the next page.

        Raises:
            BadInput: the limit, the offset or the cursor can't be meant.
        """
        return history.page(self._store.reader, HistoryQuery() if query is None else query)

    def records(self, query: HistoryQuery | None = None) -> RecordPage:
        """The same page as records of JSON (``rushes.domain.record``), twice as quick.

        Where files lie isn't told: ``audio_file`` is None.

        Raises:
            BadInput: the limit, the offset or the cursor can't be meant.
        """
        return history.record_page(self._store.reader, HistoryQuery() if query is None else query)

    def count(self, query: HistoryQuery | None = None) -> int:
        """How many generations a query matches, whatever its page."""
        asked = HistoryQuery() if query is None else query
        return history.count(self._store.reader, asked)

    def view(self, query: HistoryQuery | None = None) -> HistoryView:
        """The history as of now, for a screen to scroll through."""
        return HistoryView(self._store, HistoryQuery() if query is None else query)

    def folded(self, query: HistoryQuery | None = None) -> FoldedPage:
        """A page of the history in which takes of the same profile and words are one item.

        Only takes that the query matches count. A fold stands where the first of them does in the
        query's order. Takes without words never fold.

        Raises:
            BadInput: the limit, the offset or the cursor can't be meant.
        """
        return history.folded_page(self._store.reader, HistoryQuery() if query is None else query)

    def folded_view(
        self, query: HistoryQuery | None = None, opened: Sequence[str] = ()
    ) -> FoldedView:
        """The same as of now, for a screen to scroll through.

        The takes that fold with those of the ids ``opened`` have rows of their own.
        """
        from rushes.library.folded_view import FoldedView

        return FoldedView(self._store, HistoryQuery() if query is None else query, opened)

    def ids(self, query: HistoryQuery, limit: int | None = None) -> tuple[str, ...]:
        """The ids of all that a query matches, whatever its page, in its order."""
        return history.ids(self._store.reader, query, limit)

    def same_words(self, generation: Generation, limit: int = 50) -> tuple[Generation, ...]:
        """Other takes: of the same profile and words outside the trash, newest first."""
        folded = fold(generation.text)
        return tuple(history.same_words(self._store.reader, generation, folded, limit))

    def favorite(self, ids: Sequence[str] | str, on: bool = True) -> tuple[Generation, ...]:
        """Mark these as favourites or no longer, in one commit; gives them as they are then.

        Raises:
            NotFound: one or more are unknown; nothing has changed.
            LibraryError: it can't be written.
        """
        wanted = checks.ids(ids)
        with self._store.transaction() as session:
            from rushes.store import write_generations

            write_generations.set_favorite(session, wanted, on=bool(on))
        return history.by_ids(self._store.reader, wanted)

    def rate(self, ids: Sequence[str] | str, rating: int | None) -> tuple[Generation, ...]:
        """Rate these 1 to 5, or take their rating away, in one commit; gives them afterwards.

        Raises:
            BadInput: the rating is another.
            NotFound: one or more are unknown; nothing has changed.
            LibraryError: it can't be written.
        """
        wanted, checked = checks.ids(ids), checks.rating(rating)
        with self._store.transaction() as session:
            from rushes.store import write_generations

            write_generations.set_rating(session, wanted, checked)
        return history.by_ids(self._store.reader, wanted)

    def tag(
        self,
        ids: Sequence[str] | str,
        add: Sequence[str] | str = (),
        remove: Sequence[str] | str = (),
    ) -> tuple[Generation, ...]:
        """Give these tags and take others away, in one commit; gives them as they are then.

        A tag is told apart without regard to case; one that is both taken and given stays.

        Raises:
            BadInput: a tag is empty or too long, or none was named.
            NotFound: one or more are unknown; nothing has changed.
            LibraryError: it can't be written.
        """
        wanted = checks.ids(ids)
        given, taken = checks.tags(add), checks.tags(remove)
        if not (given or taken):
            raise BadInput("no tag was named", "", "Name one to add or to remove.")
        with self._store.transaction() as session:
            from rushes.store import write_generations

            write_generations.change_tags(session, wanted, given, tuple(taken))
        return history.by_ids(self._store.reader, wanted)

    def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag outside the trash, and how many generations bear it, by tag."""
        return tags.counts(self._store.reader)

    def note(self, ids: Sequence[str] | str, text: str | None) -> tuple[Generation, ...]:
        """Give these a note in place of what they had, or none; gives them afterwards.

        Raises:
            BadInput: the text can't be kept.
            NotFound: one or more are unknown; nothing has changed.
            LibraryError: it can't be written.
        """
        wanted = checks.ids(ids)
        checked = checks.optional_text(text, "note")
        note = checked if checked and checked.strip() else None
        with self._store.transaction() as session:
            from rushes.store import write_generations

            write_generations.set_note(session, wanted, note)
        return history.by_ids(self._store.reader, wanted)

    def delete(self, ids: Sequence[str] | str) -> tuple[str, ...]:
        """Move these to the trash in one commit; gives those that weren't there already.

        Raises:
            NotFound: one or more are unknown; nothing has changed.
            LibraryError: it can't be written.
        """
        wanted = checks.ids(ids)
        with self._store.transaction() as session:
            from rushes.store import write_trash

            return write_trash.to_trash(session, wanted, now())

    def _recorder(self) -> Recorder:
        from rushes.library.recording import Recorder

        return Recorder(self._store, self._audio)
