"""``backup``: the whole library in another folder, ready to be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.options import AsJson, Context
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import message
from rushes.cli.progress import Progress
from rushes.cli.session import session_of
from rushes.domain.backup import Backup
from rushes.errors import AudioMissing
from rushes.paths import named
from rushes.words.when import size


def backup(
    context: Context,
    *,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="A new or empty folder, or an earlier backup of this library.",
            readable=False,
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Copy the whole library, database and audio, to another folder.

    The copy is a library: rushes --library PATH opens it. A later backup to the same folder copies
    only what is new. Files of linked sources stay where they are.
    """
    session = session_of(context)
    outcome = Outcome(as_json)
    folder = named(path)
    with session.library() as library, Progress("backing up", ascii=session.ascii) as progress:
        made = library.backups.make(folder, watch=progress)
    outcome.add(str(folder))
    for file in made.missing:
        outcome.fail(
            file, AudioMissing(f"{file} couldn't be copied", "it isn't there, or unreadable")
        )
    if made.missing and not as_json:
        message("rushes verify tells more about what is missing")
    outcome.end(_told(made))


def _told(made: Backup) -> str:
    new = f"{made.copied:,} new, {size(made.bytes)}" if made.copied else "none of them new"
    files = "1 file" if made.files == 1 else f"{made.files:,} files"
    aside = f"; {made.set_aside:,} no longer needed, in its lost+found" if made.set_aside else ""
    return f"{takes(made.generations)} and {files} are backed up ({new}){aside}"
