"""``profiles list|create|rename|delete``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context, Yes
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import is_terminal, json_result, message, result
from rushes.cli.questions import agreed
from rushes.cli.session import session_of
from rushes.cli.takes import SHORT_ID
from rushes.domain.record import profile_record
from rushes.errors import RushesError
from rushes.words.cells import fit, right, shorten
from rushes.words.when import total

app = typer.Typer(
    help="The voices and models that takes were made with.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)

Name = Annotated[
    str, typer.Argument(metavar="PROFILE", help="Its name, its id or the beginning of its id.")
]


@app.command("list", cls=Command)
def list_profiles(context: Context, *, as_json: AsJson = False) -> None:
    """List the profiles, with their takes and how long those are."""
    with session_of(context).library() as library:
        summaries = library.profiles.list()
    if as_json:
        items = [profile_record(summary) for summary in summaries]
        json_result({"items": items, "total": len(items)})
        return
    for summary in summaries:
        profile = summary.profile
        name = f"{profile.name} (missing)" if profile.missing else profile.name
        about = shorten(profile.description or "", 40)
        cells = (
            profile.id[:SHORT_ID],
            fit(name, 24),
            right(takes(summary.generations), 12),
            right(total(summary.duration), 12),
            about,
        )
        result("  ".join(cells).rstrip())
    if not summaries and is_terminal(sys.stderr):
        message("no profiles yet: rushes add FILE --profile NAME makes one")


@app.command("create", cls=Command)
def create(
    context: Context,
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name that isn't taken.")],
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="What it is.")
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="What it speaks.")
    ] = "en",
    as_json: AsJson = False,
) -> None:
    """Make a profile, and print its id."""
    outcome = Outcome(as_json, printed=True)
    with session_of(context).library() as library:
        try:
            outcome.add(
                library.profiles.create(name, description=description, language=language).id
            )
        except RushesError as error:
            outcome.fail(name, error)
    outcome.end()


@app.command("rename", cls=Command)
def rename(
    context: Context,
    *,
    profile: Name,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name that isn't taken.")],
    as_json: AsJson = False,
) -> None:
    """Give a profile another name."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            outcome.add(library.profiles.rename(profile, name).id)
        except RushesError as error:
            outcome.fail(profile, error)
    outcome.end(f"the profile is called {name} now")


@app.command("delete", cls=Command)
def delete(
    context: Context,
    *,
    profile: Name,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Delete a profile; its takes go to the trash, and trash restore brings both back.

    A question is asked on a terminal only.
    """
    outcome = Outcome(as_json)
    moved = 0
    with session_of(context).library() as library:
        try:
            found = library.profiles.get(profile)
            held = next(
                (one.generations for one in library.profiles.list() if one.profile.id == found.id),
                0,
            )
            question = f"Delete the profile {found.name} and move {takes(held)} to the trash?"
            agreed(question, yes=yes, destroys=False)
            moved = len(library.profiles.delete(found))
            outcome.add(found.id)
        except RushesError as error:
            outcome.fail(profile, error)
    outcome.end(f"the profile is deleted, {takes(moved)} moved to the trash")
