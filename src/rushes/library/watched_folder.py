"""One folder that is watched: which of its files are new, finished, taken before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rushes.domain.arrivals import Arrived, Given
from rushes.domain.generation import Generation
from rushes.domain.text import shown
from rushes.errors import (
    AudioMissing,
    BadAudio,
    Conflict,
    LibraryError,
    QuotaExceeded,
    RushesError,
)
from rushes.exchange.audio_folder import ENGINE, AudioFolder, Listed, digest_of
from rushes.library.audio import Audio
from rushes.library.recording import Description, Recorder, described
from rushes.media.facts import sha256_of
from rushes.media.finished import is_finished
from rushes.store import settings
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session

    from rushes.domain.audio import AudioFacts
    from rushes.domain.foreign import ForeignTake

PATIENCE = 20.0
"""Seconds for which a file that isn't finished, or can't be read, has to lie still until it is
believed that nobody is at work on it."""

_LANGUAGE, _ENGINE = "en", "qwen"

_Value = TypeVar("_Value")


@dataclass(slots=True)
class _Waiting:
    """A file that isn't taken yet: its digest, since when (s) it lies still, if it was tried."""

    said: str
    since: float
    tried: bool = False


class WatchedFolder:
    """One folder, ``place``; ``look`` at it again and again, a second or more apart."""

    def __init__(
        self, store: Store, audio: Audio, place: Path, given: Given, *, move: bool, only_new: bool
    ) -> None:
        self.place = place
        self._store = store
        self._recorder = Recorder(store, audio)
        self._given = given
        self._move = move
        self._is_old = only_new
        self._taken: dict[str, tuple[str, str]] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._settled: dict[str, str] = {}
        self._troubles: set[str] = set()
        self._recall()

    def look(self, at: float) -> Iterator[Arrived]:
        """Take what is finished, oldest first; ``at`` is the time of a clock that only goes on (s).

        A file is finished when it lay still from one look to the next and says so itself. What
        doesn't, or can't be read, gets ``PATIENCE``, and is told once if it is no audio then.

        Raises:
            LibraryError: nothing can be kept any more, whatever comes.
        """
        folder = AudioFolder(self.place)
        listed = folder.listed()
        if self._is_old:
            self._is_old = False
            self._settled.update((one.key, one.digest) for one in listed)
        there = {one.key for one in listed}
        self._waiting = {key: one for key, one in self._waiting.items() if key in there}
        for trouble in set(folder.troubles) - self._troubles:
            self._troubles.add(trouble)
            yield Arrived(self.place, error=RushesError(trouble))
        for one in listed:
            if self._is_new(one) and self._lies_still(one, at):
                arrived = self._taken_in(folder, one, at)
                if arrived is not None:
                    yield arrived

    def _recall(self) -> None:
        """Know what was taken from there: digests and hashes, by key."""
        found = settings.beneath(self._store.reader, self._memory(""))
        self._taken = {
            key: (str(value[0]), str(value[1]))
            for key, value in found.items()
            if isinstance(value, list) and len(value) == 2
        }

    def _is_new(self, one: Listed) -> bool:
        taken = self._taken.get(one.key)
        return one.digest != self._settled.get(one.key) and (
            taken is None or one.digest != taken[0]
        )

    def _lies_still(self, one: Listed, at: float) -> bool:
        before = self._waiting.get(one.key)
        if before is None or before.said != one.said:
            self._waiting[one.key] = _Waiting(one.said, at)
            return False
        return not before.tried or at - before.since >= PATIENCE

    def _taken_in(self, folder: AudioFolder, one: Listed, at: float) -> Arrived | None:
        """A file that lies still, as what it became; None where there is nothing to tell."""
        path = self.place / one.key
        waiting = self._waiting[one.key]
        arrived: Arrived | None = None
        try:
            take = self._take(folder, one, path, is_late=at - waiting.since >= PATIENCE)
            arrived = None if take is None else Arrived(path, take)
        except _LaterError:
            waiting.tried = True
            return None
        except (AudioMissing, _ChangedError):
            self._waiting.pop(one.key)
            return None
        except Conflict:  # another process watches it too
            self._recall()
        except RushesError as error:
            if isinstance(error, LibraryError) and not isinstance(error, QuotaExceeded):
                raise
            arrived = Arrived(path, error=error)
        self._settled[one.key] = one.digest
        self._waiting.pop(one.key)
        return arrived

    def _take(
        self, folder: AudioFolder, one: Listed, path: Path, *, is_late: bool
    ) -> Generation | None:
        if self._is_the_same(one, path):
            return None
        if not (is_late or is_finished(path)):
            raise _LaterError("its writer is at work on it")
        try:
            take = self._record(folder, one, path)
        except BadAudio:
            if is_late:
                raise
            raise _LaterError("its writer may be at work on it") from None
        if take.facts is not None:
            self._taken[one.key] = (one.digest, take.facts.sha256)
        return take

    def _is_the_same(self, one: Listed, path: Path) -> bool:
        """Whether the file holds what was taken of it before, and was only touched since."""
        taken = self._taken.get(one.key)
        if taken is None:
            return False
        try:
            if sha256_of(path) != taken[1]:
                return False
        except OSError:
            return False
        with self._store.transaction() as session:
            settings.put(session, self._memory(one.key), [one.digest, taken[1]])
        self._taken[one.key] = (one.digest, taken[1])
        return True

    def _record(self, folder: AudioFolder, one: Listed, path: Path) -> Generation:
        """The file, then one commit: its take, and the memory that it was taken."""
        (said,) = folder.takes([one.key])
        name = self._memory(one.key)
        known = self._taken.get(one.key)

        def remember(session: Session, facts: AudioFacts) -> None:
            if _digest_of(path) != one.digest:
                raise _ChangedError(f"{shown(path)} is being written to")
            found = settings.within(session, name)
            if found != (None if known is None else list(known)):
                raise Conflict(f"{shown(path)} was taken by another process")
            settings.put(session, name, [one.digest, facts.sha256])

        return self._recorder.record(
            _description(self._given, said),
            path,
            sample_rate=None,
            subtype=None,
            move=self._move,
            along=remember,
        )

    def _memory(self, key: str) -> str:
        """The setting under which it is kept that a file was taken."""
        place = str(self.place).encode("utf-8", "backslashreplace").decode()
        return f"watched\n{place}\n{key}"


class _ChangedError(RushesError):
    """A file was written to while it was taken in."""


class _LaterError(RushesError):
    """A file gets more time."""


def _description(given: Given, said: ForeignTake) -> Description:
    engine = _ENGINE if said.engine == ENGINE else said.engine
    return described(
        profile=_or(given.profile, said.profile_key),
        text=_or(given.text, said.text),
        language=_or(given.language, said.language),
        seed=_or(given.seed, said.seed),
        instruct=_or(given.instruct, said.instruct),
        engine=_or(given.engine, engine),
        model_size=_or(given.model_size, said.model_size),
        params=_params(given.params, said),
        created_at=_or(given.created_at, said.created_at),
        rating=None,
        is_favorited=said.is_favorited,
        note=None,
    )


def _params(given: Mapping[str, object] | None, said: ForeignTake) -> Mapping[str, object] | None:
    told = {} if said.params_json is None else json.loads(said.params_json)
    return {**told, **(given or {})} or None


def check(given: Given) -> None:
    """Look at what is given before any file is there.

    Raises:
        BadInput: something can't be kept.
    """
    described(
        profile=_or(given.profile, "any"),
        text=_or(given.text, ""),
        language=_or(given.language, _LANGUAGE),
        seed=given.seed,
        instruct=given.instruct,
        engine=_or(given.engine, _ENGINE),
        model_size=given.model_size,
        params=given.params,
        created_at=given.created_at,
        rating=None,
        is_favorited=False,
        note=None,
    )


def _or(given: _Value | None, otherwise: _Value) -> _Value:
    return otherwise if given is None else given


def _digest_of(path: Path) -> str | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return digest_of(found.st_size, found.st_mtime_ns)
