"""Verify, repair, compression and clean-up, as a person has them done: tried first, then asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.query import HistoryQuery
from rushes.tui.storage_lines import is_broken, verdict, would_mend
from rushes.tui.tasks import Tasks
from rushes.tui.undo import Change
from rushes.words import when
from rushes.words.counts import takes

if TYPE_CHECKING:
    from rushes.domain.compression import Recoded
    from rushes.domain.health import Report
    from rushes.domain.retention import Cleaned, CleanUpPlan, Policy
    from rushes.library import Library

MOST_PROFILES = 5
"""Profiles that the question of a clean-up names."""


class Chores(Tasks):
    """What is done about disk use and health; ``say`` is told what each came to."""

    async def verify(self, *, deep: bool) -> None:
        """Look for what is wrong; nothing is changed."""
        report = await self._check(deep=deep)
        self.say(f"Verified: {verdict(report)}.")

    async def repair(self) -> None:
        """Say what repair would take on, and have it done; as deep as verify looked last."""
        last = self.host.desk.last_report
        report = await self._check(deep=last is not None and last.deep)
        if is_broken(report):
            self.say("The database is damaged: leave rushes, then type rushes verify --repair.")
            return
        to_mend = would_mend(report)
        if not to_mend:
            self.say(f"Nothing to repair: {verdict(report)}.")
            return
        promise = "No audio is deleted: what no take names is set aside in lost+found."
        if not await self.ask("Repair the library?", f"{to_mend}\n\n{promise}", "Repair"):
            return
        deep = report.deep
        report = await self.do(
            "repairing", lambda library, watch: library.health.repair(deep=deep, watch=watch)
        )
        self.host.desk.last_report = report
        self.say(f"Repaired: {verdict(report)}.")

    async def _check(self, *, deep: bool) -> Report:
        report = await self.do(
            "verifying", lambda library, watch: library.health.check(deep=deep, watch=watch)
        )
        self.host.desk.last_report = report
        return report

    async def compress(self) -> None:
        """Try how small everything gets as FLAC, ask, and compress it."""
        tried = await self.do(
            "trying",
            lambda library, watch: library.compression.compress(
                HistoryQuery(), dry_run=True, watch=watch
            ),
        )
        if not tried.files:
            self.say(f"Nothing to compress{_left_alone(tried)}.")
            return
        text = f"{_recoded(tried)}{_left_alone(tried)}.\n\nEvery sample is compared, and expanding "
        text += "gives the very same files back."
        if await self.ask(f"Compress {takes(len(tried.done))} to FLAC?", text, "Compress"):
            done = await self.do(
                "compressing",
                lambda library, watch: library.compression.compress(HistoryQuery(), watch=watch),
            )
            self.say(f"Compressed {takes(len(done.done))}: {_recoded(done)}{_failed(done)}.")

    async def expand(self) -> None:
        """Try how large what was compressed gets again, ask, and give it back."""
        tried = await self.do(
            "trying",
            lambda library, watch: library.compression.expand(
                HistoryQuery(), dry_run=True, watch=watch
            ),
        )
        if not tried.files:
            self.say("Nothing to expand: no take was compressed here.")
            return
        title = f"Expand {takes(len(tried.done))} to WAV?"
        if await self.ask(title, f"{_recoded(tried)}.", "Expand"):
            done = await self.do(
                "expanding",
                lambda library, watch: library.compression.expand(HistoryQuery(), watch=watch),
            )
            self.say(f"Expanded {takes(len(done.done))}: {_recoded(done)}{_failed(done)}.")

    async def clean_up(self, policy: Policy) -> None:
        """Plan by a policy, ask, and move to the trash; ``u`` brings that back."""
        plan = await self.do("planning", lambda library, watch: library.storage.plan(policy, watch))
        count, purged = plan.count, len(plan.purged.ids)
        if not count and not purged:
            self.say("Nothing to clean up: no take fits, favourites aside.")
            return
        title = f"Move {takes(count)} to the trash?" if count else f"Delete {takes(purged)}?"
        if not await self.ask(title, _planned(plan), "Clean up"):
            return
        cleaned = await self.do(
            "cleaning up", lambda library, watch: library.storage.clean_up(plan, watch)
        )
        if cleaned.ids:
            restore = partial(_restore, ids=cleaned.ids)
            change = Change(f"{takes(len(cleaned.ids))} back from the trash", restore)
            self.host.desk.undo.remember(change)
        self.say(_cleaned(cleaned, self.host.key("undo")))


def _restore(library: Library, ids: tuple[str, ...]) -> None:
    library.trash.restore(ids)


def _recoded(recoded: Recoded) -> str:
    files = "1 file" if recoded.files == 1 else f"{recoded.files:,} files"
    sizes = f"{when.size(recoded.bytes_before)} to {when.size(recoded.bytes_after)}"
    freed = when.size(abs(recoded.freed))
    return f"{files}, {sizes}, {freed} {'come back' if recoded.freed >= 0 else 'more'}"


def _left_alone(recoded: Recoded) -> str:
    """Say why others stay as they are: the reason that most of them have."""
    if not recoded.skipped:
        return ""
    reason, ids = max(recoded.skipped.items(), key=lambda item: len(item[1]))
    return f"; {takes(len(ids))} left alone ({reason.words})"


def _failed(recoded: Recoded) -> str:
    if not recoded.failed:
        return ""
    return f"; {takes(len(recoded.failed))} failed: {recoded.failed[0].error}"


def _planned(plan: CleanUpPlan) -> str:
    lines = []
    if plan.count:
        lines.append(f"{when.size(plan.bytes)} come back when the trash is emptied.")
    named = plan.profiles[:MOST_PROFILES]
    lines += [f"{one.label}: {takes(one.generations)}, {when.size(one.bytes)}" for one in named]
    if len(plan.profiles) > len(named):
        lines.append(f"and of {len(plan.profiles) - len(named):,} profiles more")
    if plan.purged.ids:
        gone = f"{takes(len(plan.purged.ids))} in the trash, {when.size(plan.purged.bytes)}"
        lines.append(f"{gone}: deleted for good. That can't be undone.")
    stay = "Favourites and what a" if plan.policy.spare_favorites else "What a"
    lines.append(f"{stay} story uses stay.")
    if plan.still_over:
        lines.append(f"What stays is still {when.size(plan.still_over)} too large.")
    return "\n".join(lines)


def _cleaned(cleaned: Cleaned, undo: str) -> str:
    parts = []
    if cleaned.ids:
        moved = f"{takes(len(cleaned.ids))} moved to the trash, {when.size(cleaned.bytes)}"
        parts.append(f"{moved}. {undo} brings them back")
    if cleaned.purged:
        parts.append(f"{takes(len(cleaned.purged))} deleted for good, {when.size(cleaned.freed)}")
    if cleaned.left:
        parts.append(f"{takes(cleaned.left)} left alone")
    return f"{'. '.join(parts) or 'Nothing was left to clean up'}."
