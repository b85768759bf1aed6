"""From words of the command line to what is asked of the library."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rushes.cli.output import is_terminal, raw_message
from rushes.domain import limits
from rushes.domain.filters import Filter
from rushes.domain.text import steady, valid
from rushes.errors import BadFilter, BadInput, RushesError

if TYPE_CHECKING:
    from rushes.library import Library


def read_filter(library: Library, line: str) -> Filter:
    """Read a line of the filter language; where it goes wrong, show the place as well.

    ``@name`` in it stands for the filter that the library keeps under that name.

    Raises:
        BadFilter: it can't be read; says at which character.
        BadInput: it isn't UTF-8.
    """
    try:
        return library.filters.parse(valid(line, "filter"))
    except BadFilter as error:
        if is_terminal(sys.stderr):
            from rich.cells import cell_len

            before = " " * cell_len(steady(line[: error.position]))
            raw_message(f"  {steady(line)}\n  {before}^\n")
        where = f"{error.what}, at character {error.position + 1} of the filter"
        raise BadFilter(where, error.position, error.why, error.fix) from None


def read_words(library: Library, words: Sequence[str]) -> Filter:
    """Read the words of a QUERY, joined by spaces.

    Raises:
        BadInput: one looks like an option that was mistyped.
        BadFilter: they can't be read.
    """
    stray = next((word for word in words if word.startswith("--") and len(word) > 2), None)
    if stray is not None:
        raise BadInput(f"no such option: {stray}", "", f"To leave out a word write “-{stray[2:]}”.")
    return read_filter(library, " ".join(words))


def asked_for(library: Library, ids: Sequence[str], query: str | None) -> list[str]:
    """Give what a command is to work on: the ids as they were given, or all that the query finds.

    Raises:
        BadInput: neither was given, or both, or a query that says nothing.
    """
    check_asked(ids, query)
    if query is None:
        return list(dict.fromkeys(ids))
    from rushes.domain.query import HistoryQuery

    return list(library.generations.ids(HistoryQuery(filter=read_filter(library, query))))


def check_asked(ids: Sequence[str], query: str | None) -> None:
    """Make sure that there are ids or a query, and not both.

    Raises:
        BadInput: it is otherwise.
    """
    if ids and query is not None:
        raise BadInput("ids and --query can't be given together")
    if not ids and query is None:
        raise BadInput("nothing was named", "", "Give ids, or --query QUERY.")
    if query is not None and not query.strip():
        raise BadInput("an empty query is no choice", "", "For everything write after:1970.")


def whole_ids(
    library: Library, prefixes: Sequence[str]
) -> tuple[list[str], list[tuple[str, RushesError]]]:
    """Give the ids that the prefixes mean, without doubles, and those that mean none, and why.

    Raises:
        BadInput: there are too many.
    """
    if len(prefixes) > limits.MOST_NAMED:
        raise BadInput(
            "too many ids at once",
            f"{len(prefixes):,} were given, {limits.MOST_NAMED:,} are the most",
            "Give them in parts, or a query.",
        )
    found: dict[str, None] = {}
    missed: list[tuple[str, RushesError]] = []
    for prefix in prefixes:
        try:
            found[library.generations.get(prefix).id] = None
        except RushesError as error:
            missed.append((prefix, error))
    return list(found), missed
