"""What another program's folder is: recognised by what lies in it, and opened for reading."""

from __future__ import annotations

from pathlib import Path

from rushes.domain.source import SourceKind
from rushes.domain.text import shown
from rushes.errors import SourceError
from rushes.exchange.history import ForeignHistory
from rushes.exchange.small_dataset_audio import INDEX, SmallDatasetAudioHistory
from rushes.exchange.voicebox import VoiceboxHistory, is_voicebox
from rushes.exchange.walking import LIBRARY_FILE, files_below, signature_below

DATABASE = "voicebox.db"

_DATABASES = (".db", ".sqlite", ".sqlite3")
_KNOWN = (
    "A Voicebox or Sonna data directory, a small_dataset_audio history and a folder of audio "
    "files are."
)


def recognised(path: Path, audio: Path | None = None) -> ForeignHistory:
    """The history at ``path``, a folder or the file that is read; the caller closes it.

    ``audio`` is the folder of its audio where that doesn't lie beside it.

    Raises:
        SourceError: there is nothing, nothing known, or it can't be read.
    """
    place = _resolved(path)
    apart = None if audio is None else _resolved(audio)
    if apart is not None and not apart.is_dir():
        raise SourceError(f"{shown(apart)} can't hold its audio", "it isn't a folder")
    try:
        if place.is_dir():
            return _in_folder(place, apart)
        return _of_file(place, apart)
    except OSError as error:
        raise SourceError(f"{shown(path)} can't be read", error.strerror or "") from error


def opened(kind: SourceKind, place: Path, root: Path) -> ForeignHistory:
    """A history that was recognised before; the caller closes it.

    Raises:
        SourceError: it is gone, or can't be read.
    """
    _check_there(kind, place)
    match kind:
        case SourceKind.VOICEBOX:
            return VoiceboxHistory(place, root)
        case SourceKind.SMALL_DATASET_AUDIO:
            return SmallDatasetAudioHistory(place, root)
        case SourceKind.FOLDER:
            from rushes.exchange.audio_folder import AudioFolder

            return AudioFolder(place)


def signature_of(kind: SourceKind, place: Path) -> str:
    """What the history's ``signature`` would give, without opening it.

    Raises:
        SourceError: it can't be looked at.
    """
    _check_there(kind, place)
    match kind:
        case SourceKind.VOICEBOX:
            from rushes.exchange.foreign_database import signature_of as of_database

            return of_database(place)
        case SourceKind.SMALL_DATASET_AUDIO:
            from rushes.exchange.small_dataset_audio import signature_of as of_index

            return of_index(place)
        case SourceKind.FOLDER:
            return signature_below(place)


def _check_there(kind: SourceKind, place: Path) -> None:
    """Tell of a place that is gone; an index may have its copy left."""
    copy = place.with_name(f"{INDEX}.bak")
    if place.exists() or (kind is SourceKind.SMALL_DATASET_AUDIO and copy.exists()):
        return
    raise SourceError(
        f"{shown(place)} is gone",
        "it was moved or removed",
        "Bring it back, or `rushes source remove` it.",
    )


def _in_folder(folder: Path, audio: Path | None) -> ForeignHistory:
    if (folder / LIBRARY_FILE).exists():
        raise SourceError(
            f"{shown(folder)} can't be linked",
            "it is a library of rushes",
            "Open it with `rushes --library`.",
        )
    database = _database_in(folder)
    if database is not None:
        return VoiceboxHistory(database, audio or folder)
    for index in (folder / INDEX, folder / "history" / INDEX):
        if index.exists() or index.with_name(f"{INDEX}.bak").exists():
            return SmallDatasetAudioHistory(index, audio)
    if next(files_below(folder, deep=True), None) is None:
        raise SourceError(f"{shown(folder)} isn't known", "no history lies there", _KNOWN)
    from rushes.exchange.audio_folder import AudioFolder

    return AudioFolder(folder)


def _of_file(file: Path, audio: Path | None) -> ForeignHistory:
    if not file.exists():
        raise SourceError(f"there is no {shown(file)}", "", "Check the path.")
    if file.name in (INDEX, f"{INDEX}.bak"):
        return SmallDatasetAudioHistory(file.with_name(INDEX), audio)
    if _holds_generations(file):
        return VoiceboxHistory(file, audio or file.parent)
    raise SourceError(f"{shown(file)} isn't known", "it is no history", _KNOWN)


def holds_history(folder: Path) -> bool:
    """Whether a folder holds what ``recognised`` would take, or is a library.

    Raises OSError where it can't be looked into.
    """
    named = (LIBRARY_FILE, INDEX, f"{INDEX}.bak", f"history/{INDEX}")
    return (
        any((folder / name).exists() for name in named)
        or _database_in(folder) is not None
        or next(files_below(folder, deep=True), None) is not None
    )


def _database_in(folder: Path) -> Path | None:
    """Voicebox's database of a folder: by its name, else the only one with generations in it."""
    named = folder / DATABASE
    if named.is_file():
        return named
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _DATABASES)
    fitting = [file for file in files if file.is_file() and _holds_generations(file)]
    return fitting[0] if len(fitting) == 1 else None


def _holds_generations(file: Path) -> bool:
    from contextlib import closing

    from rushes.exchange.foreign_database import ForeignDatabase

    try:
        with closing(ForeignDatabase(file)) as database:
            return is_voicebox(database)
    except SourceError:
        return False


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise SourceError(f"{shown(path)} can't be read", shown(error)) from error
