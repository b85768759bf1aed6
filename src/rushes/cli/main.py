"""The command line: every command that there is, and the way from arguments to an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import typer

from rushes.cli.commands import (
    audio,
    backing_up,
    checking,
    cleaning,
    comparing,
    compressing,
    deleting,
    demo,
    drawing,
    exporting,
    filters,
    importing,
    listening,
    listing,
    making,
    marking,
    playing,
    presets,
    profiles,
    quotas,
    rankings,
    recording,
    serving,
    settings,
    showing,
    sources,
    statistics,
    storage,
    stories,
    trash,
    verifying,
    versions,
)
from rushes.cli.faults import INTERRUPTED, guarded
from rushes.cli.help import PLAIN, QUERYING, Command, Sections
from rushes.cli.output import is_terminal, message, result
from rushes.cli.screens import folder_of, open_screens, with_options
from rushes.cli.session import Session
from rushes.config import read
from rushes.domain.text import one_line, valid

RECORD, LOOK, SORT_OUT = "Record", "Look and listen", "Sort out"
KEEP, HEAR, SET_UP = "Keep in order", "Hear at home", "Set up"


# Typer doesn't name the kind of error that all of its usage errors are.
_Misuse: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(cls=Sections, rich_markup_mode=None, add_completion=False, no_args_is_help=False)


@app.callback(invoke_without_command=True, context_settings=PLAIN)
def root(
    context: typer.Context,
    *,
    library: Annotated[
        str | None,
        typer.Option(
            "--library", metavar="DIR", help="The library's folder; RUSHES_LIBRARY does the same."
        ),
    ] = None,
    theme: Annotated[
        str | None,
        typer.Option(
            "--theme", metavar="NAME", help="The screens' colours: dark, light, terminal."
        ),
    ] = None,
    sound: Annotated[
        str | None,
        typer.Option(
            "--sound",
            metavar="NAME",
            help="The way out for sound: auto, listener, simpleaudio, miniaudio, pw-play, paplay, "
            "aplay, silence.",
        ),
    ] = None,
    ascii_only: Annotated[
        bool, typer.Option("--ascii", help="Do without braille, blocks and lines.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True)
    ] = False,
) -> None:
    """Review what your voice and audio models made.

    Without a command the screens open; where there is no terminal, the newest takes are listed.
    """
    if version:
        from rushes.version import __version__

        result(f"rushes {__version__}")
        raise typer.Exit
    reading = read()
    config = with_options(reading.config, theme=theme, sound=sound, ascii=ascii_only)
    session = Session(reading, config, folder_of(library) if library is not None else None)
    context.obj = session
    context.call_on_close(session.look_after)
    if context.invoked_subcommand is not None:
        return
    if _is_at_a_terminal():
        raise typer.Exit(open_screens(session.library_path, config, reading.problems))
    listing.print_list(session, listing.Wish())


_QUERYING = {listing.list_takes: listing.HELP, checking.check: checking.HELP}
"""Commands that take a query as it is, and their help."""


def _add(section: str, commands: Iterable[tuple[str, Callable[..., None]]]) -> None:
    for name, command in commands:
        about = _QUERYING.get(command)
        app.command(
            name,
            cls=Command,
            help=about,
            rich_help_panel=section,
            context_settings=QUERYING if about or section == HEAR else PLAIN,
        )(command)


_add(
    RECORD,
    [
        ("add", recording.add),
        ("record", making.record),
        ("begin", recording.begin),
        ("complete", recording.complete),
        ("fail", recording.fail),
        ("import", importing.import_takes),
    ],
)
_add(
    LOOK,
    [
        ("list", listing.list_takes),
        ("show", showing.show),
        ("play", playing.play),
        ("compare", comparing.compare),
        ("thumbnail", drawing.thumbnail),
        ("check", checking.check),
        ("stats", statistics.stats),
    ],
)
_add(
    SORT_OUT,
    [
        ("favorite", marking.favorite),
        ("unfavorite", marking.unfavorite),
        ("rate", marking.rate),
        ("tag", marking.tag),
        ("note", marking.note),
        ("delete", deleting.delete),
        ("export", exporting.export),
    ],
)
app.add_typer(filters.app, name="filters", rich_help_panel=SORT_OUT)
app.add_typer(trash.app, name="trash", rich_help_panel=SORT_OUT)
app.add_typer(profiles.app, name="profiles", rich_help_panel=SORT_OUT)
app.add_typer(presets.app, name="presets", rich_help_panel=SORT_OUT)
app.add_typer(rankings.app, name="rankings", rich_help_panel=SORT_OUT)
app.add_typer(versions.app, name="versions", rich_help_panel=SORT_OUT)
app.add_typer(stories.app, name="stories", rich_help_panel=SORT_OUT)
app.add_typer(sources.app, name="source", rich_help_panel=RECORD)
_add(
    KEEP,
    [
        ("verify", verifying.verify),
        ("backup", backing_up.backup),
        ("compress", compressing.compress),
        ("expand", compressing.expand),
        ("storage", storage.storage),
    ],
)
app.add_typer(cleaning.app, name="cleanup", rich_help_panel=KEEP)
app.add_typer(quotas.app, name="quota", rich_help_panel=KEEP)
_add(
    HEAR,
    [
        ("listen", listening.listen),
        ("ssh", listening.ssh),
        ("relay", listening.relay),
        ("home", listening.home),
    ],
)
_add(SET_UP, [("demo", demo.demo), ("serve", serving.serve)])
app.add_typer(settings.app, name="config", rich_help_panel=SET_UP)
app.add_typer(audio.app, name="audio", rich_help_panel=SET_UP)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; give the exit code: 0 done, 1 failed, 2 misused, 130 interrupted."""
    return guarded(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int:
    try:
        outcome: object = app(args=list(arguments), prog_name="rushes", standalone_mode=False)
    except typer.Abort:
        return INTERRUPTED
    except _Misuse as misuse:
        return _told(misuse)
    except UnicodeEncodeError:
        # Python smuggles bytes that aren't text through arguments, as halves of surrogate pairs.
        for argument in arguments:
            valid(argument, f"argument “{one_line(argument)}”")
        raise
    return outcome if isinstance(outcome, int) else 0


def _told(misuse: BaseException) -> int:
    """Tell a misuse in one line, with the way to the help of the command it befell."""
    tell = getattr(misuse, "format_message", misuse.__str__)
    context = getattr(misuse, "ctx", None)
    command = getattr(context, "command_path", "rushes")
    text = " ".join(str(tell()).replace("Value error, ", "").split()).rstrip(".")
    stop = "" if text.endswith("?") else "."
    message(f"{text[:1].lower()}{text[1:]}{stop} See {command} --help.")
    return 2


def _is_at_a_terminal() -> bool:
    return is_terminal(sys.stdin) and is_terminal(sys.stdout)
