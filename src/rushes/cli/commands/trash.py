"""``trash list``, ``trash restore``, ``trash empty``."""

from __future__ import annotations

import typer

from rushes.cli.commands.deleting import purge
from rushes.cli.commands.listing import SortBy, Wish, print_list
from rushes.cli.help import PLAIN, QUERYING, Command
from rushes.cli.options import After, AsJson, Context, Ids, Limit, Offset, QueryWords, Yes
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import message
from rushes.cli.queries import whole_ids
from rushes.cli.questions import agreed
from rushes.cli.session import session_of
from rushes.domain.query import HistoryQuery, Sort
from rushes.errors import Conflict, RushesError

app = typer.Typer(
    help="See what was deleted, bring it back, or delete it for good.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)


@app.command("list", cls=Command, context_settings=QUERYING)
def list_trash(
    context: Context,
    *,
    query: QueryWords = None,
    limit: Limit = 50,
    offset: Offset = 0,
    after: After = None,
    sort: SortBy = Sort.NEWEST,
    as_json: AsJson = False,
) -> None:
    """List what lies in the trash; QUERY is the same as for list."""
    wish = Wish(tuple(query or ()), True, sort, limit, offset, after, as_json)
    print_list(session_of(context), wish)


@app.command("restore", cls=Command)
def restore(context: Context, *, ids: Ids, as_json: AsJson = False) -> None:
    """Bring takes back, with their ratings, notes and profiles."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        found, missed = whole_ids(library, ids)
        try:
            back = library.trash.restore(found) if found else ()
            outcome.extend(back)
            for there in (identity for identity in found if identity not in set(back)):
                outcome.fail(there, Conflict(f"the generation {there} isn't in the trash"))
        except RushesError as error:
            outcome.fail_all(found, error)
    for prefix, reason in missed:
        outcome.fail(prefix, reason)
    outcome.end(f"{takes(len(outcome.done))} back from the trash")


@app.command("empty", cls=Command)
def empty(context: Context, *, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete for good all that lies in the trash, with the audio.

    A question is asked on a terminal; elsewhere --yes is needed.
    """
    session = session_of(context)
    outcome = Outcome(as_json)
    with session.library() as library:
        found = library.generations.ids(HistoryQuery(trashed=True))
        if found:
            question = f"Delete {takes(len(found))} for good, with the audio?"
            agreed(question, yes=yes, destroys=True)
            purge(library, found, outcome, ascii=session.ascii)
        elif library.trash.holds_profiles():
            agreed("Delete the samples of deleted profiles for good?", yes=yes, destroys=True)
            library.trash.empty()
    if not found and not as_json:
        message("the trash is empty")
    outcome.end(f"{takes(len(outcome.done))} deleted for good")
