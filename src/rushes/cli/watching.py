"""``add --watch``: the files of a folder become takes as they arrive, until somebody ends it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from rushes.cli.details import Details
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import flush, message
from rushes.cli.quota_warning import tell_quota
from rushes.cli.session import Session
from rushes.cli.stopping import stopping
from rushes.domain.arrivals import Given
from rushes.domain.text import one_line, shown
from rushes.errors import LibraryError

if TYPE_CHECKING:
    import typer

    from rushes.library import Library
    from rushes.library.watched_folder import WatchedFolder

BETWEEN = 1.0
"""Seconds between two looks at a folder."""

LONGEST_BETWEEN = 30.0
"""The same for a folder of so many files that looking at it takes its time."""

_IDLE = 20
"""Times as long as a look took the next one is waited for at least."""


def given_among(
    context: typer.Context, details: Details, profile: str | None, text: str | None
) -> Given:
    """What the person gave; a default gives way to what is said of a file."""
    return Given(
        profile=profile,
        text=text,
        language=details["language"] if _is_given(context, "language") else None,
        engine=details["engine"] if _is_given(context, "engine") else None,
        model_size=details["model_size"],
        seed=details["seed"],
        instruct=details["instruct"],
        params=details["params"],
        created_at=details["created_at"],
    )


def watch_folder(
    session: Session, folder: Path, given: Given, outcome: Outcome, *, move: bool, only_new: bool
) -> None:
    """Take in what arrives in the folder until a signal ends it, which is how it is to end.

    Raises:
        RushesError: the folder can't be watched.
        typer.Exit: something failed.
    """
    # Its ``put`` may be called by a signal's handler, whatever that interrupts.
    told: SimpleQueue[int] = SimpleQueue()
    profiles: set[str] = set()
    with session.library() as library, stopping(told.put):
        watched = library.watching.watch(folder, given, move=move, only_new=only_new)
        message(f"watching {shown(watched.place)}; Ctrl+C ends it")
        there = True
        try:
            while told.empty():
                began = time.monotonic()
                if there != watched.place.is_dir():
                    there = not there
                    message(f"{shown(watched.place)} is {'back' if there else 'gone'}")
                came = _look(watched, outcome, told, profiles, move=move)
                took = 0.0 if came else time.monotonic() - began
                if came and library.upkeep.due():
                    library.upkeep.run()
                _wait(told, min(LONGEST_BETWEEN, max(BETWEEN, _IDLE * took)))
        except LibraryError as error:
            outcome.fail(str(folder), error)
        _tell_quotas(library, profiles)
    outcome.end(f"{takes(len(outcome.done))} added")


def tell_what_stays(file: Path, *, move: bool) -> None:
    """Say so where a file was to be taken away, and is still there."""
    if move and os.path.lexists(file):
        message(f"{one_line(str(file))} couldn't be taken away, but its copy is in the library")


def _look(
    watched: WatchedFolder,
    outcome: Outcome,
    told: SimpleQueue[int],
    profiles: set[str],
    *,
    move: bool,
) -> bool:
    """Tell what became of each file; whether there was any."""
    any_came = False
    for arrived in watched.look(time.monotonic()):
        any_came = True
        if arrived.error is not None:
            outcome.fail(str(arrived.path), arrived.error)
        if arrived.take is not None:
            outcome.add(arrived.take.id)
            flush()
            tell_what_stays(arrived.path, move=move)
            profiles.add(arrived.take.profile_name)
        if not told.empty():
            break
    return any_came


def _wait(told: SimpleQueue[int], seconds: float) -> None:
    """Wait so long, or until a signal came, which stays to be seen."""
    try:
        told.put(told.get(timeout=seconds))
    except Empty:
        return


def _tell_quotas(library: Library, profiles: set[str]) -> None:
    for name in sorted(profiles):
        tell_quota(library, name)


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"
