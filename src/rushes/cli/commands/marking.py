"""``favorite``, ``unfavorite``, ``rate``, ``tag``, ``note``: what a person thinks of a take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.details import one_text
from rushes.cli.options import AsJson, Context, Ids, MaybeIds, Text, TextFile
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import json_result, result
from rushes.cli.queries import whole_ids
from rushes.cli.session import session_of
from rushes.domain.generation import HIGHEST_RATING
from rushes.errors import BadInput, RushesError
from rushes.words.cells import fit, right

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


def tag(
    context: Context,
    *,
    ids: MaybeIds = None,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", "-a", metavar="TAG", help="Give this tag; as often as needed."),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", "-r", metavar="TAG", help="Take it away; as often as needed."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tag takes: tag 3f2a --add keep --remove draft; without ids, list the tags there are."""
    if not ids and not add and not remove:
        _list_tags(context, as_json=as_json)
        return
    if not ids:
        raise BadInput("no take was named", "", "Write rushes tag ID --add TAG.")
    if not (add or remove):
        raise BadInput("no tag was named", "", "Write rushes tag ID --add TAG.")

    def work(library: Library, found: Sequence[str]) -> None:
        library.generations.tag(found, add or (), remove or ())

    _change(context, ids, work, "tagged anew", as_json=as_json)


def note(
    context: Context,
    *,
    ids: Ids,
    text: Text = None,
    text_file: TextFile = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take the note away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a note on takes, in place of what they had: note 3f2a --text "too fast"."""
    given = [text is not None, text_file is not None, clear]
    if sum(given) != 1:
        raise BadInput(
            "one of --text, --text-file and --clear is needed", "", 'Write --text "too fast".'
        )
    words = None if clear else one_text(text, text_file)

    def work(library: Library, found: Sequence[str]) -> None:
        library.generations.note(found, words)

    said = "without a note now" if clear else "noted"
    _change(context, ids, work, said, as_json=as_json)


def _list_tags(context: Context, *, as_json: bool) -> None:
    with session_of(context).library() as library:
        found = library.generations.tags()
    if as_json:
        items = [{"tag": name, "generations": count} for name, count in found]
        json_result({"items": items, "total": len(items)})
        return
    for name, count in found:
        result(f"{fit(name, 24)}  {right(takes(count), 12)}")


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
