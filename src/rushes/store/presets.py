"""Presets as they are read."""

from __future__ import annotations

from typing import Any, cast

from rushes.domain.ids import SHORTEST_PREFIX
from rushes.domain.preset import NO_PRESET, Preset
from rushes.domain.text import fold, one_line
from rushes.domain.times import from_stored
from rushes.errors import Ambiguous, NotFound
from rushes.store.database import Row
from rushes.store.reader import Reader

_SHOWN_MATCHES = 5

_SELECT = (
    "SELECT s.id, s.profile_id, p.name, s.folder, s.name, s.description, s.params, s.created_at,"
    " s.updated_at, s.source_id, s.source_key FROM presets s"
    " LEFT JOIN profiles p ON p.id = s.profile_id"
)
_ORDER = " ORDER BY p.name_fold, p.name, s.folder IS NOT NULL, s.folder, s.name, s.id"

_MADE_WITH = (
    "SELECT g.id FROM generations g WHERE g.deleted_at IS NULL AND g.purging = 0"
    " AND g.profile_id = ?"
    " AND CASE WHEN json_valid(g.params) THEN json_extract(g.params, '$.preset_name') END = ?"
    " ORDER BY g.created_at DESC, g.seq DESC"
)


def listed(reader: Reader, profile_id: str | None = None) -> tuple[Preset, ...]:
    """Every preset, or those of a profile: by profile, folder and name."""
    if profile_id is None:
        found = reader.all(f"{_SELECT}{_ORDER}")
    else:
        found = reader.all(f"{_SELECT} WHERE s.profile_id = ?{_ORDER}", (profile_id,))
    return tuple(_preset(row) for row in found)


def by_id(reader: Reader, identity: str) -> Preset:
    """The preset of that whole id.

    Raises:
        NotFound: there is none.
    """
    row = reader.one(f"{_SELECT} WHERE s.id = ?", (identity,))
    if row is None:
        raise missing(identity)
    return _preset(row)


def find(reader: Reader, named: str, profile_id: str | None = None) -> Preset:
    """The preset of that id, of that name with its folder, of that name, or of that id's beginning.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    here, wanted = listed(reader, profile_id), fold(named.strip())
    found = [one for one in here if one.id == named]
    found = found or [one for one in here if fold(one.path) == wanted]
    found = found or [one for one in here if fold(one.name) == wanted]
    if not found and len(wanted) >= SHORTEST_PREFIX:
        found = [one for one in here if one.id.startswith(wanted)]
    if not found:
        raise missing(named)
    if len(found) > 1:
        shown = ", ".join(
            one_line(f"{one.path} of {one.profile_name or 'no profile'} ({one.id[:8]})")
            for one in found[:_SHOWN_MATCHES]
        )
        said = f"several presets fit “{one_line(named)}”"
        raise Ambiguous(said, shown, "Give its id, its folder or its profile.")
    return found[0]


def made_with(reader: Reader, preset: Preset) -> tuple[str, ...]:
    """The ids of the generations whose snapshot names the preset, the newest first.

    A snapshot says the name alone: presets of one profile that bear the same name in different
    folders can't be told apart. Reads all rows of the profile.
    """
    if preset.profile_id is None or preset.name == NO_PRESET:
        return ()
    found = reader.all(_MADE_WITH, (preset.profile_id, preset.name))
    return tuple(str(identity) for (identity,) in found)


def missing(named: str) -> NotFound:
    """No preset is called so."""
    return NotFound(f"there is no preset “{one_line(named)}”", "", "See `rushes presets list`.")


def _preset(row: Row) -> Preset:
    columns = cast(tuple[Any, ...], row)
    source_id, key = columns[9], columns[10]
    return Preset(
        id=columns[0],
        profile_id=columns[1],
        profile_name=columns[2],
        folder=columns[3],
        name=columns[4],
        description=columns[5],
        params_json=columns[6],
        created_at=from_stored(columns[7]),
        updated_at=from_stored(columns[8]),
        source_id=source_id,
        generation_id=key if source_id is None else None,
    )
