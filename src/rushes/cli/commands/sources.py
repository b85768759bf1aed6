"""``source add|list|sync|measure|remove``: other programs' histories, shown and only ever read."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.found import source_line
from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context, Yes
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import is_terminal, json_result, message, result
from rushes.cli.progress import Progress
from rushes.cli.questions import agreed
from rushes.cli.session import Session, session_of
from rushes.domain.source_record import found_record, source_record, synced_record
from rushes.errors import Interrupted, RushesError
from rushes.words.sources import found_lines, synced_line

if TYPE_CHECKING:
    from rushes.library import Library

_PATIENCE = 20.0
"""Seconds that a command goes on measuring files; the rest can wait."""

app = typer.Typer(
    help="Histories of other programs, shown here and only ever read there.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)

Where = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        readable=False,
        help="A Voicebox or Sonna data directory, a small_dataset_audio history, or a folder of "
        "audio files.",
    ),
]
Named = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Its name, its place, or its id's beginning.")
]
MaybeNamed = Annotated[
    list[str] | None,
    typer.Argument(metavar="SOURCE", help="Names, places or ids; all sources by default."),
]


@app.command("add", cls=Command)
def add(
    context: Context,
    *,
    path: Where,
    audio: Annotated[
        Path | None,
        typer.Option(
            "--audio", metavar="DIR", help="Where its audio lies, if apart.", readable=False
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call it.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is there, and link nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Link another program's history: its takes are listed here, its files stay there.

    Not a byte is changed there. What is linked already is synced.
    """
    session = session_of(context)
    with session.library() as library:
        with Progress("looking through it", ascii=session.ascii) as progress:
            found = library.sources.inspect(path, audio=audio, watch=progress)
        if not as_json:
            for line in found_lines(found):
                result(line)
        if dry_run:
            if as_json:
                json_result({"found": found_record(found)})
            return
        with Progress("linking", ascii=session.ascii) as progress:
            linked = library.sources.add(path, audio=audio, name=name, watch=progress)
        measure_a_while(library, session)
        source = library.sources.get(linked.source.id)
    if as_json:
        json_result(
            {
                "found": found_record(found),
                "source": source_record(source),
                "synced": synced_record(linked.synced),
            }
        )
        return
    message(synced_line(source.name, linked.synced))


@app.command("list", cls=Command)
def list_sources(context: Context, *, as_json: AsJson = False) -> None:
    """List the linked sources: when they were last synced, and what troubles them."""
    with session_of(context).library() as library:
        found = library.sources.list()
    if as_json:
        items = [source_record(source) for source in found]
        json_result({"items": items, "total": len(items)})
        return
    for source in found:
        result(source_line(source))
    if not found and is_terminal(sys.stderr):
        message("nothing is linked yet: rushes source add PATH links another program's history")


@app.command("sync", cls=Command)
def sync(
    context: Context,
    *,
    sources: MaybeNamed = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read everything, though nothing seems changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring in what is new or changed there, and mark what is gone.

    Ratings, tags and notes made here stay, and what was deleted here stays deleted.
    """
    session = session_of(context)
    outcome = Outcome(as_json)
    records = []
    with session.library() as library:
        named = sources or [source.id for source in library.sources.list()]
        for one in named:
            try:
                source = library.sources.get(one)
                with Progress("syncing", ascii=session.ascii) as progress:
                    synced = library.sources.sync(source, again=again, watch=progress)
                outcome.add(source.id)
                records.append({"id": source.id, "name": source.name, **synced_record(synced)})
                if not as_json:
                    message(synced_line(source.name, synced))
            except RushesError as error:
                outcome.fail(one, error)
        measure_a_while(library, session)
    if as_json:
        failed = [{"what": what, "error": error} for what, error in outcome.failed]
        json_result({"done": outcome.done, "failed": failed, "synced": records})
        raise typer.Exit(1 if failed else 0)
    outcome.end()


@app.command("measure", cls=Command)
def measure(context: Context, *, as_json: AsJson = False) -> None:
    """Read the linked files that weren't read yet: lengths, waveforms, hashes.

    It can be ended at any time, and goes on from there.
    """
    session = session_of(context)
    with (
        session.library() as library,
        Progress("measuring", ascii=session.ascii) as progress,
    ):
        done = library.measuring.run(progress)
    if as_json:
        json_result({"measured": done.measured, "missing": done.missing, "damaged": done.damaged})
        return
    message(
        f"{done.measured:,} files measured, {done.missing:,} missing, {done.damaged:,} unreadable"
    )


@app.command("remove", cls=Command)
def remove(context: Context, *, source: Named, yes: Yes = False, as_json: AsJson = False) -> None:
    """Unlink a source: its takes go to the trash, with all that was said of them here.

    Nothing is touched there, and source add brings them back. A question is asked on a terminal
    only.
    """
    outcome = Outcome(as_json)
    moved = 0
    with session_of(context).library() as library:
        try:
            found = library.sources.get(source)
            question = f"Unlink {found.name} and move {takes(found.generations)} to the trash?"
            agreed(question, yes=yes, destroys=False)
            moved = library.sources.remove(found)
            outcome.add(found.id)
        except RushesError as error:
            outcome.fail(source, error)
    outcome.end(f"it isn't linked any more, {takes(moved)} moved to the trash")


def measure_a_while(library: Library, session: Session) -> None:
    """Read linked files for some seconds, and tell what is left."""
    ends = time.monotonic() + _PATIENCE
    with Progress("measuring", ascii=session.ascii) as progress:

        def watch(done: int, total: int, doing: str = "") -> None:
            progress(done, total, doing)
            if time.monotonic() > ends:
                raise Interrupted("the rest can wait")

        try:
            library.measuring.run(watch)
        except Interrupted:
            left = library.measuring.waiting()
            message(f"{left:,} files are still to be measured: rushes source measure goes on")
