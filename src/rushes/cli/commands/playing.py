"""``play``: a take through this machine's way out for sound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.options import Context, Id
from rushes.cli.output import is_terminal, raw_message
from rushes.cli.session import session_of
from rushes.errors import PlaybackError
from rushes.tui.when import playhead

if TYPE_CHECKING:
    from rushes.library import Library

_TICK = 0.1


def play(
    context: Context,
    *,
    take: Id,
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
    """Play a take. The sound goes on by itself, unless --wait is given."""
    session = session_of(context)
    with session.library() as library:
        name, path = _chosen(library, take, version)
    route = session.config.sound
    if wait:
        play_to_the_end(name, path, route)
    else:
        play_by_itself(name, path, route)


def play_to_the_end(name: str, path: Path, route: str) -> None:
    """Play a file and wait for its end; on a terminal the position is shown.

    Raises:
        PlaybackError: it can't be heard.
    """
    from rushes.playback.clip import Source
    from rushes.playback.listening.ways import HomePlayer
    from rushes.playback.state import Playing

    seen = is_terminal(sys.stderr)
    player = HomePlayer(route=route)
    try:
        player.play(Source(name, path))
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


def play_by_itself(name: str, path: Path, route: str) -> None:
    """Start a process that plays a file to its end; come back when it is heard.

    Raises:
        PlaybackError: it can't be heard.
    """
    player = subprocess.Popen(
        # -P: a module of our name in the current folder is not ours.
        [sys.executable, "-P", "-m", "rushes.cli.detached", name, str(path), route],
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


def _chosen(library: Library, take: str, version: str | None) -> tuple[str, Path]:
    """Give the key and the file of what is to be heard."""
    generation = library.generations.get(take)
    if version is not None:
        chosen = library.versions.get(generation.id, version)
        return chosen.id, library.audio.path(chosen)
    if not generation.is_playable:
        why = "it is still running" if generation.status.is_running else "it has no audio"
        raise PlaybackError(f"the generation {generation.id} can't be heard", why)
    return generation.id, library.audio.path(generation)
