"""``export``: takes as ZIPs with their whole records, or their audio alone."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.options import AsJson, Context, MaybeIds, Query
from rushes.cli.outcome import takes
from rushes.cli.output import is_terminal, json_result, message, raw_message, result
from rushes.cli.progress import Progress
from rushes.cli.queries import check_asked, read_filter, whole_ids
from rushes.cli.session import session_of
from rushes.cli.stopping import exit_code, stopping
from rushes.domain.export_formats import DEFAULT_PATTERN, FIELDS, AudioFormat, Layout
from rushes.domain.ids import SHORT
from rushes.domain.query import HistoryQuery
from rushes.domain.record import Record
from rushes.domain.text import one_line, steady
from rushes.errors import BadInput, BadPattern, RushesError
from rushes.words.when import size

if TYPE_CHECKING:
    from rushes.domain.exporting import ExportedFile, Remark, Result, What
    from rushes.library import Library

_NAMED = 3
"""Takes that are named where several failed for one reason."""


class _Told:
    """Tells of each file as it is done, and in the end of what failed and what is to be said.

    Only for ``--json`` is anything held of every file.
    """

    def __init__(self, as_json: bool, to_laptop: bool = False) -> None:
        self._as_json = as_json
        self._where = " to the laptop" if to_laptop else ""
        self._done: list[Record] = []
        self._failed: list[Record] = []
        self._reasons: Counter[str] = Counter()
        self._failing: dict[str, list[str]] = {}
        self._remarks: Counter[Remark] = Counter()
        self._takes = self._bytes = 0
        self._last = ""

    def add(self, one: Result) -> None:
        """Note a file, or that there is none."""
        from rushes.domain.exporting import NotExported

        if isinstance(one, NotExported):
            self.fail(one.id, one.error)
            return
        self._takes += one.id != self._last
        self._last = one.id
        self._bytes += one.bytes
        self._remarks.update(one.remarks)
        if self._as_json:
            self._done.append(_record(one))
        else:
            result(one.file)

    def fail(self, what: str, error: RushesError) -> None:
        """Note that something failed."""
        if self._as_json:
            self._failed.append({"what": what, "error": str(error)})
        self._reasons[str(error)] += 1
        named = self._failing.setdefault(str(error), [])
        if len(named) < _NAMED:
            named.append(one_line(what[:SHORT]))

    def end(self) -> None:
        """Print the JSON, or what is to be said; leave with 1 when anything failed.

        Raises:
            typer.Exit: something failed.
        """
        if self._as_json:
            json_result({"done": self._done, "failed": self._failed})
        else:
            self._say()
        if self._reasons:
            raise typer.Exit(1)

    def _say(self) -> None:
        for remark, count in self._remarks.items():
            message(f"{_files(count)}: {remark}")
        for text, count in self._reasons.items():
            named = self._failing[text]
            more = f" and {count - len(named):,} more" if count > len(named) else ""
            is_told = count == 1 and named[0] in text
            message(text if is_told else f"{', '.join(named)}{more}: {text}")
        if self._takes:
            message(f"{takes(self._takes)} exported{self._where}, {size(self._bytes)}")
        elif not self._reasons:
            message("nothing fits")


def _record(one: ExportedFile) -> Record:
    return {
        "id": one.id,
        "file": one.file,
        "bytes": one.bytes,
        "version_id": one.version_id,
        "remarks": [str(remark) for remark in one.remarks],
    }


def _files(count: int) -> str:
    """Give ``1 file`` or ``3 files``."""
    return "1 file" if count == 1 else f"{count:,} files"


def export(
    context: Context,
    *,
    ids: MaybeIds = None,
    query: Query = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A folder, made where there is none; for one take also a file: x.zip, x.mp3.",
        ),
    ] = None,
    to_laptop: Annotated[
        bool,
        typer.Option(
            "--to-laptop", help="Into the downloads folder of the laptop that listens, instead."
        ),
    ] = False,
    audio_only: Annotated[
        bool, typer.Option("--audio-only", help="The audio alone, as it is without --format.")
    ] = False,
    audio_format: Annotated[
        AudioFormat | None,
        typer.Option("--format", help="The audio alone, in this format."),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            "--version",
            metavar="V",
            help="The audio of this version, by its label or the beginning of its id.",
        ),
    ] = None,
    all_versions: Annotated[
        bool, typer.Option("--all-versions", help="The audio of every version.")
    ] = False,
    layout: Annotated[
        Layout | None,
        typer.Option("--layout", help="The ZIP's layout: voicebox if nothing is said, or sonna."),
    ] = None,
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="PATTERN", help=f"How files are called. Fields: {', '.join(FIELDS)}."
        ),
    ] = DEFAULT_PATTERN,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files of the same name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write takes to files: a ZIP each, with everything that is known, or the audio alone.

    Voicebox and rushes import the ZIPs. Files that are there stay: new ones get a number.
    """
    check_asked(ids or [], query)
    _check_place(output, to_laptop, overwrite)
    what = _what(audio_only, audio_format, version, all_versions, layout)
    _check_pattern(name)
    session = session_of(context)
    told = _Told(as_json, to_laptop)
    with session.library() as library:
        wanted: HistoryQuery | list[str]
        if query is not None:
            wanted = HistoryQuery(filter=read_filter(library, query))
        else:
            wanted, missed = whole_ids(library, ids or [])
            for prefix, reason in missed:
                told.fail(prefix, reason)
        with Progress("exporting", ascii=session.ascii) as progress:
            results = (
                _carried(library, wanted, what, name, progress)
                if output is None
                else library.exporting.each(
                    wanted, output, what, name=name, overwrite=overwrite, watch=progress
                )
            )
            for one in results:
                told.add(one)
    told.end()


def _carried(
    library: Library, wanted: HistoryQuery | list[str], what: What, name: str, progress: Progress
) -> Iterator[Result]:
    """What comes of sending them to the laptop; a signal ends it with nothing left on either side.

    Raises:
        TargetError: nobody listens.
    """
    from rushes.playback.listening.courier import Courier

    with stopping(_leave):
        courier = Courier()
        try:
            yield from library.exporting.each_carried(
                wanted, courier.carry, what, name=name, watch=progress
            )
        finally:
            courier.close()


def _leave(number: int) -> None:
    """Leave the work as Ctrl+C does, whichever signal it was."""
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(exit_code(number))


def _check_place(output: str | None, to_laptop: bool, overwrite: bool) -> None:
    """Make sure that one place is named, and is asked for nothing that it doesn't do.

    Raises:
        BadInput: none is, or both are.
    """
    if to_laptop and output is not None:
        raise BadInput("--output and --to-laptop can't be given together")
    if to_laptop and overwrite:
        raise BadInput("--overwrite isn't for the laptop", "nothing is ever replaced there")
    if output is None and not to_laptop:
        raise BadInput("where to export to isn't said", "", "Give -o PATH, or --to-laptop.")


def _what(
    audio_only: bool,
    audio_format: AudioFormat | None,
    version: str | None,
    all_versions: bool,
    layout: Layout | None,
) -> What:
    """What is to be written.

    Raises:
        BadInput: the options contradict each other.
    """
    from rushes.domain.exporting import Archives, AudioAlone

    if version is not None and all_versions:
        raise BadInput("--version and --all-versions can't be given together")
    if not (audio_only or audio_format or version is not None or all_versions):
        return Archives(layout or Layout.VOICEBOX)
    if layout is not None:
        raise BadInput("--layout is for ZIPs, and audio alone was asked for")
    return AudioAlone(audio_format, version, all_versions)


def _check_pattern(pattern: str) -> None:
    """Read a pattern; where it goes wrong, show the place as well.

    Raises:
        BadPattern: it can't be read; says at which character.
    """
    from rushes.domain.file_pattern import parse_pattern

    try:
        parse_pattern(pattern)
    except BadPattern as error:
        if is_terminal(sys.stderr):
            from rich.cells import cell_len

            before = " " * cell_len(steady(pattern[: error.position]))
            raw_message(f"  {steady(pattern)}\n  {before}^\n")
        where = f"{error.what}, at character {error.position + 1} of the name's pattern"
        raise BadPattern(where, error.position, error.why, error.fix) from None
