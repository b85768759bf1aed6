"""Rows that contradict each other, as a journal with damaged lines leaves them, mended.

Nothing that can be kept is dropped: a generation whose profile is lost gets one that is marked
missing; what belonged to a generation that is lost goes, as its file is found by verify.
"""

from __future__ import annotations

import sqlite3

from rushes.store import mending_sources

_OF_GENERATIONS = ("generation_versions", "tags", "runs")
_LOST = "NOT EXISTS (SELECT 1 FROM generations g WHERE g.id = {table}.generation_id)"
_BEGINNING = "'1970-01-01 00:00:00.000000'"

_STATEMENTS: tuple[str, ...] = (
    f"""
    INSERT INTO profiles (id, name, name_fold, missing, created_at, updated_at)
    SELECT DISTINCT profile_id, 'Lost profile ' || substr(profile_id, 1, 8),
        'lost profile ' || lower(substr(profile_id, 1, 8)), 1, {_BEGINNING}, {_BEGINNING}
    FROM (SELECT profile_id FROM generations UNION SELECT profile_id FROM profile_samples) g
    WHERE NOT EXISTS (SELECT 1 FROM profiles p WHERE p.id = g.profile_id)
    """,
    f"""
    INSERT INTO sources (id, kind, root, created_at)
    SELECT DISTINCT source_id, 'lost', '', {_BEGINNING} FROM generations g
    WHERE source_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.id = g.source_id)
    """,
    *(f"DELETE FROM {table} WHERE {_LOST.format(table=table)}" for table in _OF_GENERATIONS),
    *(
        f"DELETE FROM {table} WHERE comparison_id NOT IN (SELECT id FROM comparisons)"
        for table in ("comparison_sides", "comparison_decisions")
    ),
    "DELETE FROM quotas WHERE profile_id NOT IN (SELECT id FROM profiles)",
    "DELETE FROM source_tombstones WHERE source_id NOT IN (SELECT id FROM sources)",
    """
    UPDATE generation_versions SET source_version_id = NULL WHERE source_version_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM generation_versions v
        WHERE v.id = generation_versions.source_version_id)
    """,
    # Of several defaults that one stays whose file the generation names, else the latest.
    """
    UPDATE generation_versions SET is_default = 0 WHERE is_default = 1 AND seq <> (
        SELECT v.seq FROM generation_versions v JOIN generations g ON g.id = v.generation_id
        WHERE v.generation_id = generation_versions.generation_id AND v.is_default = 1
        ORDER BY v.audio_path IS g.audio_path DESC, v.seq DESC LIMIT 1)
    """,
    # A profile's lost renaming or deletion may leave its name to two.
    """
    UPDATE profiles SET name = name || ' ' || substr(id, 1, 8),
        name_fold = name_fold || ' ' || substr(id, 1, 8)
    WHERE deleted_at IS NULL AND EXISTS (SELECT 1 FROM profiles p
        WHERE p.name = profiles.name AND p.deleted_at IS NULL
        AND (p.updated_at, p.id) > (profiles.updated_at, profiles.id))
    """,
    # What was purged and linked anew, while the line of the purge is lost.
    """
    DELETE FROM generations WHERE source_id IS NOT NULL AND source_key IS NOT NULL
    AND seq NOT IN (SELECT max(seq) FROM generations
        WHERE source_id IS NOT NULL AND source_key IS NOT NULL GROUP BY source_id, source_key)
    """,
    *mending_sources.STATEMENTS,
)


def mend(connection: sqlite3.Connection) -> None:
    """Make the rows of truth agree with each other; each statement finds nothing in sound ones."""
    for statement in _STATEMENTS:
        connection.execute(statement)
