"""``import``: ZIP archives and other programs' histories, copied in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.options import AsJson, Context
from rushes.cli.outcome import Outcome, takes
from rushes.cli.output import message
from rushes.cli.progress import Progress
from rushes.cli.session import session_of
from rushes.domain.ids import SHORT
from rushes.errors import RushesError

if TYPE_CHECKING:
    from rushes.library.imported import Imported


def import_takes(
    context: Context,
    *,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH",
            readable=False,
            help="ZIP archives that rushes or Voicebox exported, and folders of them; Voicebox or "
            "Sonna data directories, small_dataset_audio histories, folders of audio files.",
        ),
    ],
    audio: Annotated[
        Path | None,
        typer.Option(
            "--audio", metavar="DIR", help="Where a history's audio lies, if apart.", readable=False
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Bring archives in even if their takes are here already, as new ones."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy archives and other programs' histories in, with their audio, and print the new ids.

    Nothing is touched there. A take out of an archive keeps its id, its time, its versions and all
    its marks; its profile is the one of that id or that name, else it is made. A profile's archive
    brings the profile with its samples. A take that is here already isn't copied in again, be it
    in the trash: --again makes a second one of an archive's. What was copied in before of a history
    isn't copied again. To show a history without copying it, link it: source add.
    """
    session = session_of(context)
    outcome = Outcome(as_json, printed=True)
    ids, profiles, samples = 0, 0, 0
    with session.library() as library, Progress("importing", ascii=session.ascii) as progress:
        for path in paths:
            try:
                imported = library.importing.copy_in(path, audio=audio, again=again, watch=progress)
            except RushesError as error:
                outcome.fail(str(path), error)
                continue
            outcome.extend((*imported.ids, *imported.profiles))
            for key, why in imported.failed:
                outcome.fail(key, why)
            ids += len(imported.ids)
            profiles += len(imported.profiles)
            samples += imported.samples
            if not as_json:
                _tell_of_others(imported)
    outcome.end(_summary(ids, profiles, samples))


def _tell_of_others(imported: Imported) -> None:
    """Say what wasn't copied in, and why."""
    if imported.already:
        message(f"copied in before: {takes(imported.already)}")
    if imported.trashed:
        named = " ".join(identity[:SHORT] for identity in imported.trashed[:5])
        lie = "lies" if len(imported.trashed) == 1 else "lie"
        message(
            f"{takes(len(imported.trashed))} of those {lie} in the trash: "
            f"rushes trash restore {named}"
        )
    if imported.running:
        message(f"left out, as they are still being made there: {takes(imported.running)}")


def _summary(ids: int, profiles: int, samples: int) -> str:
    said = [f"{takes(ids)} copied in"] if ids or not profiles else []
    if profiles:
        of_them = "1 profile" if profiles == 1 else f"{profiles:,} profiles"
        new = "1 new sample" if samples == 1 else f"{samples:,} new samples"
        said.append(f"{of_them} with {new}")
    return ", ".join(said)
