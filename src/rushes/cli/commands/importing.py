"""``import``: other programs' histories, copied in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.options import AsJson, Context
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import message
from rushes.cli.progress import Progress
from rushes.cli.session import session_of
from rushes.errors import RushesError


def import_histories(
    context: Context,
    *,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH",
            readable=False,
            help="Voicebox or Sonna data directories, small_dataset_audio histories, folders of "
            "audio files.",
        ),
    ],
    audio: Annotated[
        Path | None,
        typer.Option(
            "--audio", metavar="DIR", help="Where its audio lies, if apart.", readable=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy other programs' histories in, with their audio, and print the new ids.

    Nothing is touched there. What was copied in before isn't copied again. To show a history
    without copying it, link it: source add.
    """
    session = session_of(context)
    outcome = Outcome(as_json, printed=True)
    with session.library() as library, Progress("importing", ascii=session.ascii) as progress:
        for path in paths:
            try:
                imported = library.importing.copy_in(path, audio=audio, watch=progress)
            except RushesError as error:
                outcome.fail(str(path), error)
                continue
            outcome.extend(imported.ids)
            for key, why in imported.failed:
                outcome.fail(key, why)
            if imported.presets and not as_json:
                count = f"{imported.presets:,} preset{'' if imported.presets == 1 else 's'}"
                message(f"copied in with them: {count}")
            if imported.already and not as_json:
                message(f"copied in before: {takes(imported.already)}")
            if imported.running and not as_json:
                message(f"left out, as they are still being made there: {takes(imported.running)}")
    outcome.end(f"{takes(len(outcome.done))} copied in")
