"""Big blocks of memory go back to the system when they are freed.

glibc gives blocks above a threshold back at once, but raises the threshold to the size of each
that is freed, up to 32 MB: after the first set of a million rows all the others would stay
(mallopt(3), M_MMAP_THRESHOLD). Setting it once holds it where it is.
"""

from __future__ import annotations

import sys
from functools import cache

_M_MMAP_THRESHOLD = -3
_FROM = 1 << 20
"""Bytes: what is smaller is asked for too often to be worth a system call."""


@cache
def give_back() -> None:
    """See to it from now on; where there is no glibc nothing is done."""
    if not sys.platform.startswith("linux"):
        return
    # numpy, which is imported beside this, has loaded it already.
    import ctypes

    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _FROM)
    except (OSError, AttributeError):
        return
