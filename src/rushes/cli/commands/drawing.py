"""``thumbnail``: the waveforms of takes as small pictures."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.options import AsJson, Context, Ids
from rushes.cli.outcome import Outcome
from rushes.cli.progress import Progress
from rushes.cli.session import Session, session_of
from rushes.domain.picking import pick_version
from rushes.domain.thumbnail import ThumbnailLook, read_size
from rushes.errors import BadInput, Conflict, RushesError
from rushes.paths import named

if TYPE_CHECKING:
    from rushes.library import Library

_STANDARD_OUTPUT = "-"


def thumbnail(
    context: Context,
    *,
    takes: Ids,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="The picture's file; for several takes a folder; - is standard output.",
        ),
    ],
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="Width and height in pixels.")
    ] = "320x64",
    version: Annotated[
        str | None,
        typer.Option(
            "--version", metavar="V", help="A version, by its label or the beginning of its id."
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files of the same name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Draw the waveforms of takes as PNG files, and print where they lie.

    Full scale fills the height, so that quiet clips look quiet. In a folder each is called after
    its take's id. The colours are those of the theme.
    """
    session = session_of(context)
    look = _look(session, size)
    if output == _STANDARD_OUTPUT:
        if as_json or len(takes) > 1:
            raise BadInput("standard output takes one picture and nothing else")
        _print(session, takes[0], version, look)
        return
    target = named(output)
    in_folder = len(takes) > 1 or output.endswith(os.sep) or target.is_dir()
    outcome = Outcome(as_json, printed=True)
    with session.library() as library, Progress("drawing", ascii=session.ascii) as progress:
        for count, asked in enumerate(takes):
            progress(count, len(takes))
            try:
                identity, audio = _chosen(library, asked, version)
                file = target / f"{identity}.png" if in_folder else target
                library.audio.thumbnail(audio, file, look, overwrite=overwrite)
                outcome.add(str(file))
            except Conflict as error:
                outcome.fail(asked, Conflict(error.what, error.why, "Add --overwrite."))
            except RushesError as error:
                outcome.fail(asked, error)
    outcome.end()


def _print(session: Session, take: str, version: str | None, look: ThumbnailLook) -> None:
    with session.library() as library:
        picture = library.audio.picture(_chosen(library, take, version)[1], look)
    try:
        sys.stdout.buffer.write(picture)
        sys.stdout.flush()
    except BrokenPipeError:
        return
    except OSError as error:
        raise RushesError("the picture can't be written", error.strerror or str(error)) from None


def _look(session: Session, size: str) -> ThumbnailLook:
    from rushes.tui.colours import DARK, LIGHT

    width, height = read_size(size)
    colours = LIGHT if session.config.theme == LIGHT.name else DARK
    return ThumbnailLook(width, height, colours.ground, colours.blue)


def _chosen(library: Library, take: str, version: str | None) -> tuple[str, Path]:
    """Give the name of the picture and the file of what is to be drawn."""
    generation = library.generations.get(take)
    if version is None:
        return generation.id, library.audio.path(generation)
    chosen = pick_version(library.versions.list(generation.id), version)
    return f"{generation.id}_{chosen.id[:8]}", library.audio.path(chosen)
