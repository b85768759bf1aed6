"""``filters list|save|delete``: lines of the filter language under names."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rushes.cli.help import PLAIN, QUERYING, Command
from rushes.cli.options import AsJson, Context
from rushes.cli.outcome import Outcome
from rushes.cli.output import is_terminal, json_result, message, result
from rushes.cli.queries import read_words
from rushes.cli.session import session_of
from rushes.domain.text import one_line
from rushes.errors import RushesError
from rushes.words.cells import fit

app = typer.Typer(
    help="Filters kept under names: list @best asks for what filters save best keeps.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="One word, with or without its @.")]


@app.command("list", cls=Command)
def list_filters(context: Context, *, as_json: AsJson = False) -> None:
    """List the saved filters."""
    with session_of(context).library() as library:
        found = library.filters.list()
    if as_json:
        items = [{"name": saved.name, "query": saved.line} for saved in found]
        json_result({"items": items, "total": len(items)})
        return
    for saved in found:
        result(f"@{fit(saved.name, 16)}  {one_line(saved.line)}")
    if not found and is_terminal(sys.stderr):
        message("no saved filters yet: rushes filters save best is:fav rating:>3")


@app.command("save", cls=Command, context_settings=QUERYING)
def save(
    context: Context,
    *,
    name: Name,
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY", help="As for list; it may hold other @names.")
    ],
    as_json: AsJson = False,
) -> None:
    """Keep a filter under a name, in place of what bore it: filters save best is:fav -draft."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            read_words(library, query)
            outcome.add(library.filters.save(name, " ".join(query)).name)
        except RushesError as error:
            outcome.fail(name, error)
    outcome.end(f"rushes list @{name.removeprefix('@')} asks for it")


@app.command("delete", cls=Command)
def delete(context: Context, *, name: Name, as_json: AsJson = False) -> None:
    """Forget a saved filter; takes are not touched."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            library.filters.delete(name)
            outcome.add(name)
        except RushesError as error:
            outcome.fail(name, error)
    outcome.end("the filter is forgotten")
