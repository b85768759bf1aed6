"""Which version of a generation a person means."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.domain.generation import GenerationVersion
from rushes.domain.text import one_line
from rushes.errors import Ambiguous, NotFound


def pick_version(versions: Sequence[GenerationVersion], wanted: str) -> GenerationVersion:
    """Give the version of that label, or the one whose id begins so.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    folded = wanted.strip().lower()
    found = [one for one in versions if one.label.lower() == folded]
    found = found or [one for one in versions if folded and one.id.startswith(folded)]
    if len(found) == 1:
        return found[0]
    labels = ", ".join(f"{one.label} ({one.id[:8]})" for one in versions)
    if not found:
        what = f"there is no version “{one_line(wanted)}”"
        raise NotFound(what, "", f"There are: {labels or 'none'}.")
    raise Ambiguous(f"several versions fit “{one_line(wanted)}”", labels, "Give more of the id.")
