"""Copying histories and archives in: once, with their audio, as the library's own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.foreign import ForeignTake
from rushes.domain.ids import is_id, new_id
from rushes.domain.source import SourceKind
from rushes.domain.watch import Watch, unwatched
from rushes.errors import AudioMissing, LibraryError, RushesError, SourceError
from rushes.library.audio import Audio
from rushes.library.imported import Imported
from rushes.library.uploads import Upload
from rushes.paths import named
from rushes.store import history, settings
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.exchange.history import ForeignHistory
    from rushes.store.write_imported import CopiedVersion


class Importing:
    """``library.importing``."""

    def __init__(self, store: Store, audio: Audio) -> None:
        self._store = store
        self._audio = audio

    def copy_in(
        self,
        path: str | Path,
        *,
        audio: str | Path | None = None,
        again: bool = False,
        watch: Watch = unwatched,
    ) -> Imported:
        """Copy in what lies at ``path``: generations, versions, stories, presets, each once.

        That is another program's history, or an archive, or a folder of archives; ``again`` is
        for those, as ``unpack`` has it. The files are copied, and nothing is touched there. A
        generation whose audio is missing or damaged is told in ``failed``, and the rest goes on.
        What was ended goes on when it is asked for again; what was purged here comes in again.

        Raises:
            SourceError: it isn't known, or can't be read.
            LibraryError: it can't be written.
        """
        from rushes.exchange.archives import archives_at
        from rushes.exchange.recognising import recognised

        archives = archives_at(named(path))
        if archives:
            return self.unpack(archives, again=again, watch=watch)
        with closing(recognised(named(path), None if audio is None else named(audio))) as foreign:
            return _Copying(self._store, self._audio, foreign).run(watch)

    def archives(self, path: str | Path) -> int:
        """How many ZIP archives ``copy_in`` would unpack there; 0 where it would copy a history."""
        from rushes.exchange.archives import archives_at

        return len(archives_at(named(path)))

    def unpack(
        self, paths: Sequence[str | Path], *, again: bool = False, watch: Watch = unwatched
    ) -> Imported:
        """Bring in what ZIP archives hold: a generation each, or a profile with its samples.

        A generation keeps its id where that is free, and all that its archive says of it. Its
        profile is the one of that id, else of that name; else it is made. One that was being made
        when it was exported comes in as failed, "interrupted". One that is here already, by its
        id or as what came out of such an archive before, isn't brought in twice, but as a new
        generation where ``again`` asks for it.

        A bad archive is told in ``failed``, and the others come in. ``watch`` is told of archives;
        between two steps it may call the work off, and no archive is in by half.

        Raises:
            LibraryError: it can't be written; what came in before stays.
        """
        from rushes.library.unpacking import Unpacking

        done = Imported()
        Unpacking(self._store, self._audio, done, again=again, watch=watch).run(
            [named(path) for path in paths]
        )
        return done

    def take_in(self, upload: Upload, *, called: str, again: bool = False) -> Imported:
        """Bring in an archive that was uploaded, as ``unpack`` does; errors call it ``called``.

        Raises:
            SourceError: it is no archive, or nothing in it could be trusted.
            RushesError: it can't be brought in; nothing of it stays.
        """
        upload.finish()
        done = self.unpack([upload.path], again=again)
        for _, error in done.failed:
            what = error.what.replace(upload.path.name, called)
            raise SourceError(what, error.why.replace(upload.path.name, called), error.fix)
        return done

    def take_over(self, path: str | Path) -> Imported:
        """Copy in what lies at ``path`` whole, the first time that it is asked for; later nothing.

        Generations keep their ids where those are free. One without its audio comes in as well,
        marked as missing it.

        Raises:
            SourceError: it isn't known, or can't be read.
            LibraryError: it can't be written.
        """
        from rushes.exchange.recognising import recognised

        with closing(recognised(named(path))) as foreign:
            name = f"taken over: {foreign.kind.value}:{foreign.place}"
            if settings.has(self._store.reader, name):
                return Imported()
            done = _Copying(self._store, self._audio, foreign, whole=True).run(unwatched)
        with self._store.transaction() as session:
            settings.put(session, name, len(done.ids))
        return done


class _Copying:
    """One import; ``whole`` as for ``take_over``."""

    def __init__(
        self, store: Store, audio: Audio, foreign: ForeignHistory, *, whole: bool = False
    ) -> None:
        self._whole = whole
        self._store = store
        self._audio = audio
        self._foreign = foreign
        self._origin = f"{foreign.kind.value}:{foreign.place}"
        self._profiles = {profile.key: profile for profile in foreign.profiles()}
        self._done = Imported()

    def run(self, watch: Watch) -> Imported:
        self._store.check_writable()
        self._store.warm()
        passed, total = 0, self._foreign.count()
        for heads in self._foreign.heads():
            keys = [head.key for head in heads]
            here = self._imported(keys)
            self._done.already += len(here)
            for take in self._foreign.takes([key for key in keys if key not in here]):
                watch(passed, total, "importing")
                passed += 1
                self._take(take)
            passed += len(here)
        self._stories()
        self._presets()
        return self._done

    def _imported(self, keys: Sequence[str]) -> set[str]:
        from rushes.store import write_imported

        with self._store.transaction() as session:
            return set(write_imported.imported(session, self._origin, keys))

    def _take(self, take: ForeignTake) -> None:
        if take.status.is_running:
            self._done.running += 1
            return
        try:
            self._done.ids.append(self._copy(take))
        except LibraryError:
            raise
        except RushesError as error:
            self._done.failed.append((take.key, error))

    def _copy(self, take: ForeignTake) -> str:
        """Files first, all of them, then one commit; gives the new id."""
        from rushes.store import write_imported

        identity = new_id()
        if self._whole and is_id(take.key) and not self._is_taken(take.key):
            identity = take.key
        with ExitStack() as stack:
            copied = [
                self._version(stack, identity, take, number) for number in range(len(take.versions))
            ]
            with self._store.transaction() as session:
                profile = self._profiles.get(take.profile_key) or self._foreign.profile_of(
                    take.profile_key
                )
                profile_id = write_imported.own_profile(session, profile, take.profile_key)
                write_imported.add_copy(
                    session,
                    self._origin,
                    take,
                    copied,
                    identity=identity,
                    profile_id=profile_id,
                )
        return identity

    def _version(
        self, stack: ExitStack, identity: str, take: ForeignTake, number: int
    ) -> CopiedVersion:
        from rushes.media.linked import find_linked
        from rushes.store.write_imported import CopiedVersion, version_id

        version = take.versions[number]
        shelf = "generations" if self._foreign.kind is SourceKind.VOICEBOX else None
        path = find_linked(self._foreign.root, version.audio_path, shelf)
        own_id = version_id(self._origin, take, version)
        if path is None and self._whole:
            return CopiedVersion(own_id, version, f"audio/{identity[:2]}/{identity}.wav", None)
        if path is None:
            raise AudioMissing(f"the audio of {take.key} is missing", version.audio_path)
        taken = stack.enter_context(
            self._audio.taken_in(
                identity if version.is_default else f"{identity}_{own_id[:8]}",
                path,
                sample_rate=None,
                subtype=None,
                move=False,
                admit=_welcome,
                is_named=self._is_named,
            )
        )
        return CopiedVersion(own_id, version, taken.audio_path, taken.facts)

    def _stories(self) -> None:
        from rushes.store import write_imported

        items = [item for batch in self._foreign.story_items() for item in batch]
        for story in self._foreign.stories():
            with self._store.transaction() as session:
                write_imported.add_story(
                    session,
                    self._origin,
                    story,
                    [item for item in items if item.story_key == story.key],
                )

    def _presets(self) -> None:
        presets = self._foreign.presets()
        if not presets:
            return
        from rushes.store import write_imported

        with self._store.transaction() as session:
            for preset in presets:
                profile = self._profiles.get(preset.profile_key)
                self._done.presets += write_imported.add_preset(
                    session, self._origin, preset, profile
                )

    def _is_taken(self, identity: str) -> bool:
        return bool(history.by_ids(self._store.reader, [identity]))

    def _is_named(self, audio_path: str) -> bool:
        """Whether a row names the file after all; if nobody can tell, it is better kept."""
        try:
            return history.names_audio(self._store.reader, audio_path)
        except RushesError:
            return True


def _welcome(size: int) -> None:
    """Whatever its size: it was asked for by the history, not file by file."""
