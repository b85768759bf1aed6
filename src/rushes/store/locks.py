"""Whether files can be locked where a library lies: SQLite calls a disk without locks busy."""

from __future__ import annotations

import errno
import fcntl
import tempfile
from pathlib import Path

_UNKNOWN = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})


def has_locks(folder: Path) -> bool:
    """Whether a file in ``folder`` can be locked; true where that can't be tried."""
    try:
        # A file of its own: to close one's second handle of a database drops all locks on it.
        with tempfile.TemporaryFile(dir=folder) as handle:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _UNKNOWN
    return True
