"""Audio and archives that come piece by piece instead of lying in a file already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.media.arriving import Arriving
    from rushes.media.files import Staged


class Upload:
    """What is coming in: ``write`` its pieces, then hand it to whatever takes audio.

    ``discard`` it in the end, whatever became of it. Safe from any thread, one at a time.
    """

    def __init__(self, arriving: Arriving) -> None:
        self._arriving = arriving

    @property
    def path(self) -> Path:
        """Where it lies until it was handed over."""
        return self._arriving.path

    def write(self, piece: bytes) -> None:
        """Take what comes next.

        Raises:
            BadAudio: it is too much.
            DiskFull: there is no room.
            RushesError: it can't be written.
        """
        self._arriving.write(piece)

    def finish(self) -> Staged:
        """It is whole; flushed to disk.

        Raises:
            RushesError: it can't be flushed.
        """
        return self._arriving.finish()

    def discard(self) -> None:
        """Let go of it; what the library has taken by then stays there."""
        self._arriving.discard()


class Uploads:
    """``library.uploads``."""

    def __init__(self, store: Store, root: Path) -> None:
        self._store = store
        self._root = root

    def begin(self) -> Upload:
        """Begin to take something in.

        Raises:
            LibraryReadOnly: nothing may be written here.
            DiskFull: there is no room.
            RushesError: it can't be begun.
        """
        from rushes.media.arriving import Arriving

        self._store.check_writable()
        return Upload(Arriving(self._root))
