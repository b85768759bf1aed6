"""Profiles as they are read."""

from __future__ import annotations

from rushes.domain.ids import SHORTEST_PREFIX
from rushes.domain.profile import Profile, ProfileSummary
from rushes.domain.text import fold, one_line
from rushes.errors import Ambiguous, BadInput, NotFound
from rushes.store import rows
from rushes.store.database import Parameter, Row
from rushes.store.reader import Reader
from rushes.store.where import Condition

_SHOWN_MATCHES = 4


def summaries(reader: Reader) -> tuple[ProfileSummary, ...]:
    """Every profile with what it holds outside the trash, by name."""
    found = reader.all(
        "WITH held (profile_id, generations, microseconds) AS ("
        " SELECT profile_id, sum(generations), sum(microseconds)"
        " FROM counters WHERE trashed = 0 GROUP BY profile_id)"
        f" SELECT {rows.PROFILE_COLUMNS}, COALESCE(h.generations, 0), COALESCE(h.microseconds, 0)"
        " FROM profiles p LEFT JOIN held h ON h.profile_id = p.id"
        " WHERE p.deleted_at IS NULL ORDER BY p.name_fold, p.name"
    )
    return tuple(_summary(row) for row in found)


def find(reader: Reader, name: str) -> Profile:
    """The profile of that id, of that name, of that name in other case, or of that id's beginning.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    if not isinstance(name, str):
        raise BadInput("a profile's name must be text", f"it is {type(name).__name__}")
    conditions = [
        # A whole id can't be meant as a name, whatever somebody has called theirs.
        Condition("p.id = ?", (name,)),
        Condition("p.name = ?", (name,)),
        Condition("p.name_fold = ?", (fold(name.strip()),)),
    ]
    prefix = name.strip().lower()
    if len(prefix) >= SHORTEST_PREFIX:
        conditions.append(Condition("p.id >= ? AND p.id < ?", (prefix, f"{prefix}\U0010ffff")))
    for condition in conditions:
        found = reader.all(
            f"SELECT {rows.PROFILE_COLUMNS} FROM profiles p"
            f" WHERE p.deleted_at IS NULL AND {condition.sql} ORDER BY p.name LIMIT ?",
            (*condition.parameters, _SHOWN_MATCHES),
        )
        if len(found) == 1:
            return rows.profile(found[0])
        if found:
            raise _several(name, found)
    raise missing(name)


def by_id(reader: Reader, identity: str) -> Profile:
    """The profile of that whole id, deleted or not.

    Raises:
        NotFound: there is none.
    """
    parameters: tuple[Parameter, ...] = (identity,)
    found = reader.one(
        f"SELECT {rows.PROFILE_COLUMNS} FROM profiles p WHERE p.id = ?",
        parameters,
    )
    if found is None:
        raise missing(identity)
    return rows.profile(found)


def details_of(reader: Reader, identity: str) -> str | None:
    """What was said of a profile where it came from, as strict JSON; None where nothing was."""
    found = reader.one("SELECT details FROM profiles WHERE id = ?", (identity,))
    return None if found is None or found[0] is None else str(found[0])


def missing(name: str) -> NotFound:
    """No profile has that id or name."""
    return NotFound(f"there is no profile “{one_line(name)}”", "", "See `rushes profiles list`.")


def _several(name: str, found: list[Row]) -> Ambiguous:
    shown = ", ".join(f"{one_line(str(row[1]))} ({row[0]})" for row in found)
    return Ambiguous(f"several profiles fit “{one_line(name)}”", shown, "Give the whole id.")


def _summary(row: Row) -> ProfileSummary:
    generations, microseconds = row[7:9]
    assert isinstance(generations, int)
    assert isinstance(microseconds, int)
    return ProfileSummary(rows.profile(row), generations, microseconds / 1e6)
