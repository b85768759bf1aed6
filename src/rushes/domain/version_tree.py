"""The versions of a generation as a tree: what each was made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rushes.domain.generation import GenerationVersion


@dataclass(frozen=True, slots=True)
class Branch:
    """A version in its tree; ``depth`` is 0 for what was made from nothing that is here."""

    version: GenerationVersion
    depth: int


def as_tree(versions: Sequence[GenerationVersion]) -> tuple[Branch, ...]:
    """Every version once, each beneath what it was made from; siblings as they were given.

    One whose parent isn't among them stands at the root, and so does one that would be its own
    ancestor, which only a damaged library holds.
    """
    here = {version.id for version in versions}
    children: dict[str | None, list[GenerationVersion]] = {}
    for version in versions:
        parent = version.source_version_id if version.source_version_id in here else None
        children.setdefault(parent, []).append(version)
    found = list(_below(children, None, 0))
    seen = {branch.version.id for branch in found}
    return (*found, *(Branch(version, 0) for version in versions if version.id not in seen))


def _below(
    children: dict[str | None, list[GenerationVersion]], parent: str | None, depth: int
) -> Iterator[Branch]:
    waiting = [(version, depth) for version in reversed(children.get(parent, []))]
    while waiting:
        version, level = waiting.pop()
        yield Branch(version, level)
        waiting += [(one, level + 1) for one in reversed(children.get(version.id, []))]
