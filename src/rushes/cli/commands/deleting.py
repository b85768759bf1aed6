"""``delete``: to the trash, or for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.options import AsJson, Context, MaybeIds, Query, Yes
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import message
from rushes.cli.progress import Progress
from rushes.cli.queries import asked_for, check_asked, whole_ids
from rushes.cli.questions import agreed
from rushes.cli.session import session_of
from rushes.domain import limits
from rushes.errors import FilesKept, RushesError
from rushes.words.counts import uses

if TYPE_CHECKING:
    from rushes.library import Library

_AT_ONCE = 500


def delete(
    context: Context,
    *,
    ids: MaybeIds = None,
    query: Query = None,
    permanent: Annotated[
        bool, typer.Option("--permanent", help="For good, with the audio: nothing brings it back.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Move takes to the trash, which trash restore undoes. Stories that use them keep gaps.

    A question is asked on a terminal only. Elsewhere --permanent needs --yes.
    """
    check_asked(ids or [], query)
    outcome = Outcome(as_json)
    session = session_of(context)
    with session.library() as library:
        named = asked_for(library, ids or [], query)
        found, missed = (named, []) if query is not None else whole_ids(library, named)
        used = uses(len(library.stories.using(found)), len(found))
        if found:
            where = "for good, with the audio" if permanent else "to the trash"
            asked = f"{'Delete' if permanent else 'Move'} {takes(len(found))} {where}?"
            question = f"{used}. {asked}" if used else asked
            agreed(question, yes=yes, destroys=permanent)
        if permanent:
            purge(library, found, outcome, ascii=session.ascii)
        elif found:
            _to_trash(library, found, outcome)
    for prefix, reason in missed:
        outcome.fail(prefix, reason)
    if not named and not as_json:
        message("nothing fits")
    where = "deleted for good" if permanent else "moved to the trash"
    outcome.end(f"{takes(len(outcome.done))} {where}{used and f'; {used}'}")


def purge(
    library: Library,
    ids: Sequence[str],
    outcome: Outcome,
    *,
    ascii: bool,  # noqa: A002  # the option's name
) -> None:
    """Delete these for good, some hundred at a time; a failure leaves the rest be."""
    with Progress("deleting", ascii=ascii) as progress:
        for start in range(0, len(ids), _AT_ONCE):
            progress(start, len(ids))
            some = ids[start : start + _AT_ONCE]
            try:
                library.trash.purge(some)
            except FilesKept as error:
                outcome.fail_all(error.ids, error)
                outcome.extend(one for one in some if one not in set(error.ids))
                continue
            except RushesError as error:
                outcome.fail_all(ids[start:], error)
                return
            outcome.extend(some)


def _to_trash(library: Library, ids: Sequence[str], outcome: Outcome) -> None:
    # One commit, so that one restore undoes it; a query may find more than that takes.
    for start in range(0, len(ids), limits.MOST_IDS):
        some = ids[start : start + limits.MOST_IDS]
        try:
            library.generations.delete(some)
            outcome.extend(some)
        except RushesError as error:
            outcome.fail_all(some, error)
