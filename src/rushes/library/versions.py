"""The versions of a generation: the clean original and what was made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.ids import new_id
from rushes.domain.picking import pick_version
from rushes.domain.times import now
from rushes.errors import RushesError
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.library.leaving import LeavingFiles
from rushes.store import history
from rushes.store.store import Store
from rushes.store.version_rules import check_has_audio, check_not_last, check_own, free_label

if TYPE_CHECKING:
    from rushes.library.audio import AudioInput


@dataclass(frozen=True, slots=True)
class DeletedVersion:
    """A version that is gone for good, and the one that is the default in its place, if it was."""

    version: GenerationVersion
    new_default: GenerationVersion | None


class Versions:
    """``library.versions``. A version is named by its label, its id or the id's beginning.

    What belongs to a linked source is only read: its versions are listed and played, and nothing
    else.
    """

    def __init__(self, store: Store, audio: Audio, leaving: LeavingFiles) -> None:
        self._store = store
        self._audio = audio
        self._leaving = leaving

    def list(self, generation_id: str) -> tuple[GenerationVersion, ...]:
        """The versions of the generation of that id (or prefix), in the order they were added.

        Raises:
            NotFound: there is no such generation.
            Ambiguous: the prefix fits several.
        """
        found = history.versions(self._store.reader, generation_id)
        if found:
            return found
        generation = history.find(self._store.reader, generation_id)
        return history.versions(self._store.reader, generation.id)

    def get(self, generation_id: str, version: str) -> GenerationVersion:
        """One of a generation's versions.

        Raises:
            NotFound: there is no such generation, or no such version of it.
            Ambiguous: the prefix or the name fits several.
        """
        return pick_version(self.list(generation_id), version)

    def add(
        self,
        generation_id: str,
        audio: AudioInput,
        sample_rate: int | None = None,
        *,
        label: str | None = None,
        effects: Sequence[Mapping[str, object]] | None = None,
        made_from: str | None = None,
        default: bool = False,
        move: bool = False,
        subtype: str | None = None,
    ) -> GenerationVersion:
        """Add a version to a generation that has its first file: the file, then the row.

        ``audio``, ``sample_rate``, ``move`` and ``subtype`` are as for ``generations.record``.
        ``label`` is ``version-N`` where none is given. ``effects`` is the chain that made it, as
        Voicebox writes it, and ``made_from`` names the version that went into it. It isn't the
        default unless ``default`` says so.

        Raises:
            NotFound: there is no such generation, or no such version of it.
            Conflict: it has no audio yet, it is a linked source's, or the label is taken.
            BadInput: a value can't be kept.
            BadAudio: the audio isn't any.
            AudioMissing: there is no such file.
            LibraryError: it can't be written; nothing is left behind.
        """
        from rushes.library.quotas import check_room
        from rushes.library.snapshots import chain_json
        from rushes.store.new_rows import NewVersion

        generation = self._own(generation_id)
        versions = history.versions(self._store.reader, generation.id)
        check_has_audio(generation.id, len(versions))
        called = None if label is None else checks.name(label, "version's label")
        free_label([one.label for one in versions], called)
        chain = chain_json(effects)
        parent = None if made_from is None else pick_version(versions, made_from).id
        self._store.check_writable()
        self._store.warm()
        identity = new_id()
        with self._audio.taken_in(
            # Nobody else's name: it may be added by several at once.
            f"{generation.id}_{identity[:8]}",
            audio,
            sample_rate=sample_rate,
            subtype=subtype,
            move=move,
            admit=lambda size: check_room(self._store.reader, generation.profile_name, size),
            is_named=self._is_named,
        ) as taken:
            from rushes.store import write_versions

            new = NewVersion(
                id=identity,
                generation_id=generation.id,
                label="",
                audio_path=taken.audio_path,
                facts=taken.facts,
                created_at=now(),
                effects_chain_json=chain,
                source_version_id=parent,
            )
            with self._store.transaction() as session:
                write_versions.add_version(session, new, called, default=bool(default))
        return self.get(generation.id, identity)

    def make_default(self, generation_id: str, version: str) -> Generation:
        """Let a version stand for its generation, in one commit; gives the generation then.

        Its file, length, waveform and measures are the generation's from then on.

        Raises:
            NotFound: there is no such generation, or no such version of it.
            Conflict: it is a linked source's.
            LibraryError: it can't be written.
        """
        generation, chosen = self._meant(generation_id, version)
        if not chosen.is_default:
            with self._store.transaction() as session:
                from rushes.store import write_versions

                write_versions.make_default(session, generation.id, chosen.id)
        return history.find(self._store.reader, generation.id)

    def rename(self, generation_id: str, version: str, label: str) -> GenerationVersion:
        """Give a version another label; gives it as it is then.

        Raises:
            NotFound: there is no such generation, or no such version of it.
            Conflict: another of its versions bears the label, or it is a linked source's.
            BadInput: the label can't be kept.
            LibraryError: it can't be written.
        """
        called = checks.name(label, "version's label")
        generation, chosen = self._meant(generation_id, version)
        with self._store.transaction() as session:
            from rushes.store import write_versions

            write_versions.rename_version(session, generation.id, chosen.id, called)
        return self.get(generation.id, chosen.id)

    def delete(self, generation_id: str, version: str) -> DeletedVersion:
        """Delete a version for good, with its file; the last can't go.

        If it was the default, that is what it was made from from then on, or the oldest. What was
        made from it stays.

        Raises:
            NotFound: there is no such generation, or no such version of it.
            Conflict: it is the last, or it is a linked source's.
            FilesKept: its row is gone, but its file can't be removed yet.
            LibraryError: it can't be written.
        """
        generation, gone = self._meant(generation_id, version)
        check_not_last(generation.id, len(history.versions(self._store.reader, generation.id)))
        with self._store.transaction() as session:
            from rushes.store import write_versions

            deleted = write_versions.delete_version(session, generation.id, gone.id)
        self._leaving.finish_or_note(deleted.leaving)
        follows = deleted.new_default
        return DeletedVersion(gone, None if follows is None else self.get(generation.id, follows))

    def _meant(self, generation_id: str, version: str) -> tuple[Generation, GenerationVersion]:
        generation = self._own(generation_id)
        return generation, pick_version(
            history.versions(self._store.reader, generation.id), version
        )

    def _own(self, generation_id: str) -> Generation:
        generation = history.find(self._store.reader, generation_id)
        check_own(generation.id, generation.source_id)
        return generation

    def _is_named(self, audio_path: str) -> bool:
        """Whether a row names the file after all; if nobody can tell, it is better kept."""
        try:
            return history.names_audio(self._store.reader, audio_path)
        except RushesError:
            return True
