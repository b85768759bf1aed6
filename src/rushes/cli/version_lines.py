"""The versions of a take as lines: each beneath what it was made from, with its effects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rushes.cli.documents import audio_file
from rushes.cli.takes import SHORT_ID
from rushes.domain.effects import in_words
from rushes.domain.generation import GenerationVersion
from rushes.domain.health import FAULTS
from rushes.domain.text import steady
from rushes.domain.version_tree import as_tree
from rushes.words.about import file_facts
from rushes.words.when import length

if TYPE_CHECKING:
    from rushes.library import Library


def version_lines(
    library: Library,
    versions: Sequence[GenerationVersion],
    *,
    ascii: bool,  # noqa: A002  # the option's name
) -> list[str]:
    """Give two lines for each, three where effects made it: what it is, its effects, its file."""
    found: list[str] = []
    for branch in as_tree(versions):
        version, twig = branch.version, "`- " if ascii else "└ "
        before = f"{'  ' * (branch.depth - 1)}{twig}" if branch.depth else ""
        about = [
            version.label,
            "default" if version.is_default else "",
            length(version.facts.duration) if version.facts else "",
            file_facts(version.facts) if version.facts else "",
            FAULTS[version.fault] if version.fault else "",
        ]
        said = "  ".join(steady(part) for part in about if part)
        found.append(f"  {version.id[:SHORT_ID]}  {before}{said}")
        file = audio_file(library, version) or f"{version.audio_path} (missing)"
        beneath = " " * (SHORT_ID + 4 + len(before))
        found += [
            f"{beneath}{steady(text)}"
            for text in (in_words(version.effects_chain_json), file)
            if text
        ]
    return found
