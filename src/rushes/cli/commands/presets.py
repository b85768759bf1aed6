"""``presets list|save|show|rename|delete``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context, Id
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import has_colour, is_terminal, json_result, message, result, width
from rushes.cli.session import session_of
from rushes.cli.takes import SHORT_ID, Drawing, lines
from rushes.domain.preset import parted
from rushes.domain.record import preset_record
from rushes.domain.text import one_line
from rushes.errors import RushesError
from rushes.words.cells import fit, shorten
from rushes.words.presets import in_lines

app = typer.Typer(
    help="Named sets of parameters: saved from takes, and brought along by other programs.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)

_SHOWN_TAKES = 20

Which = Annotated[
    str,
    typer.Argument(
        metavar="PRESET", help="Its name, with its folder where need be (brass/dark), or its id."
    ),
]
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="Its name, perhaps in a folder: brass/dark.")
]
OfProfile = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="Only this profile's.")
]


@app.command("list", cls=Command)
def list_presets(
    context: Context,
    *,
    profile: OfProfile = None,
    folder: Annotated[
        str | None, typer.Option("--folder", metavar="NAME", help="Only this folder's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the presets by profile and folder."""
    with session_of(context).library() as library:
        found = library.presets.list(profile, folder)
    if as_json:
        items = [preset_record(preset) for preset in found]
        json_result({"items": items, "total": len(items)})
        return
    for preset in found:
        cells = (
            preset.id[:SHORT_ID],
            fit(preset.profile_name or "no profile", 16),
            fit(preset.path, 28),
            shorten(preset.description or "", 40),
        )
        result("  ".join(cells).rstrip())
    if not found and is_terminal(sys.stderr):
        message("no presets yet: rushes presets save ID NAME keeps what a take was made with")


@app.command("save", cls=Command)
def save(
    context: Context,
    *,
    take: Id,
    name: Name,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="What it is good for.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep what a take was made with under a name, for its profile; print the preset's id."""
    outcome = Outcome(as_json, printed=True)
    folder, bare = parted(name)
    with session_of(context).library() as library:
        try:
            outcome.add(library.presets.save(take, bare, folder=folder, description=description).id)
        except RushesError as error:
            outcome.fail(name, error)
    outcome.end()


@app.command("show", cls=Command)
def show(
    context: Context, *, preset: Which, profile: OfProfile = None, as_json: AsJson = False
) -> None:
    """Show a preset whole: its parameters, the take it came from, and the takes made with it."""
    session = session_of(context)
    with session.library() as library:
        found = library.presets.get(preset, profile)
        made = library.presets.made_with(found)
        if as_json:
            json_result({**preset_record(found), "generations": list(made)})
            return
        drawing = Drawing(width(), session.ascii, has_colour())
        for line in in_lines(found, ascii=session.ascii):
            result(line)
        came_from = library.generations.of_ids([found.generation_id or ""])
        if found.generation_id is not None:
            result("\nsaved from" + ("" if came_from else ": a take that is gone"))
            for line in lines(came_from, drawing):
                result(f"  {line}")
        if made:
            result(f"\nmade with a preset of this name: {takes(len(made))}")
            for line in lines(library.generations.of_ids(made[:_SHOWN_TAKES]), drawing):
                result(f"  {line}")


@app.command("rename", cls=Command)
def rename(context: Context, *, preset: Which, name: Name, as_json: AsJson = False) -> None:
    """Give a preset another name, or move it to another folder: rename dark brass/dark."""
    outcome = Outcome(as_json)
    folder, bare = parted(name)
    with session_of(context).library() as library:
        try:
            outcome.add(library.presets.rename(preset, bare, folder).id)
        except RushesError as error:
            outcome.fail(preset, error)
    outcome.end(f"the preset is called {one_line(name)} now")


@app.command("delete", cls=Command)
def delete(context: Context, *, preset: Which, as_json: AsJson = False) -> None:
    """Delete a preset; takes are not touched."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            outcome.add(library.presets.delete(preset).id)
        except RushesError as error:
            outcome.fail(preset, error)
    outcome.end("the preset is deleted")
