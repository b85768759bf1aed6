"""``compare``: in what takes differ, and what was measured of them."""

from __future__ import annotations

from typing import Annotated

import typer

from rushes.cli.documents import comparison_document
from rushes.cli.options import AsJson, Context
from rushes.cli.output import json_result, result, width
from rushes.cli.session import session_of
from rushes.cli.takes import Drawing, lines
from rushes.domain import limits
from rushes.domain.difference import compared
from rushes.errors import BadInput
from rushes.words.comparison import in_lines


def compare(
    context: Context,
    *,
    takes: Annotated[
        list[str],
        typer.Argument(metavar="ID", help="Two takes or more, by their ids or their beginnings."),
    ],
    as_json: AsJson = False,
) -> None:
    """Show in what takes differ: settings and parameters by name, and what was measured.

    What is the same in all of them isn't listed.
    """
    session = session_of(context)
    with session.library() as library:
        found = [library.generations.get(take) for take in takes]
        if len({take.id for take in found}) < 2:
            raise BadInput("there is nothing to compare with", "", "Name two takes or more.")
        if len(found) > limits.LARGEST_PAGE:
            raise BadInput("too many takes to compare", f"{limits.LARGEST_PAGE:,} are the most")
        comparison = compared(found)
        if as_json:
            json_result(comparison_document(library, comparison))
            return
        for line in lines(found, Drawing(width(), session.ascii)):
            result(line)
        result()
        for line in in_lines(comparison, width(), ascii=session.ascii):
            result(line)
