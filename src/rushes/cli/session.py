"""What one run of a command works with: which library, which settings, how it may draw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rushes.cli.output import message
from rushes.config import Config, Reading, library_path

if TYPE_CHECKING:
    import typer

    from rushes.library import Library


@dataclass(frozen=True, slots=True)
class Session:
    """One run. ``config`` are the settings that hold, ``named`` the folder from ``--library``."""

    reading: Reading
    config: Config
    named: Path | None

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
        from rushes.library import Library

        folder = self.library_path
        for problem in self.reading.problems:
            message(problem)
        with Library.open(folder) as library:
            yield library


def session_of(context: typer.Context) -> Session:
    """Give the session that the root command put together."""
    return cast(Session, context.obj)
