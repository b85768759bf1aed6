"""Questions: asked on a terminal only."""

from __future__ import annotations

import sys

import typer

from rushes.cli.output import is_terminal, message, raw_message
from rushes.errors import BadInput


def agreed(question: str, *, yes: bool, destroys: bool) -> None:
    """Go on only when the person agrees: by ``--yes``, or by typing y at a terminal.

    Elsewhere nobody can be asked: what can be undone goes ahead, what destroys doesn't.

    Raises:
        BadInput: it destroys, nobody can be asked, and ``--yes`` is missing.
        typer.Exit: the person said no.
    """
    if yes:
        return
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        if destroys:
            raise BadInput("nothing was deleted", "nobody is there to be asked", "Add --yes.")
        return
    raw_message(f"{question} [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        message("nothing was done")
        raise typer.Exit(1)
