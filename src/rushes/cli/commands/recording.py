"""``add``, ``begin``, ``complete``, ``fail``: how takes come into the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.details import details_of, needed_text, one_text
from rushes.cli.options import (
    AsJson,
    Context,
    CreatedAt,
    Engine,
    Id,
    Instruct,
    Language,
    MaybeProfile,
    ModelSize,
    Move,
    Params,
    Profile,
    Seed,
    Text,
    TextFile,
)
from rushes.cli.outcome import Outcome
from rushes.cli.progress import Progress
from rushes.cli.quota_warning import tell_quota
from rushes.cli.session import session_of
from rushes.cli.watching import given_among, tell_what_stays, watch_folder
from rushes.errors import BadInput, RushesError


def add(
    context: Context,
    *,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Audio files.", readable=False)
    ] = None,
    watch: Annotated[
        Path | None,
        typer.Option(
            "--watch",
            metavar="DIR",
            help="Take in every audio file that is, or will be, in a folder, until Ctrl+C.",
        ),
    ] = None,
    only_new: Annotated[
        bool, typer.Option("--only-new", help="With --watch: not those that are there already.")
    ] = False,
    profile: MaybeProfile = None,
    text: Text = None,
    text_file: TextFile = None,
    language: Language = "en",
    engine: Engine = "qwen",
    model_size: ModelSize = None,
    seed: Seed = None,
    instruct: Instruct = None,
    param: Params = None,
    created_at: CreatedAt = None,
    move: Move = False,
    as_json: AsJson = False,
) -> None:
    """Record audio files as finished takes, and print an id a line.

    The files are copied. Without a text, a file's name does for one. The same file may be added
    twice: that makes two takes.

    With --watch, each file of a folder and those in it is taken once, as soon as it is finished;
    what was taken is remembered in the library. What no option says is read from a .txt or .json
    of its name, which should be there first; else its profile is the folder's name.
    """
    given = one_text(text, text_file)
    details = details_of(
        profile=profile or "",
        language=language,
        engine=engine,
        model_size=model_size,
        seed=seed,
        instruct=instruct,
        params=param,
        created_at=created_at,
    )
    session = session_of(context)
    outcome = Outcome(as_json, printed=True)
    if watch is not None:
        if files:
            raise BadInput("files and --watch can't be given together")
        told = given_among(context, details, profile, given)
        watch_folder(session, watch, told, outcome, move=move, only_new=only_new)
        return
    if not files:
        raise BadInput("a file is missing", "", "Name one, or a folder with --watch.")
    if profile is None:
        raise BadInput("a profile is missing", "", "Add --profile NAME.")
    if only_new:
        raise BadInput("--only-new goes with --watch")
    with session.library() as library, Progress("adding", ascii=session.ascii) as progress:
        for count, file in enumerate(files):
            progress(count, len(files))
            words = given if given is not None else _name_of(file)
            try:
                take = library.generations.record(audio=file, text=words, move=move, **details)
                outcome.add(take.id)
                tell_what_stays(file, move=move)
            except RushesError as error:
                outcome.fail(str(file), error)
        if outcome.done:
            tell_quota(library, profile)
    outcome.end()


def begin(
    context: Context,
    *,
    profile: Profile,
    text: Text = None,
    text_file: TextFile = None,
    language: Language = "en",
    engine: Engine = "qwen",
    model_size: ModelSize = None,
    seed: Seed = None,
    instruct: Instruct = None,
    param: Params = None,
    created_at: CreatedAt = None,
    as_json: AsJson = False,
) -> None:
    """Record that a take is being made, and print its id.

    It is shown as running until it is completed or failed.
    """
    given = needed_text(text, text_file)
    details = details_of(
        profile=profile,
        language=language,
        engine=engine,
        model_size=model_size,
        seed=seed,
        instruct=instruct,
        params=param,
        created_at=created_at,
    )
    outcome = Outcome(as_json, printed=True)
    with session_of(context).library() as library:
        outcome.add(library.generations.begin(text=given, owned=False, **details).id)
    outcome.end()


def complete(
    context: Context,
    *,
    take: Id,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Its audio, which is copied.", readable=False)
    ],
    move: Move = False,
    as_json: AsJson = False,
) -> None:
    """Give a take that was begun its audio."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            completed = library.generations.complete(take, file, move=move)
            outcome.add(completed.id)
            tell_what_stays(file, move=move)
            tell_quota(library, completed.profile_name)
        except RushesError as error:
            outcome.fail(take, error)
    outcome.end("1 take completed")


def fail(
    context: Context,
    *,
    take: Id,
    why: Annotated[str, typer.Argument(metavar="MESSAGE", help="What went wrong.")],
    as_json: AsJson = False,
) -> None:
    """Say that a take that was begun came to nothing."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            outcome.add(library.generations.fail(take, why).id)
        except RushesError as error:
            outcome.fail(take, error)
    outcome.end("1 take marked as failed")


def _name_of(file: Path) -> str:
    """Give a file's name without its suffix, as text, whatever bytes it is made of."""
    return file.stem.encode("utf-8", "replace").decode()
