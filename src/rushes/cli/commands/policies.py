"""``cleanup policy``: what the library cleans up by itself, once it is switched on."""

from __future__ import annotations

import typer

from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context
from rushes.cli.output import json_result, message, result
from rushes.cli.policies import (
    Fitting,
    IncludeFavorites,
    KeepPerProfile,
    MaxSize,
    OlderThan,
    ProtectRated,
    RatedBelow,
    TrashOlderThan,
    Unrated,
    policy_from,
)
from rushes.cli.session import session_of
from rushes.domain.retention import SavedPolicy
from rushes.domain.storage_record import policy_record
from rushes.words.storage import policy_lines, run_line
from rushes.words.when import full

app = typer.Typer(
    help="What is cleaned up by itself, once it is switched on.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)


@app.command("show", cls=Command)
def show(context: Context, *, as_json: AsJson = False) -> None:
    """Show the saved policy and its last run."""
    with session_of(context).library() as library:
        kept = library.storage.saved_policy()
    if as_json:
        json_result(policy_record(kept))
        return
    if kept is None:
        message("no policy is saved: rushes cleanup policy save --older-than 90d")
        return
    for line in kept_lines(kept):
        result(line)


@app.command("save", cls=Command)
def save(
    context: Context,
    *,
    older_than: OlderThan = None,
    rated_below: RatedBelow = None,
    unrated: Unrated = False,
    query: Fitting = None,
    keep_per_profile: KeepPerProfile = None,
    max_size: MaxSize = None,
    trash_older_than: TrashOlderThan = None,
    include_favorites: IncludeFavorites = False,
    protect_rated: ProtectRated = None,
    as_json: AsJson = False,
) -> None:
    """Save a policy in place of another.

    It takes the options of cleanup, and is off until it is switched on.
    """
    policy = policy_from(
        older_than=older_than,
        rated_below=rated_below,
        unrated=unrated,
        query=query,
        keep_per_profile=keep_per_profile,
        max_size=max_size,
        trash_older_than=trash_older_than,
        include_favorites=include_favorites,
        protect_rated=protect_rated,
    )
    with session_of(context).library() as library:
        kept = library.storage.save_policy(policy)
    _tell(kept, "saved; rushes cleanup policy on lets it run by itself", as_json=as_json)


@app.command("on", cls=Command)
def switch_on(context: Context, *, as_json: AsJson = False) -> None:
    """Let the saved policy run by itself, daily at most."""
    with session_of(context).library() as library:
        kept = library.storage.switch_policy(True)
    _tell(kept, "the policy is on", as_json=as_json)


@app.command("off", cls=Command)
def switch_off(context: Context, *, as_json: AsJson = False) -> None:
    """Keep the saved policy from running by itself."""
    with session_of(context).library() as library:
        kept = library.storage.switch_policy(False)
    _tell(kept, "the policy is off", as_json=as_json)


@app.command("forget", cls=Command)
def forget(context: Context, *, as_json: AsJson = False) -> None:
    """Keep no policy any more; takes are not touched."""
    with session_of(context).library() as library:
        library.storage.forget_policy()
    _tell(None, "the policy is forgotten", as_json=as_json)


def kept_lines(kept: SavedPolicy) -> list[str]:
    """Give a saved policy in words."""
    when = "" if kept.last is None else full(kept.last.at)
    state = "on, runs daily at most" if kept.on else "off"
    return [f"policy: {state}, {run_line(kept.last, when)}", *policy_lines(kept.policy)]


def _tell(kept: SavedPolicy | None, said: str, *, as_json: bool) -> None:
    if as_json:
        json_result(policy_record(kept))
        return
    message(said)
