"""The demo's folder: whole or not there at all, and never somebody's own library.

It is made beside its place, in ``<folder>.making``, and renamed into it when it is whole. What
an interrupted making leaves there is made anew the next time. A file says that it is the demo.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rushes.domain.text import one_line
from rushes.domain.times import now
from rushes.errors import Conflict, LibraryError

MARK = "demo.txt"
"""The file that tells the demo from a library of somebody's own."""

_SAYS = "This library was made by `rushes demo`. Nobody needs it: delete it whenever you like.\n"
_MAKING = ".making"


def is_demo(folder: Path) -> bool:
    """Tell whether the folder holds a demo that is whole.

    Raises:
        Conflict: it holds something else.
    """
    try:
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return False
        if (folder / MARK).is_file():
            return True
    except OSError as error:
        raise _failed(folder, error) from None
    raise Conflict(
        f"{one_line(str(folder))} isn't the demo",
        "it holds something else",
        "Name another folder: rushes --library DIR demo.",
    )


def make_demo_library(folder: Path, progress: Callable[[int, int], None]) -> None:
    """Make the demo in a folder that isn't there yet, or is empty.

    Raises:
        Conflict: another process is making it, or something else is in the way.
        LibraryError: it can't be written.
    """
    from rushes.demo.make import make_demo
    from rushes.library import Library

    making = folder.with_name(folder.name + _MAKING)
    try:
        with _only_one(making):
            if is_demo(folder):
                return
            fresh = making / "library"
            if fresh.exists():  # left by one that was interrupted
                shutil.rmtree(fresh)
            with Library.open(fresh) as library:
                make_demo(library, now=now(), progress=progress)
            (fresh / MARK).write_text(_SAYS, encoding="utf-8")
            fresh.rename(folder)
    except OSError as error:
        raise _failed(folder, error) from None


@contextmanager
def _only_one(making: Path) -> Iterator[None]:
    """Hold the folder of the making; the lock goes with the process, whatever happens to it."""
    making.mkdir(parents=True, exist_ok=True)
    if not (making / MARK).exists() and any(making.iterdir()):
        raise Conflict(f"{one_line(str(making))} is in the way", "", "Move it elsewhere.")
    with (making / MARK).open("a", encoding="utf-8") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "the demo isn't ready", "another rushes is making it", "Wait a few seconds."
            ) from None
        try:
            yield
        finally:
            shutil.rmtree(making, ignore_errors=True)


def _failed(folder: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"the demo at {one_line(str(folder))} can't be made",
        error.strerror or str(error),
        "Name another folder: rushes --library DIR demo.",
    )
