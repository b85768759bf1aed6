"""Recording a generation: its file first, then its row, so that neither is ever there in half."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.generation import Generation, Status
from rushes.domain.ids import new_id
from rushes.domain.times import now
from rushes.errors import RushesError
from rushes.library import checks
from rushes.library.audio import Audio, TakenIn
from rushes.library.processes import this_process
from rushes.library.quotas import check_room
from rushes.library.snapshots import params_json
from rushes.store import history
from rushes.store.life import MAY_COMPLETE, MAY_FAIL, check_move
from rushes.store.new_rows import NewGeneration, NewVersion
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session

    from rushes.domain.audio import AudioFacts
    from rushes.library.audio import AudioInput

_ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Description:
    """A generation as whoever makes it describes it, checked; ``profile`` is a name."""

    profile: str
    generation: NewGeneration


def described(
    *,
    profile: str,
    text: str,
    language: str,
    seed: int | None,
    instruct: str | None,
    engine: str,
    model_size: str | None,
    params: Mapping[str, object] | None,
    created_at: datetime | None,
    rating: int | None,
    is_favorited: bool,
    note: str | None,
) -> Description:
    """The description of a generation, which gets a fresh id.

    Raises:
        BadInput: a value can't be kept.
    """
    return Description(
        profile=checks.name(profile, "profile's name"),
        generation=NewGeneration(
            id=new_id(),
            text=checks.long_text(text, "text"),
            language=checks.name(language, "language"),
            seed=checks.seed(seed),
            instruct=checks.optional_text(instruct, "instruction"),
            engine=checks.name(engine, "engine"),
            model_size=checks.optional_name(model_size, "model size"),
            params_json=params_json(params),
            created_at=now() if created_at is None else checks.moment(created_at),
            rating=checks.rating(rating),
            is_favorited=bool(is_favorited),
            note=checks.optional_text(note, "note"),
        ),
    )


class Recorder:
    """A generation from its beginning to its end, in one library."""

    def __init__(self, store: Store, audio: Audio) -> None:
        self._store = store
        self._audio = audio

    def record(
        self,
        description: Description,
        audio: AudioInput,
        *,
        sample_rate: int | None,
        subtype: str | None,
        move: bool,
        beside: Callable[[str, Path], None] | None = None,
        along: Callable[[Session, AudioFacts], None] | None = None,
    ) -> Generation:
        """Record a generation with its audio; ``Generations.record`` tells of the arguments.

        ``along`` writes what is to be committed with it; if it raises, neither stays.

        Raises:
            RushesError: it can't be done; nothing is left behind.
        """
        new = description.generation

        def admit(size: int) -> None:
            check_room(self._store.reader, description.profile, size)

        with self._taken_in(new.id, audio, sample_rate, subtype, admit, move=move) as taken:
            if beside is not None:
                beside(new.id, self._store.database.folder / taken.audio_path)
            with self._store.transaction() as session:
                version = _version(new.id, taken, _ORIGINAL)
                _add(session, description, Status.COMPLETED, version)
                if along is not None:
                    along(session, taken.facts)
        return history.find(self._store.reader, new.id)

    def begin(self, description: Description, *, owned: bool) -> Generation:
        """Note a generation that is being made, by this process if it is ``owned``.

        Raises:
            QuotaExceeded: its audio wouldn't be welcome.
            LibraryError: it can't be written.
        """
        check_room(self._store.reader, description.profile, 1)
        with self._store.transaction() as session:
            _add(session, description, Status.PENDING, None)
            if owned:
                from rushes.store import write_runs

                maker = this_process()
                write_runs.add_run(
                    session, description.generation.id, maker.machine, maker.number, maker.started
                )
        return history.find(self._store.reader, description.generation.id)

    def complete(
        self,
        generation: Generation,
        audio: AudioInput,
        *,
        sample_rate: int | None,
        subtype: str | None,
        move: bool,
    ) -> Generation:
        """Give a generation its audio; ``Generations.complete`` tells of the arguments.

        Raises:
            Conflict: it is completed already.
            RushesError: it can't be done; nothing is left behind.
        """
        check_move(generation.id, generation.status, Status.COMPLETED, allowed=MAY_COMPLETE)
        earlier = len(history.versions(self._store.reader, generation.id))
        # A name that nobody else uses: another process may be completing it this moment, and one
        # that was killed in the middle may have left its file.
        name = f"{generation.id}_{new_id()[:8]}"
        label = f"take-{earlier + 1}" if earlier else _ORIGINAL
        with (
            self._taken_in(name, audio, sample_rate, subtype, _welcome, move=move) as taken,
            self._store.transaction() as session,
        ):
            from rushes.store import write_generations, write_runs

            write_generations.move_on(
                session, generation.id, Status.COMPLETED, None, allowed=MAY_COMPLETE
            )
            write_runs.end_run(session, generation.id)
            write_generations.add_default_version(session, _version(generation.id, taken, label))
        return history.find(self._store.reader, generation.id)

    def fail(self, generation: Generation, error: str) -> Generation:
        """Note that a running generation failed, and why.

        Raises:
            Conflict: it isn't running.
            LibraryError: it can't be written.
        """
        message = checks.long_text(error, "error").strip() or "no reason was given"
        with self._store.transaction() as session:
            from rushes.store import write_generations, write_runs

            write_generations.move_on(
                session, generation.id, Status.FAILED, message, allowed=MAY_FAIL
            )
            write_runs.end_run(session, generation.id)
        return history.find(self._store.reader, generation.id)

    @contextmanager
    def _taken_in(
        self,
        name: str,
        audio: AudioInput,
        sample_rate: int | None,
        subtype: str | None,
        admit: Callable[[int], None],
        *,
        move: bool,
    ) -> Iterator[TakenIn]:
        self._store.check_writable()
        # Before there is a file: between it and its row as little time as can be.
        self._store.warm()
        with self._audio.taken_in(
            name,
            audio,
            sample_rate=sample_rate,
            subtype=subtype,
            move=move,
            admit=admit,
            is_named=self._is_named,
        ) as taken:
            yield taken

    def _is_named(self, audio_path: str) -> bool:
        """Whether a row names the file after all; if nobody can tell, it is better kept."""
        try:
            return history.names_audio(self._store.reader, audio_path)
        except RushesError:
            return True


def _add(
    session: Session, description: Description, status: Status, version: NewVersion | None
) -> None:
    """The profile where there is none, the generation, its version if there is one."""
    from rushes.store import write_generations, write_profiles

    new = description.generation
    profile_id = write_profiles.profile_named(session, description.profile)
    if profile_id is None:
        profile_id = write_profiles.add_profile(
            session, description.profile, new.language, None, now()
        )
    write_generations.add_generation(session, new, status, profile_id, version)


def _welcome(size: int) -> None:
    """Whatever the quota: a run that was begun isn't made in vain."""


def _version(generation_id: str, taken: TakenIn, label: str) -> NewVersion:
    return NewVersion(
        id=new_id(),
        generation_id=generation_id,
        label=label,
        audio_path=taken.audio_path,
        facts=taken.facts,
        created_at=now(),
    )
