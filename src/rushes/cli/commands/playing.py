"""``play``: takes through this machine's way out for sound."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from rushes.cli.options import Context, Ids
from rushes.cli.output import is_terminal, raw_message
from rushes.cli.session import session_of
from rushes.errors import BadInput, PlaybackError
from rushes.words.when import playhead

if TYPE_CHECKING:
    from rushes.library import Library

Named: TypeAlias = tuple[str, Path]
"""A key and the file of what is to be heard."""

_TICK = 0.1


def play(
    context: Context,
    *,
    takes: Ids,
    version: Annotated[
        str | None,
        typer.Option(
            "--version", metavar="V", help="A version, by its label or the beginning of its id."
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Stay until the end; Ctrl+C stops the sound.")
    ] = False,
) -> None:
    """Play takes, one after the other. The sound goes on by itself, unless --wait is given."""
    if version is not None and len(takes) > 1:
        raise BadInput("--version is of one take", f"there are {len(takes)}", "Name one.")
    session = session_of(context)
    with session.library() as library:
        chosen = [_chosen(library, take, version) for take in takes]
    route = session.config.sound
    if wait:
        play_to_the_end(chosen, route)
    else:
        play_by_itself(chosen, route)


def play_to_the_end(chosen: Sequence[Named], route: str) -> None:
    """Play files in turn and wait for their end; on a terminal the position is shown.

    What follows follows without a gap, where rate and channels are the same.

    Raises:
        PlaybackError: it can't be heard.
    """
    from rushes.playback.clip import Source
    from rushes.playback.listening.ways import HomePlayer
    from rushes.playback.state import Playing

    seen = is_terminal(sys.stderr)
    player = HomePlayer(route=route)
    try:
        player.queue(*(Source(key, path) for key, path in chosen))
        state = player.wait(_TICK)
        while state.playing is not Playing.STOPPED:
            if seen and state.length:
                raw_message(f"\r\x1b[K{playhead(state.position)} / {playhead(state.length)}")
            state = player.wait(_TICK)
    finally:
        player.close()
        if seen:
            raw_message("\r\x1b[K")
    if state.error is not None:
        raise PlaybackError(state.error)


def play_by_itself(chosen: Sequence[Named], route: str) -> None:
    """Start a process that plays files to their end; come back when the first is heard.

    Raises:
        PlaybackError: it can't be heard.
    """
    clips = [part for key, path in chosen for part in (key, str(path))]
    player = subprocess.Popen(
        # -P: a module of our name in the current folder is not ours.
        [sys.executable, "-P", "-m", "rushes.cli.detached", route, *clips],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    assert player.stdout is not None
    try:
        with player.stdout as answers:
            answer = answers.readline().strip()
    except KeyboardInterrupt:
        player.terminate()
        raise
    if answer != "playing":
        raise PlaybackError(answer or "the clip can't be played")


def _chosen(library: Library, take: str, version: str | None) -> Named:
    """Give the key and the file of what is to be heard."""
    generation = library.generations.get(take)
    if version is not None:
        chosen = library.versions.get(generation.id, version)
        return chosen.id, library.audio.path(chosen)
    if not generation.is_playable:
        why = "it is still running" if generation.status.is_running else "it has no audio"
        raise PlaybackError(f"the generation {generation.id} can't be heard", why)
    return generation.id, library.audio.path(generation)
