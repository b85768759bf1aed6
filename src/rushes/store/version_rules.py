"""What may be done to the versions of a generation (REQUIREMENTS A3), told before it is done."""

from __future__ import annotations

from collections.abc import Collection

from rushes.domain.text import fold, one_line
from rushes.errors import Conflict


def check_own(generation_id: str, source_id: str | None) -> None:
    """Make sure that a generation is the library's own.

    What belongs to a linked source is only read: another default would be gone with its next
    change there, and a version added or taken away here would be one that isn't there.

    Raises:
        Conflict: it is a linked source's.
    """
    if source_id is not None:
        raise Conflict(
            f"the versions of {generation_id} can't be changed",
            "they are a linked source's, which is only read",
            "`rushes import` copies its takes in.",
        )


def check_has_audio(generation_id: str, versions: int) -> None:
    """Make sure that a generation has its first file, which is its life's to give.

    Raises:
        Conflict: it has none yet.
    """
    if not versions:
        raise Conflict(
            f"the generation {generation_id} has no audio yet",
            "its first file completes it",
            f"Use `rushes complete {generation_id[:8]} FILE`.",
        )


def check_not_last(generation_id: str, versions: int) -> None:
    """Make sure that something is left when one of so many versions goes.

    Raises:
        Conflict: it is the last.
    """
    if versions < 2:
        raise Conflict(
            "the last version can't go",
            f"the generation {generation_id} has no other",
            "Delete the generation instead.",
        )


def free_label(taken: Collection[str], label: str | None) -> str:
    """The label, if no other version bears it, whatever its case; without one ``version-N``.

    Raises:
        Conflict: another bears it.
    """
    folded = {fold(one) for one in taken}
    if label is None:
        number = len(taken) + 1
        while f"version-{number}" in folded:
            number += 1
        return f"version-{number}"
    if fold(label) in folded:
        why = f"there is a version “{one_line(label)}” already"
        raise Conflict(why, "", "Choose another label.")
    return label
