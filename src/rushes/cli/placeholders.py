"""Words in braces within a command's arguments, replaced by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rushes.domain.text import one_line
from rushes.errors import BadInput

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def filled(command: Sequence[str], values: Mapping[str, str | None], needed: str) -> list[str]:
    """Replace each ``{word}`` within each argument; a doubled brace stands for one brace.

    What was put in isn't looked at again. A value of None wasn't given, so nothing may ask for
    it. The word ``needed`` has to be there.

    Raises:
        BadInput: a word is unknown or has no value, a brace stands alone, or ``needed`` is missing.
    """
    asked: set[str] = set()

    def replacement(found: re.Match[str]) -> str:
        braces, word = found[0], found[1]
        if braces in ("{{", "}}"):
            return braces[0]
        if word is None or word not in values:
            raise _unknown(braces, values)
        value = values[word]
        if value is None:
            option = f"--{word.replace('_', '-')}"
            raise BadInput(
                f"{braces} stands for nothing", f"there is no {option}", f"Add {option}."
            )
        if "\0" in value:
            raise BadInput(f"{braces} can't be put in", "it holds a NUL character")
        asked.add(word)
        return value

    arguments = [_BRACES.sub(replacement, argument) for argument in command]
    if needed not in asked:
        why = "rushes wouldn't know where its audio is"
        raise BadInput(f"the command lacks {{{needed}}}", why, "Put it where the file's name goes.")
    return arguments


def _unknown(braces: str, values: Mapping[str, str | None]) -> BadInput:
    known = ", ".join(f"{{{word}}}" for word in values)
    return BadInput(
        f"“{one_line(braces)}” in the command stands for nothing",
        f"there are {known}",
        "For the brace itself write it twice.",
    )
