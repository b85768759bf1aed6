"""What a command that acts has done and what it couldn't: told in words or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import typer

from rushes.cli.output import json_result, message, result
from rushes.errors import RushesError


@dataclass(slots=True)
class Outcome:
    """Collects what is done, by id or name, and what failed; a failure doesn't stop the rest.

    Without JSON, ``printed`` puts each thing done on a line of standard output, as it is done.
    """

    as_json: bool
    printed: bool = False
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def add(self, what: str) -> None:
        """Note one thing as done."""
        self.done.append(what)
        if self.printed and not self.as_json:
            result(what)

    def extend(self, things: Iterable[str]) -> None:
        """Note several things as done."""
        for thing in things:
            self.add(thing)

    def fail(self, what: str, error: RushesError) -> None:
        """Note one thing as failed, and tell why."""
        self.failed.append((what, str(error)))
        if not self.as_json:
            message(str(error))

    def fail_all(self, things: Sequence[str], error: RushesError) -> None:
        """Note several things as failed for one reason, told once."""
        self.failed.extend((thing, str(error)) for thing in things)
        if not self.as_json:
            message(str(error))

    def end(self, said: str = "") -> None:
        """Print the JSON, or tell ``said``; leave with 1 when anything failed.

        Raises:
            typer.Exit: something failed.
        """
        if self.as_json:
            failed = [{"what": what, "error": error} for what, error in self.failed]
            json_result({"done": self.done, "failed": failed})
        elif said and self.done:
            message(said)
        if self.failed:
            raise typer.Exit(1)


def takes(count: int) -> str:
    """Give ``1 take`` or ``3 takes``."""
    return f"{count:,} take" if count == 1 else f"{count:,} takes"
