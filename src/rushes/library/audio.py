"""The audio of generations: where it lies, what it looks like, and how new files come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.ids import new_id
from rushes.domain.text import shown
from rushes.domain.thumbnail import ThumbnailLook
from rushes.errors import AudioMissing, BadInput, RushesError
from rushes.library.linked import LinkedFiles
from rushes.library.uploads import Upload
from rushes.store import sources
from rushes.store.store import Store

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from rushes.domain.envelope import Envelope
    from rushes.media.files import AudioFiles, Staged, SupportsRead

    AudioInput: TypeAlias = str | PathLike[str] | NDArray[Any] | Upload


STALE = 2 * 24 * 3600.0
"""Seconds after which a staged file was left by a crash: nobody is at work on one for days."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A new file in its place: its path as stored, and what was measured of it."""

    audio_path: str
    facts: AudioFacts


@dataclass(frozen=True, slots=True)
class Stream:
    """Audio that comes as a stream, to be put in its place as ``name``; errors call it ``called``.

    ``check`` is told its facts before it gets there, and may refuse it.
    """

    name: str
    called: str
    opened: Callable[[], AbstractContextManager[SupportsRead]]
    check: Callable[[AudioFacts], None]


class Audio:
    """``library.audio``."""

    def __init__(self, store: Store, root: Path) -> None:
        self._store = store
        self._root = root
        self._swept = False
        self._holds_room = False

    def path(self, item: Generation | GenerationVersion) -> Path:
        """The file of a generation's default version, or of one version.

        Raises:
            AudioMissing: it has none, or the file isn't there.
        """
        stored = item.audio_path
        if isinstance(item, Generation):
            identity, source_id = item.id, item.source_id
        else:
            identity = item.generation_id
            source_id = sources.source_of(self._store.reader, identity)
        if not stored:
            raise AudioMissing(f"the generation {identity} has no audio", "no file was ever kept")
        if source_id is not None:
            return self._linked_path(identity, source_id, stored)
        try:
            path = _files(self._root).resolve(stored)
        except BadInput as error:
            raise AudioMissing(f"the audio of {identity} can't be found", str(error)) from None
        try:
            there = path.is_file()
        except OSError as error:
            raise AudioMissing(
                f"the audio of {identity} can't be reached",
                f"{error.strerror} ({shown(path)})",
                "See to it that you may read it.",
            ) from None
        if not there:
            raise AudioMissing(
                f"the audio of {identity} is missing", f"there is no file {shown(path)}"
            )
        return path

    def _linked_path(self, identity: str, source_id: str, stored: str) -> Path:
        linked = LinkedFiles(self._store.reader)
        root = linked.root(source_id)
        if root is None:
            raise AudioMissing(f"the audio of {identity} is missing", "its source is gone")
        path = linked.find(source_id, stored)
        if path is None:
            why = f"{shown(stored)} isn't in {shown(root)}"
            raise AudioMissing(f"the audio of {identity} is missing", why)
        return path

    def envelope(self, item: Generation | GenerationVersion, buckets: int) -> Envelope:
        """The envelope of its file in at most ``buckets`` parts. Decodes the whole file.

        Raises:
            AudioMissing: it has none, or the file isn't there.
            BadAudio: the file is damaged.
        """
        path = self.path(item)
        from rushes.media.peaks import envelope

        return envelope(path, buckets)

    def picture(self, audio: Path, look: ThumbnailLook | None = None) -> bytes:
        """The waveform of a file as a PNG, of 320 by 64 pixels if nothing else is said.

        Raises:
            AudioMissing: there is no such file.
            BadAudio: it isn't audio.
        """
        from rushes.media.thumbnail import picture_of

        return picture_of(audio, look or ThumbnailLook())

    def thumbnail(
        self,
        audio: Path,
        target: Path,
        look: ThumbnailLook | None = None,
        *,
        overwrite: bool = True,
    ) -> None:
        """Draw the same into a file, which is there whole or not at all.

        Raises:
            AudioMissing: there is no such file.
            BadAudio: it isn't audio.
            Conflict: there is something already, and it isn't to be overwritten.
            RushesError: the picture can't be written.
        """
        from rushes.media.thumbnail import write_thumbnail

        write_thumbnail(audio, target, look or ThumbnailLook(), overwrite=overwrite)

    @contextmanager
    def taken_in(
        self,
        name: str,
        audio: AudioInput,
        *,
        sample_rate: int | None,
        subtype: str | None,
        move: bool,
        admit: Callable[[int], None],
        is_named: Callable[[str], bool],
    ) -> Iterator[TakenIn]:
        """A file put in its place as ``audio/<name's beginning>/<name>``, for a row to name it.

        ``admit`` is told how many bytes it has before it gets there, and may refuse it.
        Within the block the row is to be committed. If that fails the file is taken away again,
        unless ``is_named`` finds a row all the same; if not, ``move`` takes the original away. An
        original that can't be taken away stays, which the log tells: the take is safe by then.

        Raises:
            BadInput: no sample rate came with samples, or the file to move is the library's own.
            BadAudio: it isn't audio.
            AudioMissing: there is no such file.
            DiskFull: there is no room; nothing is left behind.
            LibraryReadOnly: nothing may be written here.
        """
        from rushes.media.coming_in import bringing_in

        files = _files(self._root)
        self._sweep_once(files)
        source = Path(audio) if isinstance(audio, str | PathLike) else None
        if source is not None and move:
            self._check_foreign(source)
        with bringing_in(self._root):
            if source is not None:
                staged = files.stage(source, link=move)
            elif isinstance(audio, Upload):
                staged = audio.finish()
            elif sample_rate is None:
                raise BadInput("the samples need a sample rate", "", "Give sample_rate in Hz.")
            else:
                staged = files.stage_array(audio, sample_rate, subtype)
            called = "the audio" if source is None else shown(source.name)
            taken = self._placed(files, staged, name, called, admit)
            try:
                yield taken
            except BaseException:
                if not is_named(taken.audio_path):
                    files.remove(taken.audio_path)
                raise
        if source is not None and move:
            _take_away(source)
        self._hold_room_once()

    @contextmanager
    def streamed_in(
        self, streams: Sequence[Stream], *, is_named: Callable[[str], bool]
    ) -> Iterator[list[TakenIn]]:
        """Several new files in their places as with ``taken_in``, all of them or none.

        Each is whole, measured and checked before the first is put in its place. One that finds
        its name taken, by what a crash has left, gets a longer one.

        Raises:
            BadAudio: one isn't audio.
            DiskFull: there is no room; nothing is left behind.
            LibraryReadOnly: nothing may be written here.
            RushesError: what a stream or a check raises; nothing is left behind.
        """
        from rushes.media.coming_in import bringing_in

        files = _files(self._root)
        self._sweep_once(files)
        with bringing_in(self._root), ExitStack() as undone:
            staged: list[tuple[Stream, Staged, AudioFacts]] = []
            for stream in streams:
                with stream.opened() as source:
                    one = files.stage(source)
                undone.callback(files.discard, one)
                staged.append((stream, one, _measured(one, stream)))
            taken = list[TakenIn]()
            for stream, one, facts in staged:
                key = _free_key(files, stream.name, facts.format)
                files.place(one, key)
                undone.callback(_remove_unless, is_named, files, key)
                taken.append(TakenIn(key, facts))
            yield taken
            undone.pop_all()
        self._hold_room_once()

    def unlink(self, stored: str) -> None:
        """Remove one of the library's own files; one that is gone already is no error.

        What leads out of ``audio/`` names nothing that the library owns, and stays.

        Raises:
            LibraryError: it can't be removed.
        """
        from rushes.media.files import is_audio_key

        if is_audio_key(stored):
            _files(self._root).remove(stored)

    def _sweep_once(self, files: AudioFiles) -> None:
        """Remove what crashes left half copied; nobody is at work on a file for days."""
        if not self._swept:
            self._swept = True
            with suppress(RushesError):  # it is in nobody's way
                files.sweep(STALE)

    def _hold_room_once(self) -> None:
        """For the day that the disk is full."""
        if not self._holds_room:
            self._holds_room = True
            from rushes.media.ballast import Ballast

            Ballast(self._root).keep()

    def _check_foreign(self, source: Path) -> None:
        try:
            ours = source.resolve().is_relative_to(self._root.resolve())
        except (OSError, RuntimeError, ValueError):
            return  # whoever opens it tells what is wrong with it
        if ours:
            raise BadInput(
                f"{shown(source)} can't be moved into the library", "it lies there already"
            )

    @staticmethod
    def _placed(
        files: AudioFiles, staged: Staged, name: str, called: str, admit: Callable[[int], None]
    ) -> TakenIn:
        from rushes.media.facts import measure
        from rushes.media.files import audio_key

        try:
            admit(staged.bytes)
            facts = measure(staged.path, called)
            key = audio_key(f"{name[:2]}/{name}", facts.format)
            files.place(staged, key)
        except BaseException:
            files.discard(staged)
            raise
        return TakenIn(key, facts)


def _measured(staged: Staged, stream: Stream) -> AudioFacts:
    from rushes.media.facts import check_density, measure

    check_density(staged.path, stream.called)
    facts = measure(staged.path, stream.called)
    stream.check(facts)
    return facts


def _free_key(files: AudioFiles, name: str, format_name: str) -> str:
    from rushes.media.files import audio_key

    key = audio_key(f"{name[:2]}/{name}", format_name)
    return audio_key(f"{name[:2]}/{name}_{new_id()[:8]}", format_name) if files.exists(key) else key


def _remove_unless(is_named: Callable[[str], bool], files: AudioFiles, key: str) -> None:
    if not is_named(key):
        files.remove(key)


def _take_away(source: Path) -> None:
    try:
        source.unlink(missing_ok=True)
    except OSError as error:
        from rushes.logs import logger

        logger(__name__).warning("%s stays where it is: %s", shown(source), error.strerror)


def _files(root: Path) -> AudioFiles:
    from rushes.media.files import LocalAudioFiles

    return LocalAudioFiles(root)
