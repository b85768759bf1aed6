"""How the command line's help reads."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, cast

import typer
from typer.core import TyperCommand, TyperGroup

PLAIN = {"help_option_names": ["--help", "-h"]}
"""What the context of a command is set to."""

QUERYING = {"help_option_names": ["--help"], "ignore_unknown_options": True}
"""The same where words with a dash before them exclude: none is an option, -h no call for help."""


class Formatter(Protocol):
    """The part of the help's writer that is used here."""

    def section(self, name: str) -> AbstractContextManager[object]:
        """Indent what follows under a heading."""

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write names and what they mean in two columns."""


class Command(TyperCommand):
    """A command whose help names its arguments as people do, without Python's types."""

    def format_options(self, ctx: object, formatter: Formatter) -> None:
        """Write the arguments, then the options."""
        context = cast(typer.Context, ctx)
        rows: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for parameter in self.get_params(context):
            record = parameter.get_help_record(context)
            if record is None:
                continue
            name, about = record
            if parameter.param_type_name == "argument":
                rows["Arguments"].append((name.partition(" <")[0], about))
            else:
                rows["Options"].append((name, about))
        for heading, records in rows.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


class Sections(TyperGroup):
    """The root command, whose help lists the commands under headings."""

    def format_commands(self, ctx: object, formatter: Formatter) -> None:  # noqa: ARG002  # click calls it so
        """Write the commands by section, in the order in which they were added."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            heading = str(getattr(command, "rich_help_panel", None) or "Commands")
            sections.setdefault(heading, []).append((name, command.get_short_help_str(64)))
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
