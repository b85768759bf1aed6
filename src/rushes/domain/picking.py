"""Which version of a generation a person means."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.domain.generation import GenerationVersion
from rushes.domain.text import fold, one_line
from rushes.errors import Ambiguous, NotFound


def pick_version(versions: Sequence[GenerationVersion], wanted: str) -> GenerationVersion:
    """The version of that id or label, or the one whose id begins so.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    folded = fold(wanted.strip())
    found = [one for one in versions if one.id == wanted]
    found = found or [one for one in versions if fold(one.label) == folded]
    found = found or [one for one in versions if folded and one.id.startswith(folded)]
    if len(found) == 1:
        return found[0]
    labels = ", ".join(one_line(f"{one.label} ({one.id[:8]})") for one in versions)
    said = one_line(wanted)
    if not found:
        raise NotFound(f"there is no version “{said}”", "", f"There are: {labels or 'none'}.")
    raise Ambiguous(f"several versions fit “{said}”", labels, "Give more of the id.")
