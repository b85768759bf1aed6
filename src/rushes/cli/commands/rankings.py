"""``rankings list|show|delete``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context, Yes
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import has_colour, is_terminal, json_result, message, result, width
from rushes.cli.questions import agreed
from rushes.cli.session import session_of
from rushes.cli.takes import SHORT_ID, Drawing, lines
from rushes.domain.judging import Judging, SideState
from rushes.domain.ranking_record import judging_record
from rushes.domain.text import one_line
from rushes.errors import RushesError
from rushes.words.cells import fit, shorten

if TYPE_CHECKING:
    from rushes.domain.generation import Generation
    from rushes.library import Library

app = typer.Typer(
    help="Comparisons of takes, made on the screen: what was decided, and the order that came out.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)

Which = Annotated[str, typer.Argument(metavar="ID", help="Its id, or the beginning of it.")]


@app.command("list", cls=Command)
def list_rankings(
    context: Context,
    *,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1_000, help="How many at most.")
    ] = 50,
    as_json: AsJson = False,
) -> None:
    """List the comparisons, the newest first, with how far they have come."""
    with session_of(context).library() as library:
        found = library.comparisons.list(limit)
        if as_json:
            items = [judging_record(one) for one in found]
            json_result({"items": items, "total": library.comparisons.count()})
            return
        for one in found:
            cells = (
                one.id[:SHORT_ID],
                f"{one.created_at.astimezone():%Y-%m-%d %H:%M}",
                fit(takes(len(one.ranking.sides)), 9),
                fit(_stands_at(one), 26),
            )
            before = "  ".join(cells)
            room = max(0, width() - len(before) - 2)
            result(f"{before}  {shorten(_words(library, one), room)}".rstrip())
    if not found and is_terminal(sys.stderr):
        message("no comparisons yet: they are made on the screen")


@app.command("show", cls=Command)
def show(context: Context, *, ranking: Which, as_json: AsJson = False) -> None:
    """Show a comparison: the order of its takes as far as it stands, the best first."""
    session = session_of(context)
    with session.library() as library:
        found = library.comparisons.get(ranking)
        if as_json:
            json_result(judging_record(found))
            return
        drawing = Drawing(width() - 4, session.ascii, has_colour())
        result(f"{_stands_at(found)}, {'blind' if found.ranking.blind else 'not blind'}")
        here = {one.id: one for one in library.generations.of_ids(found.generation_ids)}
        for rank, places in enumerate(found.ranking.order, 1):
            for place in places:
                result(f"{rank:>2}  {_side(library, found, place, here, drawing)}")
        if not found.ranking.stands and not found.ranking.blind:
            for place in found.ranking.here:
                result(f"    {_side(library, found, place, here, drawing)}")
        for line in _dropped_out(found):
            result(line)


@app.command("delete", cls=Command)
def delete(context: Context, *, ranking: Which, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete a comparison with its decisions; takes are not touched.

    A question is asked on a terminal; elsewhere it needs --yes.
    """
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            found = library.comparisons.get(ranking)
            made = len(found.ranking.decisions)
            decisions = "1 decision" if made == 1 else f"{made} decisions"
            question = f"Delete the comparison {found.id[:SHORT_ID]} with its {decisions}?"
            agreed(question, yes=yes, destroys=True)
            outcome.add(library.comparisons.delete(found).id)
        except RushesError as error:
            outcome.fail(ranking, error)
    outcome.end("the comparison is deleted")


def _stands_at(judging: Judging) -> str:
    """How far it has come."""
    made, most = len(judging.ranking.decisions), judging.ranking.standing.most
    if judging.kept_at is not None and judging.kept_place is not None:
        return f"kept {judging.ranking.sides[judging.kept_place].generation_id[:SHORT_ID]}"
    if judging.is_open:
        return f"open, {made} of at most {most}"
    return "decided" if judging.ranking.stands else "nothing left of it"


def _words(library: Library, judging: Judging) -> str:
    """What its first take that is still there says."""
    found = library.generations.of_ids(judging.generation_ids)
    return one_line(found[0].text) if found else ""


def _side(
    library: Library,
    judging: Judging,
    place: int,
    here: Mapping[str, Generation],
    drawing: Drawing,
) -> str:
    side = judging.ranking.sides[place]
    (line,) = lines([here[side.generation_id]], drawing)
    if side.version_id is None:
        return line
    label = library.versions.get(side.generation_id, side.version_id).label
    return f"{line}  ({one_line(label)})"


def _dropped_out(judging: Judging) -> Iterator[str]:
    for side, state in zip(judging.ranking.sides, judging.states, strict=True):
        if state is not SideState.HERE:
            why = "in the trash" if state is SideState.TRASHED else "gone"
            yield f"    {side.generation_id[:SHORT_ID]}  {why}"
