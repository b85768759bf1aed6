"""``add``, ``begin``, ``complete``, ``fail``: how takes come into the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.details import details_of, one_text
from rushes.cli.options import (
    AsJson,
    Context,
    CreatedAt,
    Engine,
    Id,
    Instruct,
    Language,
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
from rushes.cli.session import session_of
from rushes.errors import BadInput, RushesError


def add(
    context: Context,
    *,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Audio files.")],
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
    move: Move = False,
    as_json: AsJson = False,
) -> None:
    """Record audio files as finished takes, and print an id a line.

    The files are copied. Without a text, a file's name does for one. The same file may be added
    twice: that makes two takes.
    """
    given = one_text(text, text_file)
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
    session = session_of(context)
    outcome = Outcome(as_json, printed=True)
    with session.library() as library, Progress("adding", ascii=session.ascii) as progress:
        for count, file in enumerate(files):
            progress(count, len(files))
            words = given if given is not None else file.stem
            try:
                take = library.generations.record(audio=file, text=words, move=move, **details)
                outcome.add(take.id)
            except RushesError as error:
                outcome.fail(str(file), error)
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
    given = one_text(text, text_file)
    if given is None:
        raise BadInput("a text is missing", "", "Add --text TEXT or --text-file FILE.")
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
        outcome.add(library.generations.begin(text=given, **details).id)
    outcome.end()


def complete(
    context: Context,
    *,
    take: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Its audio, which is copied.")],
    move: Move = False,
    as_json: AsJson = False,
) -> None:
    """Give a take that was begun its audio."""
    outcome = Outcome(as_json)
    with session_of(context).library() as library:
        try:
            outcome.add(library.generations.complete(take, file, move=move).id)
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
