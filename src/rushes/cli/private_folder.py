"""A folder of this run alone, for the file that a command is asked to write."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rushes.domain.text import shown
from rushes.errors import RushesError

_STEM, _SUFFIX = "take", ".wav"


@dataclass(slots=True)
class PrivateFolder:
    """The folder; it goes away in the end, unless it was ``kept``."""

    folder: Path
    kept: bool = False

    @property
    def asked(self) -> Path:
        """The file that a command is asked to write."""
        return self.folder / f"{_STEM}{_SUFFIX}"

    def written(self) -> Path:
        """The file that it wrote: that one, or one of the same stem with another suffix.

        Raises:
            RushesError: there is none, or there are several.
        """
        if self.asked.is_file():
            return self.asked
        found = sorted(file for file in self.folder.glob(f"{_STEM}*") if file.is_file())
        if not found:
            raise RushesError("no file was written", "", "{out} stands for its name.")
        if len(found) > 1:
            names = ", ".join(shown(file.name) for file in found)
            raise RushesError("several files were written", names)
        return found[0]


@contextmanager
def private_folder() -> Iterator[PrivateFolder]:
    """Make one where temporary files lie (TMPDIR); nobody else may look into it.

    Raises:
        RushesError: it can't be made.
    """
    try:
        private = PrivateFolder(Path(tempfile.mkdtemp(prefix="rushes-")))
    except OSError as error:
        raise RushesError(
            "no temporary folder can be made", error.strerror or str(error), "Set TMPDIR."
        ) from None
    try:
        yield private
    finally:
        if not private.kept:
            shutil.rmtree(private.folder, ignore_errors=True)
