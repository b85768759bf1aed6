"""Numbers of things, as they are said."""

from __future__ import annotations


def takes(count: int) -> str:
    """Give ``1 take`` or ``3 takes``."""
    return f"{count:,} take" if count == 1 else f"{count:,} takes"


def uses(stories: int, count: int) -> str:
    """Give ``2 stories use it`` for one take, ``1 story uses them`` for more; empty for none."""
    if not stories:
        return ""
    them = "it" if count == 1 else "them"
    return f"1 story uses {them}" if stories == 1 else f"{stories:,} stories use {them}"
