"""Every error that reaches a person: what happened, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self


class RushesError(Exception):
    """An expected failure, told in one line.

    ``what`` says what happened, ``why`` the cause (may be empty), ``fix`` what to do (may be
    empty). ``str(error)`` joins them into the one line that the command line and the toasts show.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        super().__init__(what, why, fix)
        self.what = what
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        line = f"{self.what}: {self.why}" if self.why else self.what
        line = f"{line}. {self.fix}" if self.fix else line
        return " ".join(line.split())


class BadInput(RushesError):
    """What was asked for can't be meant: a wrong value, an impossible combination."""

    exit_code = 2


class BadFilter(BadInput):
    """A filter that can't be read; ``position`` is the 0-based character where it goes wrong."""

    def __init__(self, what: str, position: int, why: str = "", fix: str = "") -> None:
        super().__init__(what, why, fix)
        self.position = position


class BadPattern(BadInput):
    """A pattern of file names that can't be read; ``position`` as for ``BadFilter``."""

    def __init__(self, what: str, position: int, why: str = "", fix: str = "") -> None:
        super().__init__(what, why, fix)
        self.position = position


class NotFound(RushesError):
    """Nothing here has that id or name."""


class Ambiguous(RushesError):
    """An id prefix or a name fits several."""


class Conflict(RushesError):
    """It is there already, or its state forbids the step."""


class BadAudio(RushesError):
    """A file or an array that isn't audio, is empty, or lies about itself."""


class AudioMissing(RushesError):
    """A row names audio that isn't on the disk."""


class LibraryError(RushesError):
    """The library as a whole can't do it."""


class NotALibrary(LibraryError):
    """The folder holds something else."""


class LibraryTooNew(LibraryError):
    """A newer rushes has migrated this library."""


class LibraryDamaged(LibraryError):
    """SQLite says the database is broken."""


class LibraryReadOnly(LibraryError):
    """The library can be read but not written."""


class LibraryBusy(LibraryError):
    """Somebody else kept the database locked for longer than we wait."""


class DiskFull(LibraryError):
    """No room left where the library lies."""


class QuotaExceeded(LibraryError):
    """A profile has used up its quota, and the library was told to refuse more."""


class FilesKept(LibraryError):
    """Files that were to go can't be removed; ``ids`` name the generations that wait for it.

    Everything else that was to go is gone. What is left goes when the library is opened and the
    files can be removed.
    """

    def __init__(self, what: str, why: str = "", fix: str = "", ids: tuple[str, ...] = ()) -> None:
        super().__init__(what, why, fix)
        self.ids = ids

    @classmethod
    def of(cls, errors: Sequence[RushesError], ids: tuple[str, ...] = ()) -> Self:
        """The error for several files, told by the first of them."""
        files = "a file" if len(errors) == 1 else f"{len(errors):,} files"
        fix = errors[0].fix or "It is tried again whenever the library is opened."
        return cls(f"{files} can't be removed", errors[0].why or errors[0].what, fix, ids)


class Interrupted(LibraryError):
    """A question was called off by whoever asked it; nobody needs to be told."""


class SourceError(RushesError):
    """Another program's folder can't be read, or isn't one that rushes knows."""


class TargetError(RushesError):
    """The place that something is exported to can't take it."""


class PlaybackError(RushesError):
    """A clip can't be played."""


class NoSound(PlaybackError):
    """There is no way out for sound on this machine."""


class ConfigError(BadInput):
    """The configuration file can't be read or holds an impossible value."""
