"""``versions list|add|default|rename|delete``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.documents import audio_file
from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context, Id, Move, Yes
from rushes.cli.outcome import Outcome
from rushes.cli.output import json_result, result
from rushes.cli.questions import agreed
from rushes.cli.session import session_of
from rushes.cli.version_lines import version_lines
from rushes.domain.record import version_record
from rushes.domain.text import one_line
from rushes.errors import BadInput, RushesError

app = typer.Typer(
    help="The files of a take: the clean original and what was made from it.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)

Version = Annotated[
    str, typer.Argument(metavar="VERSION", help="Its label, its id or the id's beginning.")
]
Label = Annotated[str, typer.Argument(metavar="LABEL", help="One that no other version bears.")]


@app.command("list", cls=Command)
def list_versions(context: Context, *, take: Id, as_json: AsJson = False) -> None:
    """List the versions of a take, each beneath what it was made from."""
    session = session_of(context)
    with session.library() as library:
        found = library.versions.list(take)
        if as_json:
            items = [version_record(one, audio_file(library, one)) for one in found]
            json_result({"items": items, "total": len(items)})
            return
        for line in version_lines(library, found, ascii=session.ascii):
            result(line)


@app.command("add", cls=Command)
def add(
    context: Context,
    *,
    take: Id,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The audio; it is copied.", readable=False)
    ],
    label: Annotated[
        str | None, typer.Option("--label", metavar="LABEL", help="version-N by default.")
    ] = None,
    effects: Annotated[
        str | None,
        typer.Option(
            "--effects",
            metavar="JSON",
            help='The chain that made it: [{"type": "gain", "params": {"gain_db": -3}}].',
        ),
    ] = None,
    made_from: Annotated[
        str | None,
        typer.Option("--from", metavar="VERSION", help="The version that it was made from."),
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Make it the default.")] = False,
    move: Move = False,
    as_json: AsJson = False,
) -> None:
    """Add a version to a take, and print its id."""
    outcome = Outcome(as_json, printed=True)
    with session_of(context).library() as library:
        try:
            added = library.versions.add(
                take,
                file,
                label=label,
                effects=_chain(effects),
                made_from=made_from,
                default=default,
                move=move,
            )
            outcome.add(added.id)
        except RushesError as error:
            outcome.fail(str(file), error)
    outcome.end()


@app.command("default", cls=Command)
def default_version(
    context: Context, *, take: Id, version: Version, as_json: AsJson = False
) -> None:
    """Make a version the default: what is played, measured and exported of the take."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            chosen = library.versions.get(take, version)
            library.versions.make_default(take, chosen.id)
            outcome.add(chosen.id)
        except RushesError as error:
            outcome.fail(version, error)
    outcome.end(f"{one_line(version)} is the default now")


@app.command("rename", cls=Command)
def rename(
    context: Context, *, take: Id, version: Version, label: Label, as_json: AsJson = False
) -> None:
    """Give a version another label."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            outcome.add(library.versions.rename(take, version, label).id)
        except RushesError as error:
            outcome.fail(version, error)
    outcome.end(f"the version is called {one_line(label)} now")


@app.command("delete", cls=Command)
def delete(
    context: Context, *, take: Id, version: Version, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Delete a version for good, with its file; the last one can't go.

    A question is asked on a terminal; elsewhere it needs --yes.
    """
    outcome = Outcome(as_json)
    said = "the version is deleted"
    with session_of(context).library() as library:
        try:
            chosen = library.versions.get(take, version)
            question = f"Delete the version {one_line(chosen.label)} for good, with its file?"
            agreed(question, yes=yes, destroys=True)
            deleted = library.versions.delete(take, chosen.id)
            outcome.add(chosen.id)
            if deleted.new_default is not None:
                said = f"{said}; {one_line(deleted.new_default.label)} is the default now"
        except RushesError as error:
            outcome.fail(version, error)
    outcome.end(said)


def _chain(text: str | None) -> Sequence[Mapping[str, object]] | None:
    """The effects chain as it was written; the library says what is no chain."""
    if text is None:
        return None
    try:
        chain: Sequence[Mapping[str, object]] = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(
            "the effects chain can't be read",
            "it isn't JSON",
            'Write it like this: \'[{"type": "gain", "params": {"gain_db": -3}}]\'',
        ) from None
    return chain
