"""``audio doctor``: why sound does or doesn't come out on this machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context
from rushes.cli.output import is_unicode, json_result, result
from rushes.cli.session import session_of

if TYPE_CHECKING:
    from rushes.playback.doctor import Diagnosis, Finding

app = typer.Typer(
    help="Sound on this machine.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)

_NAME = 13
"""Columns for the name of a way out."""


@app.callback()
def audio() -> None:
    """Sound on this machine."""


@app.command("doctor", cls=Command)
def doctor(
    context: Context,
    *,
    quiet: Annotated[
        bool, typer.Option("--no-tone", help="Don't play the test tone on the chosen way out.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Try every way out for sound, play a test tone, and say what to type.

    The tone is played on the laptop where one listens. Ends with 1 where nothing can be heard.
    `rushes --sound NAME audio doctor` tries the tone on another way out.
    """
    from rushes.errors import PlaybackError
    from rushes.playback.doctor import examine, play_tone
    from rushes.playback.listening.ways import ways_to_listener, who_listens
    from rushes.playback.state import AUTO, LISTENER

    wanted = session_of(context).config.sound
    laptop = who_listens() if wanted in (AUTO, LISTENER) else ""
    if wanted == LISTENER and not laptop:
        raise PlaybackError("Nobody listens", "", "Where you sit type: rushes listen USER@HOST")
    if laptop and not as_json:
        result(f"{laptop} listens: what is played here is heard there. This machine's own ways:")
    asked = AUTO if wanted == LISTENER else wanted
    diagnosis = examine(asked, _ignore if as_json else _print)
    if laptop:
        # What is to be minded here is no matter where the sound goes elsewhere.
        diagnosis = replace(diagnosis, wanted=wanted, chosen=LISTENER, notes=())
    fault = None
    if diagnosis.chosen is not None and not quiet:
        fault = play_tone(diagnosis.chosen, ways_to_listener() if laptop else None)
    silent = diagnosis.chosen is None
    if as_json:
        tone = None if silent or quiet else fault or "played"
        document = _document(diagnosis, tone, _to_type(diagnosis, fault))
        json_result({**document, "listener": laptop or None})
    else:
        _conclude(diagnosis, fault, played=not (silent or quiet), laptop=laptop)
    if silent or fault is not None:
        raise typer.Exit(1)


def _ignore(_: Finding) -> None:
    """The document tells of it."""


def _print(finding: Finding) -> None:
    yes, no = ("✓", "✗") if is_unicode() else ("+", "-")
    mark = yes if finding.serves else no
    took = "" if finding.seconds is None else f", opens in {finding.seconds * 1000:.0f} ms"
    result(f"{mark} {finding.name:<{_NAME}}{finding.why}{took}")
    if finding.fix:
        result(f"  {'':<{_NAME}}{finding.fix}")


def _conclude(diagnosis: Diagnosis, fault: str | None, *, played: bool, laptop: str) -> None:
    result()
    for note in diagnosis.notes:
        result(f"{note}.")
    if diagnosis.chosen is None:
        result("Nothing can be heard here.")
    else:
        why = "it comes first" if diagnosis.takes_any else "it is set so"
        way = f"to {laptop}" if laptop else f"through {diagnosis.chosen}"
        result(f"Sound goes {way}: {why}.")
    if fault is not None:
        result(fault)
    elif played:
        result(f"Three soft notes were played{f' on {laptop}' if laptop else ''}.")
        if diagnosis.others:
            other = diagnosis.others[0]
            result(f"Not heard? Try the next: rushes --sound {other} audio doctor")
    result(_to_type(diagnosis, fault))


def _to_type(diagnosis: Diagnosis, fault: str | None) -> str:
    """Give the line that ends it all: what to type."""
    if diagnosis.chosen is None:
        if diagnosis.hint and not diagnosis.others:
            return diagnosis.hint
        return f"Type: rushes --sound {diagnosis.others[0] if diagnosis.others else 'auto'}"
    if fault is not None and diagnosis.others:
        return f"Type: rushes --sound {diagnosis.others[0]} audio doctor"
    if fault is not None:
        return "Type: rushes audio doctor"
    if diagnosis.takes_any:
        return "Type: rushes"
    return f"Type: rushes --sound {diagnosis.chosen}"


def _document(diagnosis: Diagnosis, tone: str | None, to_type: str) -> dict[str, object]:
    return {
        "wanted": diagnosis.wanted,
        "chosen": diagnosis.chosen,
        "ways": [
            {
                "name": one.name,
                "serves": one.serves,
                "why": one.why,
                "seconds": one.seconds,
                "fix": one.fix or None,
            }
            for one in diagnosis.findings
        ],
        "notes": list(diagnosis.notes),
        "tone": tone,
        "type": to_type,
    }
