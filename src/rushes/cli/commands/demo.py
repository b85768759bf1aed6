"""``demo``: a library to try, made on the spot."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rushes.cli.demo_library import is_demo, make_demo_library
from rushes.cli.options import Context
from rushes.cli.output import flush, is_terminal, result
from rushes.cli.progress import Progress
from rushes.cli.screens import open_screens
from rushes.cli.session import session_of
from rushes.paths import demo_library


def demo(
    context: Context,
    *,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Make it and print where it lies, no more.")
    ] = False,
) -> None:
    """Make a library to try, once, and open it.

    It lies beside the default library, or where --library says. A library of your own is never
    touched.
    """
    session = session_of(context)
    folder = session.named or demo_library()
    if not is_demo(folder):
        with Progress("making the demo", ascii=session.ascii) as progress:
            make_demo_library(folder, progress)
    result(str(folder))
    if no_open or not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        return
    flush()
    raise typer.Exit(open_screens(folder, session.config, session.reading.problems))
