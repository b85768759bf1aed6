"""What is told after recording into a profile that uses more than its quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.cli.output import message
from rushes.words.storage import quota_line

if TYPE_CHECKING:
    from rushes.library import Library


def tell_quota(library: Library, profile: str) -> None:
    """Tell in one line when the profile of that name is over its quota."""
    for quota in library.quotas.exceeded():
        if quota.profile == profile.strip():
            message(quota_line(quota))
