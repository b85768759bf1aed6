"""Files for places outside a library: written beside their place, whole before they have a name.

A file grows as ``.rushes-….part``, is flushed, and gets its name by a link, which never replaces
what bears that name. What a crash leaves is such a part, or a whole file.
"""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from rushes.domain.text import shown
from rushes.errors import TargetError
from rushes.media.files import flush_folder, make_folder

_BUFFER = 1 << 20
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class Part:
    """A file that is being written; ``handle`` is open at its beginning."""

    def __init__(self, path: Path, handle: BinaryIO) -> None:
        self.path = path
        self.handle = handle

    def flush(self) -> None:
        """Have all of it on the disk; raises OSError."""
        self.handle.flush()
        os.fsync(self.handle.fileno())

    def unreadable(self) -> TargetError:
        """What was written can't be read back."""
        return TargetError(
            "what was written can't be read back as it was",
            f"the disk of {shown(self.path.parent)} failed",
            "Name a folder on another disk.",
        )

    def put(self, name: str, *, overwrite: bool) -> bool:
        """Give the file its name in its folder, flushed; false where something bears it already.

        ``overwrite`` replaces what bears it. Raises OSError.
        """
        target = self.path.with_name(name)
        if overwrite:
            self.path.replace(target)
        elif not _linked(self.path, target):
            return False
        _flush_name(target.parent)
        return True


@contextmanager
def part_in(folder: Path) -> Iterator[Part]:
    """A new part in a folder, which is made where there is none; gone at the end in any case.

    Raises:
        TargetError: the folder can't be written, or has no room left.
    """
    with told(folder):
        make_folder(folder)
        path = folder / f".rushes-{uuid.uuid4()}.part"
        try:
            with path.open("x+b", buffering=_BUFFER) as handle:
                yield Part(path, handle)
        finally:
            with suppress(OSError):  # what is to be told is why it came to this
                path.unlink(missing_ok=True)


@contextmanager
def folder_for_a_while() -> Iterator[Path]:
    """A folder where temporary files lie (TMPDIR), for this user alone; gone at the end.

    Raises:
        TargetError: it can't be made.
    """
    try:
        folder = TemporaryDirectory(prefix="rushes-", ignore_cleanup_errors=True)
    except OSError as error:
        raise TargetError(
            "no temporary folder can be made", error.strerror or str(error), "Set TMPDIR."
        ) from None
    with folder as name:
        yield Path(name)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Within it, what the system says against writing to ``folder`` leaves as ours.

    Raises:
        TargetError: by what the system says.
    """
    try:
        yield
    except OSError as error:
        what = f"nothing more can be written to {shown(folder)}"
        if error.errno in _NO_ROOM:
            raise TargetError(what, "no room is left there", "Make room there.") from error
        why = os.strerror(error.errno) if error.errno else shown(error)
        raise TargetError(what, why, "Name another folder.") from error


def _flush_name(folder: Path) -> None:
    """Have a new name on the disk, where the file system can be asked for that."""
    try:
        flush_folder(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, *_NO_LINKS):  # as on some network disks
            raise


def _linked(path: Path, target: Path) -> bool:
    """Give a file a second name unless something bears it."""
    try:
        os.link(path, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        path.unlink()
        return True
    return _claimed(path, target)


def _claimed(path: Path, target: Path) -> bool:
    """The same where the file system knows no links: an empty file keeps the name until then."""
    try:
        target.open("xb").close()
    except FileExistsError:
        return False
    try:
        path.replace(target)
    except OSError:
        target.unlink()
        raise
    return True
