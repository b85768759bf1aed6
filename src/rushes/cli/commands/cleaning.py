"""``cleanup``: what may go, to the trash."""

from __future__ import annotations

import typer

from rushes.cli.commands import policies
from rushes.cli.help import PLAIN
from rushes.cli.options import AsJson, Context, DryRun, Yes
from rushes.cli.outcome import takes
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
from rushes.cli.progress import Progress
from rushes.cli.questions import agreed
from rushes.cli.session import Session, session_of
from rushes.domain.amounts import size_words
from rushes.domain.retention import Cleaned, CleanUpPlan, Policy
from rushes.domain.storage_record import clean_up_record
from rushes.errors import BadInput
from rushes.words.cells import fit, right
from rushes.words.storage import over_line, plan_lines, why

app = typer.Typer(rich_markup_mode=None, context_settings=PLAIN, subcommand_metavar="[policy …]")
app.add_typer(policies.app, name="policy")


@app.callback(invoke_without_command=True)
def cleanup(
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
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Move old takes to the trash, by age, rating, number or size.

    Takes go that meet all of --older-than, --rated-below, --unrated and --query; with
    --keep-per-profile or --max-size no more of them than these say. Favourites stay, and what a
    story uses, linked and running takes too; trash restore brings back what went. Only
    --trash-older-than deletes for good; it needs --yes where nobody can be asked.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
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
    _clean_up(session_of(context), policy, dry_run=dry_run, yes=yes, as_json=as_json)


def _refuse_options(context: typer.Context) -> None:
    if any(value not in (None, False) for value in context.params.values()):
        raise BadInput(
            "the options of cleanup can't stand before a command of it",
            "",
            f"Write them after it: rushes cleanup {context.invoked_subcommand} …",
        )


def _clean_up(session: Session, policy: Policy, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    done: Cleaned | None = None
    with session.library() as library:
        with Progress("looking for what may go", ascii=session.ascii) as progress:
            plan = library.storage.plan(policy, progress)
        goes = plan.count + len(plan.purged.ids)
        if goes and not dry_run:
            agreed(_question(plan), yes=yes, destroys=bool(plan.purged.ids))
        if not dry_run:
            with Progress("cleaning up", ascii=session.ascii) as progress:
                done = library.storage.clean_up(plan, progress)
    if as_json:
        json_result(clean_up_record(plan, done))
        return
    if dry_run:
        for line in _plan_lines(plan):
            result(line)
    elif done is not None:
        message(_done_line(done) if goes else "nothing is to be cleaned up")
    if over := over_line(plan):
        message(over)


def _question(plan: CleanUpPlan) -> str:
    steps = []
    if plan.count:
        steps.append(f"move {takes(plan.count)} ({size_words(plan.bytes)}) to the trash")
    if plan.purged.ids:
        room = size_words(plan.purged.bytes)
        steps.append(f"delete {takes(len(plan.purged.ids))} ({room}) in the trash for good")
    question = " and ".join(steps)
    return f"{question[:1].upper()}{question[1:]}?"


def _done_line(done: Cleaned) -> str:
    parts = [f"{takes(len(done.ids))} moved to the trash ({size_words(done.bytes)})"]
    if done.purged:
        parts.append(f"{takes(len(done.purged))} deleted for good ({size_words(done.freed)})")
    if done.left:
        parts.append(f"{takes(done.left)} left alone, as they have changed")
    return ", ".join(parts)


def _plan_lines(plan: CleanUpPlan) -> list[str]:
    lines = plan_lines(plan)
    for part in plan.parts:
        reasons = ", ".join(why(reason, plan.policy) for reason in part.reasons)
        lines.append(f"  {right(takes(len(part.ids)), 14)}  {reasons}")
    if plan.profiles:
        lines.append("of these profiles")
    for portion in plan.profiles:
        count, room = right(takes(portion.generations), 14), right(size_words(portion.bytes), 7)
        lines.append(f"  {count}  {room}  {fit(portion.label, 24).rstrip()}")
    return lines
