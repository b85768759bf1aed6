"""The process behind ``rushes play``: plays files to their end, and nobody waits for it.

Arguments: the route, then a key and a file for each clip. The first line of standard output is
``playing`` as soon as there is sound, or else what went wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Queue

from rushes.errors import RushesError
from rushes.logs import set_up
from rushes.playback.clip import Source
from rushes.playback.listening.ways import HomePlayer
from rushes.playback.state import PlayerState, Playing


def main(route: str, *clips: str) -> int:
    """Play the files, each after its key among ``clips``; give the exit code."""
    changes: Queue[PlayerState] = Queue()
    try:
        player = HomePlayer(route=route, on_change=changes.put)
    except RushesError as error:
        _answer(str(error))
        return error.exit_code
    try:
        player.queue(*(Source(key, Path(file)) for key, file in _pairs(clips)))
        state = changes.get()
        while state.playing is Playing.LOADING:
            state = changes.get()
        if state.error is not None:
            _answer(state.error)
            return 1
        _answer("playing")
        player.wait()
    finally:
        player.close()
    return 0


def _pairs(clips: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Two and two of them."""
    return zip(clips[::2], clips[1::2], strict=True)


def _answer(line: str) -> None:
    """Say one line to whoever started this process, and let go of them."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    set_up()
    sys.exit(main(*sys.argv[1:]))
