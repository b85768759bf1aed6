"""``list``: the history as lines, or as JSON."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from rushes.cli.documents import page_document
from rushes.cli.options import After, AsJson, Context, Limit, Offset, QueryWords
from rushes.cli.output import has_colour, is_terminal, json_result, message, result, width
from rushes.cli.queries import read_words
from rushes.cli.session import Session, session_of
from rushes.cli.takes import Drawing, lines
from rushes.domain.query import HistoryQuery, Page, Sort
from rushes.domain.takes import FoldedPage

Fold = Annotated[
    bool, typer.Option("--fold", help="Takes of the same profile and words as one, with a count.")
]
SortBy = Annotated[Sort, typer.Option("--sort", metavar="ORDER", help=", ".join(Sort) + ".")]


HELP = """List takes, the newest first: list anna -draft is:fav.

\b
anna "good evening" -draft     words and phrases, all of them; - leaves out
profile:anna engine:qwen       a part of the name; profile:=Anna is the whole one
lang:en model:1.7B tag:keep    id:1f3a seed:42
is:fav is:failed is:running is:completed is:rated is:tagged is:orphan
is:flagged is:clipped is:cutoff    see check --help; lufs:<-30 peak:>-1
rating:>3 rating:2..4          rating:0 for those without
dur:>5 dur:<1:30 dur:2..10     seconds, or m:ss
after:2026-04-01 before:2026-05 on:today    and 7d, 12h, 2w for ago
@best                          what filters save keeps under that name
"""
"""The help of ``list``; the backspace keeps the lines of a paragraph as they are."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is to show; the fields are those of ``HistoryQuery``, ``fold`` apart."""

    words: tuple[str, ...] = ()
    trashed: bool = False
    sort: Sort = Sort.NEWEST
    limit: int = 50
    offset: int = 0
    after: str | None = None
    as_json: bool = False
    fold: bool = False


def list_takes(
    context: Context,
    *,
    query: QueryWords = None,
    limit: Limit = 50,
    offset: Offset = 0,
    after: After = None,
    sort: SortBy = Sort.NEWEST,
    as_json: AsJson = False,
    fold: Fold = False,
) -> None:
    """List takes, the newest first: list anna -draft is:fav."""
    wish = Wish(tuple(query or ()), False, sort, limit, offset, after, as_json, fold)
    print_list(session_of(context), wish)


def print_list(session: Session, wish: Wish) -> None:
    """Print what the wish asks for."""
    with session.library() as library:
        query = HistoryQuery(
            filter=read_words(library, wish.words),
            trashed=wish.trashed,
            sort=wish.sort,
            limit=wish.limit,
            offset=wish.offset,
            after=wish.after,
        )
        page = library.generations.folded(query) if wish.fold else library.generations.list(query)
        if wish.as_json:
            json_result(page_document(library, page))
            return
    drawing = Drawing(width(), session.ascii, has_colour())
    if isinstance(page, FoldedPage):
        rows = [one.shown for one in page.items]
        drawn = lines(rows, drawing, [one.takes for one in page.items])
    else:
        drawn = lines(page.items, drawing)
    for line in drawn:
        result(line)
    if is_terminal(sys.stderr):
        message(_summary(page, wish))


def _summary(page: Page | FoldedPage, wish: Wish) -> str:
    if not page.total:
        if wish.words:
            return "nothing fits"
        if wish.trashed:
            return "the trash is empty"
        return "no takes yet. Try rushes demo, or record with rushes add FILE --profile NAME"
    told = f"{len(page.items):,} of {page.total:,}"
    return f"{told} rows, {page.takes:,} takes" if isinstance(page, FoldedPage) else told
