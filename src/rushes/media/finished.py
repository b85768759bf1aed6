"""Whether a file of audio says of itself that it is finished: a look that decodes nothing.

Programs that write a file bit by bit put its length in at the end: into the sizes of a WAV file
(see ``media.riff``), the number of samples of a FLAC file (RFC 9639, 8.2), the last page of an Ogg
stream (RFC 3533, 6).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from rushes.media.decode import open_regular
from rushes.media.riff import read_wav_sizes

_LARGEST_PAGE = 65_307
_LAST_PAGE = 4
_SAMPLES = (1 << 36) - 1


def is_finished(path: Path) -> bool:
    """Whether nothing in the file says that its writer is still at work on it.

    Formats that tell nothing, such as MP3, always are.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't a plain file.
        RushesError: it can't be opened.
    """
    with open_regular(path) as handle:
        total = os.fstat(handle.fileno()).st_size
        head = handle.read(26)
        if head.startswith((b"RIFF", b"RIFX", b"RF64")):
            return _is_finished_wav(handle, total)
        if head.startswith(b"fLaC"):
            return int.from_bytes(head[18:26]) & _SAMPLES != 0
        if head.startswith(b"OggS"):
            return _is_finished_ogg(handle, total)
    return True


def _is_finished_wav(handle: BinaryIO, total: int) -> bool:
    sizes = read_wav_sizes(handle, total)
    if sizes is None or sizes.unfinished or sizes.claimed > sizes.held:
        return False
    # Some writers count the byte that makes a length even, some don't.
    return abs(sizes.riff + 8 - total) <= 1


def _is_finished_ogg(handle: BinaryIO, total: int) -> bool:
    handle.seek(max(0, total - _LARGEST_PAGE))
    tail = handle.read(_LARGEST_PAGE)
    page = tail.rfind(b"OggS")
    return page >= 0 and bool(tail[page + 5 : page + 6]) and bool(tail[page + 5] & _LAST_PAGE)
