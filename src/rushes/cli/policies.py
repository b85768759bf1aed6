"""The options that say what to clean up, and the policy that they make."""

from __future__ import annotations

from typing import Annotated

import typer

from rushes.domain.amounts import read_days, read_size
from rushes.domain.retention import Policy

OlderThan = Annotated[
    str | None,
    typer.Option("--older-than", metavar="DAYS", help="Made longer ago than 30d, 2w or 1y."),
]
RatedBelow = Annotated[
    int | None, typer.Option("--rated-below", metavar="N", help="Rated lower than that, 2 to 5.")
]
Unrated = Annotated[
    bool, typer.Option("--unrated", help="Not rated at all; with --rated-below either.")
]
Fitting = Annotated[
    str | None, typer.Option("--query", metavar="QUERY", help="Only what fits this filter too.")
]
KeepPerProfile = Annotated[
    int | None,
    typer.Option(
        "--keep-per-profile", metavar="N", help="Let go what is older than a profile's N newest."
    ),
]
MaxSize = Annotated[
    str | None,
    typer.Option(
        "--max-size", metavar="SIZE", help="Let the oldest go until the rest takes 5GB, 500MB."
    ),
]
TrashOlderThan = Annotated[
    str | None,
    typer.Option(
        "--trash-older-than",
        metavar="DAYS",
        help="Delete for good what lies in the trash for longer.",
    ),
]
IncludeFavorites = Annotated[
    bool, typer.Option("--include-favorites", help="Don't spare favourites.")
]
ProtectRated = Annotated[
    int | None, typer.Option("--protect-rated", metavar="N", help="Spare what is rated N or more.")
]


def policy_from(
    *,
    older_than: str | None,
    rated_below: int | None,
    unrated: bool,
    query: str | None,
    keep_per_profile: int | None,
    max_size: str | None,
    trash_older_than: str | None,
    include_favorites: bool,
    protect_rated: int | None,
) -> Policy:
    """Give the policy that the options mean.

    Raises:
        BadInput: one can't be read, or they say nothing to go by.
    """
    return Policy(
        older_than_days=None if older_than is None else read_days(older_than),
        rated_below=rated_below,
        unrated=unrated,
        query=query,
        keep_per_profile=keep_per_profile,
        max_bytes=None if max_size is None else read_size(max_size),
        trash_days=None if trash_older_than is None else read_days(trash_older_than),
        spare_favorites=not include_favorites,
        spare_rated=protect_rated,
    )
