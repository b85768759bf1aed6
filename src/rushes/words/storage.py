"""Disk use and clean-up in words, for every face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.amounts import size_words
from rushes.domain.retention import Reason
from rushes.domain.storage import Kind
from rushes.domain.text import one_line
from rushes.words.counts import takes

if TYPE_CHECKING:
    from rushes.domain.quota import Quota
    from rushes.domain.retention import CleanUpPlan, LastRun, Policy

KINDS = {
    Kind.TAKES: "takes",
    Kind.VERSIONS: "other versions",
    Kind.TRASH: "trash",
    Kind.SAMPLES: "profile samples",
    Kind.LEAVING: "on its way out",
    Kind.DATABASE: "database",
    Kind.JOURNAL: "journal",
    Kind.BACKUPS: "daily copies",
    Kind.SET_ASIDE: "lost+found",
    Kind.INCOMING: "coming in",
    Kind.BALLAST: "ballast",
}
"""What each kind is called."""


def policy_lines(policy: Policy) -> list[str]:
    """Give what a policy does, a line each, as one would say it."""
    lines = []
    if policy.moves:
        which = ", ".join(why(reason, policy) for reason in policy.conditions) or "any"
        lines.append(f"to the trash: takes {which}" if policy.conditions else "to the trash:")
        if policy.keep_per_profile is not None:
            lines.append(f"  only what is {why(Reason.COUNT, policy)}")
        if policy.max_bytes is not None:
            lines.append(f"  only the oldest, {why(Reason.SIZE, policy)}")
    if policy.trash_days is not None:
        lines.append(f"for good: takes {why(Reason.TRASH, policy)}")
    spared = ["what a story uses", *(["favourites"] if policy.spare_favorites else [])]
    if policy.spare_rated is not None:
        spared.append(f"takes rated {policy.spare_rated} or more")
    lines.append(f"spared: {' and '.join(spared)}")
    return lines


def why(reason: Reason, policy: Policy) -> str:
    """Give a reason for which a take goes, as it is said of the take."""
    match reason:
        case Reason.AGE:
            return f"made over {_days(policy.older_than_days)} ago"
        case Reason.RATING if policy.unrated:
            return f"rated below {policy.rated_below} or not at all"
        case Reason.RATING:
            return f"rated below {policy.rated_below}"
        case Reason.UNRATED:
            return "not rated"
        case Reason.QUERY:
            return f"that fit {one_line(policy.query or '')}"
        case Reason.COUNT:
            return f"older than the {policy.keep_per_profile or 0:,} newest of their profile"
        case Reason.SIZE:
            return f"until the rest takes {size_words(policy.max_bytes or 0)} or less"
        case Reason.TRASH:
            return f"in the trash for over {_days(policy.trash_days)}"


def plan_lines(plan: CleanUpPlan) -> list[str]:
    """Give what a clean-up would do and how many bytes come back, a line each."""
    lines = []
    if plan.count:
        room = size_words(plan.bytes)
        lines.append(
            f"{takes(plan.count)} would go to the trash: {room} come back once it is emptied"
        )
    if plan.purged.ids:
        room = size_words(plan.purged.bytes)
        lines.append(
            f"{takes(len(plan.purged.ids))} would be deleted for good: {room} come back at once"
        )
    return lines or ["nothing would go"]


def over_line(plan: CleanUpPlan) -> str:
    """Give what to say where a size can't be met; empty where it can."""
    if not plan.still_over:
        return ""
    over = size_words(plan.still_over)
    return f"the rest is {over} over {size_words(plan.policy.max_bytes or 0)}: no more may go"


def run_line(run: LastRun | None, when: str) -> str:
    """Give what a policy's last run did; ``when`` is its time in words."""
    if run is None:
        return "hasn't run yet"
    if run.error is not None:
        return f"failed {when}: {one_line(run.error)}"
    done = f"last ran {when}: {takes(run.moved)} to the trash ({size_words(run.bytes)})"
    if run.purged:
        done = f"{done}, {takes(run.purged)} deleted for good ({size_words(run.freed)})"
    return done


def quota_line(quota: Quota) -> str:
    """Give how much of a quota is used: ``Anna uses 5.2 GB of a quota of 5.0 GB``."""
    used, most = size_words(quota.used), size_words(quota.bytes)
    return f"{one_line(quota.profile)} uses {used} of a quota of {most}"


def _days(count: int | None) -> str:
    return "1 day" if count == 1 else f"{count or 0:,} days"
