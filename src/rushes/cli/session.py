"""What one run of a command works with: which library, which settings, how it may draw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rushes.cli.output import message
from rushes.cli.progress import Progress
from rushes.config import Config, Reading, library_path
from rushes.errors import RushesError

if TYPE_CHECKING:
    import typer

    from rushes.library import Library


@dataclass(frozen=True, slots=True)
class Session:
    """One run. ``config`` are the settings that hold, ``named`` the folder from ``--library``."""

    reading: Reading
    config: Config
    named: Path | None
    _neglected: set[Path] = field(default_factory=set, init=False, compare=False)

    @property
    def ascii(self) -> bool:
        """Tell whether to do without characters that fonts or encodings may lack."""
        return self.config.ascii

    @property
    def library_path(self) -> Path:
        """The library's folder.

        Raises:
            ConfigError: it hangs on a configuration file that can't be understood.
        """
        return library_path(self.named, self.reading)[0]

    @contextmanager
    def library(self) -> Iterator[Library]:
        """Open the library, making it where there is none, and close it in the end.

        What couldn't be used of the configuration is told first.

        Raises:
            LibraryError: the folder holds something else, or can't be used.
        """
        folder = self.library_path
        for problem in self.reading.problems:
            message(problem)
        with closing(self._opened(folder)) as library:
            yield library
            if library.has_written and library.upkeep.due():
                self._neglected.add(folder)

    def look_after(self) -> None:
        """Do what is due of upkeep where something was written, once all results are told."""
        while self._neglected:
            folder = self._neglected.pop()
            with (
                suppress(RushesError, KeyboardInterrupt),
                closing(self._opened(folder)) as library,
                Progress("looking after the library", ascii=self.ascii) as progress,
            ):
                done = library.upkeep.run(progress)
                _tell_clean_up(library, done)

    @staticmethod
    def _opened(folder: Path) -> Library:
        from rushes.library import Library

        return Library.open(folder)


def _tell_clean_up(library: Library, done: tuple[str, ...]) -> None:
    """Tell what the saved policy has taken away, where that is among what was done."""
    from rushes.library.upkeep import CleanUpByPolicy

    kept = library.storage.saved_policy() if CleanUpByPolicy.name in done else None
    if kept is not None:
        from rushes.words.storage import run_line

        message(f"the saved clean-up policy {run_line(kept.last, 'just now')}")


def session_of(context: typer.Context) -> Session:
    """Give the session that the root command put together."""
    return cast(Session, context.obj)
