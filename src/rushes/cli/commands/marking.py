"""``favorite``, ``unfavorite``, ``rate``: what a person thinks of a take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.options import AsJson, Context, Ids
from rushes.cli.outcome import Outcome, takes
from rushes.cli.queries import whole_ids
from rushes.cli.session import session_of
from rushes.domain.generation import HIGHEST_RATING
from rushes.errors import BadInput, RushesError

if TYPE_CHECKING:
    from rushes.library import Library


def favorite(context: Context, *, ids: Ids, as_json: AsJson = False) -> None:
    """Make takes favourites."""

    def work(library: Library, found: Sequence[str]) -> None:
        library.generations.favorite(found, True)

    _change(context, ids, work, "made favourite", as_json=as_json)


def unfavorite(context: Context, *, ids: Ids, as_json: AsJson = False) -> None:
    """Take favourites back."""

    def work(library: Library, found: Sequence[str]) -> None:
        library.generations.favorite(found, False)

    _change(context, ids, work, "no longer favourite", as_json=as_json)


def rate(
    context: Context,
    *,
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID",
            help="Ids, or the first 4 characters or more of each; and the rating, first or last: "
            "1 to 5, or 0 for none.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Rate takes from 1 to 5; 0 takes the rating away: rate 3f2a 4."""
    rating, rest = split_rating(ids)

    def work(library: Library, found: Sequence[str]) -> None:
        library.generations.rate(found, rating)

    said = f"rated {rating}" if rating else "no longer rated"
    _change(context, rest, work, said, as_json=as_json)


def split_rating(words: Sequence[str]) -> tuple[int | None, list[str]]:
    """Part the rating, the first or the last word, from the ids, which are always longer.

    Raises:
        BadInput: there is none, or there are no ids.
    """
    rest = list(words)
    for place in (-1, 0):
        word = rest[place]
        if len(word) == 1 and word.isascii() and word.isdigit() and int(word) <= HIGHEST_RATING:
            del rest[place]
            if not rest:
                raise BadInput("nothing was named", "", "Write rushes rate ID 4.")
            return int(word) or None, rest
    raise BadInput(
        f"“{rest[-1]}” is no rating",
        "a rating is 1 to 5, or 0 for none",
        "Write rushes rate ID 4.",
    )


def _change(
    context: Context,
    prefixes: Sequence[str],
    work: Callable[[Library, Sequence[str]], None],
    said: str,
    *,
    as_json: bool,
) -> None:
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        found, missed = whole_ids(library, prefixes)
        try:
            if found:
                work(library, found)
            outcome.extend(found)
        except RushesError as error:
            outcome.fail_all(found, error)
    for prefix, reason in missed:
        outcome.fail(prefix, reason)
    outcome.end(f"{takes(len(found))} {said}")
