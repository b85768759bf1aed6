"""``record``: a synthesis command is run, and its take is shown while it lasts."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.details import details_of, needed_text
from rushes.cli.options import (
    AsJson,
    Context,
    CreatedAt,
    Engine,
    Instruct,
    Language,
    ModelSize,
    Params,
    Profile,
    Seed,
    Text,
    TextFile,
)
from rushes.cli.outcome import Outcome
from rushes.cli.placeholders import filled
from rushes.cli.private_folder import PrivateFolder, private_folder
from rushes.cli.quota_warning import tell_quota
from rushes.cli.session import session_of
from rushes.cli.stopping import exit_code, stopping
from rushes.domain.ids import SHORT
from rushes.domain.text import shown
from rushes.errors import BadInput, LibraryError, RushesError

if TYPE_CHECKING:
    from rushes.cli.running import Ended, Running
    from rushes.library import Library


def record(
    context: Context,
    *,
    command: Annotated[
        list[str],
        typer.Argument(metavar="COMMAND", help="What makes the audio, with {out} for its file."),
    ],
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
    """Run a command that makes a take, shown as running meanwhile, and print its id.

    {out} in the command stands for the file that it is to write, which ends in .wav; {text},
    {profile}, {language}, {engine}, {model_size}, {seed} and {instruct} for what the options say.
    {{ is a brace. No shell is used. If the command fails or writes nothing, the take is kept as
    failed, with the command's last words.
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
    values = {
        "text": given,
        "profile": profile,
        "language": language,
        "engine": engine,
        "model_size": model_size,
        "seed": None if seed is None else str(seed),
        "instruct": instruct,
    }
    from rushes.cli.running import Running

    running = Running()
    outcome = Outcome(as_json, printed=True)
    with (
        private_folder() as private,
        session_of(context).library() as library,
        stopping(running.stop),
    ):
        arguments = filled(command, {"out": str(private.asked), **values}, "out")
        _check_command(arguments[0])
        take = library.generations.begin(text=given, **details)
        try:
            _make(library, take.id, arguments, running, private)
            outcome.add(take.id)
            tell_quota(library, take.profile_name)
        except RushesError as error:
            outcome.fail(take.id, error)
    if running.stopped is not None and outcome.failed:
        with suppress(typer.Exit):
            outcome.end()
        raise typer.Exit(exit_code(running.stopped))
    outcome.end()


def _check_command(name: str) -> None:
    import shutil

    if shutil.which(name) is None:
        raise BadInput(f"there is no command {shown(name)}", "", "Check its name or its path.")


def _make(
    library: Library,
    identity: str,
    arguments: Sequence[str],
    running: Running,
    private: PrivateFolder,
) -> None:
    """Run the command and end the take, one way or the other.

    Raises:
        RushesError: it failed, as the library knows by then.
    """
    failure = _failure(library, identity, arguments, running, private)
    if failure is None:
        return
    library.generations.fail(identity, failure)
    raise RushesError(f"the take {identity[:SHORT]} failed", failure.partition("\n")[0])


def _failure(
    library: Library,
    identity: str,
    arguments: Sequence[str],
    running: Running,
    private: PrivateFolder,
) -> str | None:
    """What went wrong, None where the take is completed."""
    from rushes.library.runs import INTERRUPTED

    name = shown(Path(arguments[0]).name)
    try:
        ended = running.run(arguments)
    except OSError as error:
        return f"{name} can't be started: {error.strerror or error}"
    if ended.stopped:
        return INTERRUPTED
    if ended.code:
        return _with_last_words(f"{name} {_end(ended.code)}", ended)
    try:
        library.generations.complete(identity, private.written(), move=True)
    except LibraryError as error:
        # What was made can't be kept now: it is the person's all the same.
        private.kept = True
        raise RushesError(
            f"the take {identity[:SHORT]} can't be completed",
            str(error).rstrip("."),
            f"Its audio lies in {shown(private.folder)}: rushes complete {identity[:SHORT]} FILE",
        ) from None
    except RushesError as error:
        return _with_last_words(f"{name}: {error}", ended)
    return None


def _end(code: int) -> str:
    if code > 0:
        return f"ended with {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _with_last_words(what: str, ended: Ended) -> str:
    """The last line beside what happened, where a list shows it; all of them beneath."""
    if not ended.last_words:
        return what
    first = f"{what}: {ended.last_words[-1].strip()}"
    return "\n".join([first, "", *ended.last_words]) if len(ended.last_words) > 1 else first
