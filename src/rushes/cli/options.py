"""Arguments and options that several commands take, each documented here once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Context = typer.Context
"""What a command learns about this run; ``session_of`` finds the session in it."""

AsJson = Annotated[bool, typer.Option("--json", help="Print one strict JSON document.")]

Id = Annotated[
    str,
    typer.Argument(metavar="ID", help="The generation's id, or its first 4 characters or more."),
]

Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID", help="Ids, or the first 4 characters or more of each."),
]

MaybeIds = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="Ids, or the first 4 characters or more of each."),
]

QueryWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        help="Words, -words, “phrases” and key:value filters, all of which must fit.",
    ),
]

Looked = Annotated[
    list[str] | None,
    typer.Argument(metavar="QUERY|ID", help="Ids of takes, or a query, as for list."),
]

Query = Annotated[
    str | None,
    typer.Option("--query", metavar="QUERY", help="Everything that fits this filter."),
]

DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Change nothing; tell what would be done, to the byte."),
]

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]

Limit = Annotated[int, typer.Option("--limit", metavar="N", help="How many, 1 to 1,000.")]
Offset = Annotated[int, typer.Option("--offset", metavar="N", help="How many to skip.")]
After = Annotated[
    str | None,
    typer.Option("--after", metavar="CURSOR", help="Go on where a page's “next” points."),
]

Profile = Annotated[
    str,
    typer.Option(
        "--profile", metavar="NAME", help="The voice or model; made where there is none yet."
    ),
]
MaybeProfile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="The voice or model; made where there is none yet. Needed without --watch.",
    ),
]
Text = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="What is spoken.")]
TextFile = Annotated[
    Path | None,
    typer.Option(
        "--text-file",
        metavar="FILE",
        allow_dash=True,
        help="Read the text from a file; - is standard input.",
    ),
]
Language = Annotated[
    str, typer.Option("--language", metavar="CODE", help="Its language: en, de, zh-TW.")
]
Engine = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="What made it, such as qwen.")
]
ModelSize = Annotated[
    str | None, typer.Option("--model-size", metavar="SIZE", help="Its size, such as 1.7B.")
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="The random seed.")]
Instruct = Annotated[
    str | None, typer.Option("--instruct", metavar="TEXT", help="How it was to be spoken.")
]
Params = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        metavar="K=V",
        help="A parameter of the engine, as often as needed; V is JSON where it can be read as "
        "JSON, else text.",
    ),
]
CreatedAt = Annotated[
    str | None,
    typer.Option(
        "--created-at",
        metavar="ISO",
        help="When it was made: 2026-04-01T12:00:00Z; now by default.",
    ),
]
Move = Annotated[
    bool, typer.Option("--move", help="Take the file away once it is safely in the library.")
]
