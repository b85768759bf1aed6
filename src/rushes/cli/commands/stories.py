"""``stories``: narratives of several takes. What changes their items is in ``story_items``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.commands import story_items
from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context, Yes
from rushes.cli.outcome import Outcome
from rushes.cli.output import is_terminal, json_result, message, result, width
from rushes.cli.progress import Progress
from rushes.cli.questions import agreed
from rushes.cli.session import session_of
from rushes.cli.story_lines import counted, gain_words, scene_lines, story_line
from rushes.domain.cues import CueFormat
from rushes.domain.export_formats import AudioFormat
from rushes.domain.story_record import export_record, scene_record, story_record
from rushes.domain.text import one_line
from rushes.errors import BadInput, RushesError
from rushes.words.when import length, size

if TYPE_CHECKING:
    from rushes.domain.story import StoryChange
    from rushes.domain.story_sound import ExportedStory
    from rushes.library import Library

app = typer.Typer(
    help="Narratives of several takes: put together on tracks, mixed, exported with subtitles.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)
story_items.add_to(app)

WhichStory = story_items.WhichStory
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the story is called.")]


@app.command("list", cls=Command)
def list_stories(
    context: Context,
    *,
    deleted: Annotated[bool, typer.Option("--deleted", help="Those that were deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the stories, the one changed last first."""
    with session_of(context).library() as library:
        found = library.stories.list(deleted=deleted)
    if as_json:
        json_result({"items": [story_record(one) for one in found], "total": len(found)})
        return
    for story in found:
        result(story_line(story))
    if not found and not deleted and is_terminal(sys.stderr):
        message("no stories yet: rushes stories create NAME begins one")


@app.command("show", cls=Command)
def show(context: Context, *, story: WhichStory, as_json: AsJson = False) -> None:
    """Show a story whole: a line for each item, with its place, length, track, voice and words."""
    session = session_of(context)
    with session.library() as library:
        scene = library.stories.scene(story)
    if as_json:
        json_result(scene_record(scene))
        return
    for line in scene_lines(scene, width(), ascii=session.ascii):
        result(line)


@app.command("create", cls=Command)
def create(
    context: Context,
    *,
    name: Name,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="What it is about.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Begin an empty story, and print its id."""
    _made(context, name, as_json, lambda library: library.stories.create(name, description))


@app.command("copy", cls=Command)
def copy(
    context: Context,
    *,
    story: WhichStory,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What the copy is called.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a story of your own that plays the same as another, and print its id.

    Stories of linked sources are only read; their copies can be changed.
    """
    _made(context, story, as_json, lambda library: library.stories.copy(story, name))


@app.command("rename", cls=Command)
def rename(context: Context, *, story: WhichStory, name: Name, as_json: AsJson = False) -> None:
    """Give a story another name."""
    said = f"the story is called {one_line(name)} now"
    _done(context, story, as_json, said, lambda library: library.stories.rename(story, name))


@app.command("describe", cls=Command)
def describe(
    context: Context,
    *,
    story: WhichStory,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What it is about; '' for nothing.")],
    as_json: AsJson = False,
) -> None:
    """Say what a story is about."""
    said = "the story is described"
    about = text if text.strip() else None
    _done(context, story, as_json, said, lambda library: library.stories.describe(story, about))


@app.command("delete", cls=Command)
def delete(
    context: Context,
    *,
    story: WhichStory,
    permanent: Annotated[
        bool, typer.Option("--permanent", help="For good: nothing brings it back.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Delete a story, which restore undoes; takes are not touched.

    A question is asked on a terminal only. Elsewhere --permanent needs --yes.
    """

    def gone(library: Library) -> StoryChange:
        meant = library.stories.get(story)
        where = " for good" if permanent else ""
        agreed(f"Delete the story {one_line(meant.name)}{where}?", yes=yes, destroys=permanent)
        return library.stories.purge(meant) if permanent else library.stories.delete(meant)

    said = "the story is deleted for good" if permanent else "the story is deleted"
    _done(context, story, as_json, said, gone)


@app.command("restore", cls=Command)
def restore(context: Context, *, story: WhichStory, as_json: AsJson = False) -> None:
    """Bring a deleted story back as it was."""
    said = "the story is back"
    _done(context, story, as_json, said, lambda library: library.stories.restore(story))


@app.command("export", cls=Command)
def export(
    context: Context,
    *,
    story: WhichStory,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="PATH", help="A file, x.wav or x.flac, or a folder."
        ),
    ],
    audio_format: Annotated[
        AudioFormat | None, typer.Option("--format", help="wav if nothing is said, or flac.")
    ] = None,
    bits: Annotated[int, typer.Option("--bits", metavar="N", help="16 or 24.")] = 24,
    rate: Annotated[
        int | None,
        typer.Option("--rate", metavar="HZ", help="Samples a second; the highest of the takes'."),
    ] = None,
    subtitles: Annotated[
        str | None,
        typer.Option(
            "--subtitles", metavar="KINDS", help="srt, vtt or srt,vtt, in files beside it."
        ),
    ] = None,
    cues: Annotated[
        bool,
        typer.Option("--cues", help="A label track beside it, as Audacity and others take it in."),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files of the same name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Mix a story into one file with its gains and trims, and print the files.

    Where the mix would pass full scale, all of it is made softer; nothing is ever clipped. Takes
    that are gone or in the trash are silence.
    """
    from rushes.domain.story_sound import StoryWish

    kinds = (*_kinds(subtitles), *((CueFormat.LABELS,) if cues else ()))
    wish = StoryWish(audio_format, bits, rate, kinds, overwrite)
    session = session_of(context)
    done, failed = [], []
    with session.library() as library:
        try:
            with Progress("mixing", ascii=session.ascii) as progress:
                exported = library.stories.export(story, output, wish, progress)
            done.append(export_record(exported))
        except RushesError as error:
            failed.append({"what": story, "error": str(error)})
            if not as_json:
                message(str(error))
    if as_json:
        json_result({"done": done, "failed": failed})
    elif done:
        _tell(exported)
    if failed:
        raise typer.Exit(1)


def _tell(exported: ExportedStory) -> None:
    for file in exported.files:
        result(file)
    for silent in exported.silent:
        message(f"the item {silent.item_id[:8]} is silent: {silent.why}")
    rate = f"{exported.sample_rate:,} Hz"
    told = [length(exported.length_ms / 1000), rate, size(exported.bytes)]
    told += [gain_words(exported.gain_db)] if exported.gain != 1.0 else []
    gaps = len(exported.silent)
    told += [counted(gaps, "gap")] if gaps else []
    message(f"the story is exported: {', '.join(told)}")


def _kinds(subtitles: str | None) -> tuple[CueFormat, ...]:
    """The kinds of subtitles that were named.

    Raises:
        BadInput: one isn't known.
    """
    kinds = []
    for name in (subtitles or "").lower().split(","):
        if not name.strip():
            continue
        if name.strip() not in (CueFormat.SRT, CueFormat.VTT):
            raise BadInput(f"there are no subtitles “{name.strip()}”", "", "Use srt, vtt or both.")
        kinds.append(CueFormat(name.strip()))
    return tuple(kinds)


def _made(
    context: Context, what: str, as_json: bool, make: Callable[[Library], StoryChange]
) -> None:
    outcome = Outcome(as_json, printed=True)
    with session_of(context).library() as library:
        try:
            outcome.add(make(library).story_id)
        except RushesError as error:
            outcome.fail(what, error)
    outcome.end()


def _done(
    context: Context,
    what: str,
    as_json: bool,
    said: str,
    change: Callable[[Library], StoryChange],
) -> None:
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            outcome.add(change(library).story_id)
        except RushesError as error:
            outcome.fail(what, error)
    outcome.end(said)
