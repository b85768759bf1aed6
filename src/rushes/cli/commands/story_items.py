"""``stories add|move|trim|split|volume|pin|remove|ripple|shift``: what changes items of stories."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.help import Command
from rushes.cli.options import AsJson, Context, Ids
from rushes.cli.outcome import Outcome
from rushes.cli.queries import whole_ids
from rushes.cli.session import session_of
from rushes.cli.story_lines import counted
from rushes.domain.amounts import read_ms
from rushes.domain.ids import SHORT
from rushes.errors import BadInput, RushesError

if TYPE_CHECKING:
    from rushes.domain.story import StoryChange
    from rushes.library import Library

WhichStory = Annotated[
    str, typer.Argument(metavar="STORY", help="Its id, its beginning, or the story's name.")
]
Item = Annotated[
    str,
    typer.Argument(metavar="ITEM", help="The item's id as show has it, or 4 characters or more."),
]
Items = Annotated[
    list[str], typer.Argument(metavar="ITEM", help="Ids of items, or the beginning of each.")
]
Track = Annotated[
    int | None, typer.Option("--track", metavar="N", help="The track, a number; may be negative.")
]
Gap = Annotated[
    str, typer.Option("--gap", metavar="TIME", help="Silence between two: 0.3 or 300ms.")
]


def add_to(app: typer.Typer) -> None:
    """Let the commands of this module be among those of ``stories``."""
    for name, command in (
        ("add", add),
        ("move", move),
        ("trim", trim),
        ("split", split),
        ("volume", volume),
        ("pin", pin),
        ("remove", remove),
        ("ripple", ripple),
        ("shift", shift),
    ):
        app.command(name, cls=Command)(command)


def add(
    context: Context,
    *,
    story: WhichStory,
    takes: Ids,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="Where they begin: 1.5, 1:02.5 or 800ms."),
    ] = None,
    track: Track = None,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="V", help="Pin the version of that label or id."),
    ] = None,
    gap: Gap = "0",
    as_json: AsJson = False,
) -> None:
    """Add takes to a story, one behind the other, and print the new items' ids.

    Without --at they follow the last item of the track, which is 0 where none is named.
    """
    start, between = None if at is None else read_ms(at), read_ms(gap)
    outcome = Outcome(as_json, printed=True)
    with session_of(context).library() as library:
        found, missed = whole_ids(library, takes)
        try:
            if found:
                change = library.stories.add(
                    story, found, at_ms=start, track=track, version=version, gap_ms=between
                )
                outcome.extend(item.id for item in change.items)
        except RushesError as error:
            outcome.fail_all(found, error)
    for prefix, reason in missed:
        outcome.fail(prefix, reason)
    outcome.end()


def move(
    context: Context,
    *,
    item: Item,
    at: Annotated[str, typer.Argument(metavar="TIME", help="1.5, 1:02.5 or 800ms.")],
    track: Track = None,
    as_json: AsJson = False,
) -> None:
    """Let an item begin at another moment of its story, and perhaps on another track."""
    start = read_ms(at)
    _change(context, item, as_json, lambda library: library.stories.move(item, start, track))


def trim(
    context: Context,
    *,
    item: Item,
    start: Annotated[
        str | None, typer.Option("--start", metavar="TIME", help="Left out at the beginning.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="TIME", help="Left out at the end.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Leave out the beginning or the end of an item's clip; what isn't named stays as it is.

    The item begins where it did.
    """
    if start is None and end is None:
        raise BadInput("nothing is to be trimmed", "", "Give --start, --end or both.")
    given = (None if start is None else read_ms(start), None if end is None else read_ms(end))

    def trimmed(library: Library) -> StoryChange:
        had = library.stories.item(item)
        return library.stories.trim(
            had,
            had.trim_start_ms if given[0] is None else given[0],
            had.trim_end_ms if given[1] is None else given[1],
        )

    _change(context, item, as_json, trimmed)


def split(
    context: Context,
    *,
    item: Item,
    at: Annotated[
        str, typer.Argument(metavar="TIME", help="A moment of the story: 1.5, 1:02.5 or 800ms.")
    ],
    as_json: AsJson = False,
) -> None:
    """Make two of an item at a moment of its story, and print the ids of both."""
    moment = read_ms(at)
    outcome = Outcome(as_json, printed=True)
    with session_of(context).library() as library:
        try:
            outcome.extend(one.id for one in library.stories.split(item, moment).items)
        except RushesError as error:
            outcome.fail(item, error)
    outcome.end()


def volume(
    context: Context,
    *,
    item: Item,
    factor: Annotated[float, typer.Argument(metavar="FACTOR", help="0 to 4; 1 is as it is.")],
    as_json: AsJson = False,
) -> None:
    """Let an item be so many times as loud."""
    _change(context, item, as_json, lambda library: library.stories.set_volume(item, factor))


def pin(
    context: Context,
    *,
    item: Item,
    version: Annotated[
        str | None,
        typer.Argument(metavar="VERSION", help="Its label or id; left out: the default again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let an item always play one version of its take, whichever is the default."""
    _change(context, item, as_json, lambda library: library.stories.pin(item, version))


def remove(context: Context, *, items: Items, as_json: AsJson = False) -> None:
    """Take items out of their story; takes are not touched."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            change = library.stories.remove(items)
            outcome.extend(item.id for item in change.before.items)
        except RushesError as error:
            outcome.fail_all(items, error)
    outcome.end(f"{counted(len(outcome.done), 'item')} removed")


def ripple(
    context: Context,
    *,
    story: WhichStory,
    track: Track = None,
    gap: Gap = "0",
    as_json: AsJson = False,
) -> None:
    """Let the items of a track, or of each, follow one another without holes or overlaps."""
    between = read_ms(gap)
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            change = library.stories.ripple(story, track=track, gap_ms=between)
            outcome.extend(item.id for item in change.items)
        except RushesError as error:
            outcome.fail(story, error)
    outcome.end(f"{counted(len(outcome.done), 'item')} in line")


def shift(
    context: Context,
    *,
    item: Item,
    back: Annotated[bool, typer.Option("--back", help="With the one before it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let an item change places with the next one of its track."""
    step = -1 if back else 1
    _change(context, item, as_json, lambda library: library.stories.shift(item, step))


def _change(
    context: Context, item: str, as_json: bool, change: Callable[[Library], StoryChange]
) -> None:
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            outcome.extend(one.id for one in change(library).items)
        except RushesError as error:
            outcome.fail(item, error)
    named = ", ".join(one[:SHORT] for one in outcome.done)
    outcome.end(f"{counted(len(outcome.done), 'item')} changed: {named}")
