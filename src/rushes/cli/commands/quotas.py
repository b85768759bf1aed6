"""``quota``: how many bytes a profile's takes should use at most."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context
from rushes.cli.output import is_terminal, json_result, message, result
from rushes.cli.session import Session, session_of
from rushes.domain.amounts import read_size
from rushes.domain.storage_record import quota_record
from rushes.words.cells import fit, right
from rushes.words.storage import quota_line
from rushes.words.when import size

app = typer.Typer(rich_markup_mode=None, context_settings=PLAIN, subcommand_metavar="[COMMAND] …")

Profile = Annotated[
    str, typer.Argument(metavar="PROFILE", help="Its name, its id or the beginning of its id.")
]


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


@app.callback(invoke_without_command=True)
def quota(context: Context, *, as_json: AsJson = False) -> None:
    """Limit the room that a profile's takes use.

    A quota warns, and refuses new takes only where it is told to. What lies on the disk counts, in
    the trash too. Without a command the quotas are listed.
    """
    if context.invoked_subcommand is None:
        _list(session_of(context), as_json=as_json)


@app.command("list", cls=Command)
def list_quotas(context: Context, *, as_json: AsJson = False) -> None:
    """List the quotas, and how much of each is used."""
    _list(session_of(context), as_json=as_json)


@app.command("set", cls=Command)
def set_quota(
    context: Context,
    *,
    profile: Profile,
    most: Annotated[str, typer.Argument(metavar="SIZE", help="Such as 5GB or 500MB.")],
    as_json: AsJson = False,
) -> None:
    """Give a profile a quota, in place of what it had."""
    with session_of(context).library() as library:
        found = library.quotas.set(profile, read_size(most))
    if as_json:
        json_result(quota_record(found))
    else:
        message(quota_line(found))


@app.command("remove", cls=Command)
def remove(context: Context, *, profile: Profile, as_json: AsJson = False) -> None:
    """Take a profile's quota away; takes are not touched."""
    with session_of(context).library() as library:
        meant = library.profiles.get(profile)
        library.quotas.remove(meant.id)
    if as_json:
        json_result({"done": [meant.id], "failed": []})
    else:
        message(f"{meant.name} has no quota any more")


@app.command("refuse", cls=Command)
def refuse(
    context: Context,
    *,
    switch: Annotated[Switch, typer.Argument(metavar="on|off", help="Off unless switched on.")],
    as_json: AsJson = False,
) -> None:
    """Refuse takes that a quota has no room for, or only warn."""
    with session_of(context).library() as library:
        library.quotas.set_refuse(switch is Switch.ON)
    if as_json:
        json_result({"refuse": switch is Switch.ON})
    elif switch is Switch.ON:
        message("takes that a quota has no room for are refused")
    else:
        message("quotas only warn")


def _list(session: Session, *, as_json: bool) -> None:
    with session.library() as library:
        found, refuses = library.quotas.list(), library.quotas.refuse
    if as_json:
        items = [quota_record(one) for one in found]
        json_result({"items": items, "total": len(items), "refuse": refuses})
        return
    for one in found:
        over = "over" if one.is_over else ""
        cells = (fit(one.profile, 24), right(size(one.used), 8), "of", right(size(one.bytes), 8))
        result("  ".join((*cells, over)).rstrip())
    if is_terminal(sys.stderr):
        if not found:
            message("no quotas yet: rushes quota set PROFILE 5GB")
        elif refuses:
            message("takes that a quota has no room for are refused")
