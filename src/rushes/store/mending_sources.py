"""Bringing what came from sources to agree with the rest, after damage or loss.

Each statement finds nothing where all is well. Generations' own sources are seen to before.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
    INSERT INTO sources (id, kind, root, created_at)
    SELECT source_id, 'lost', '', '1970-01-01 00:00:00.000000' FROM (
        SELECT source_id FROM profiles UNION SELECT source_id FROM stories
        UNION SELECT source_id FROM effect_presets UNION SELECT source_id FROM presets)
    WHERE source_id IS NOT NULL AND source_id NOT IN (SELECT id FROM sources)
    """,
    "DELETE FROM story_items WHERE story_id NOT IN (SELECT id FROM stories)",
    """
    UPDATE story_items SET generation_key = COALESCE(generation_key, generation_id),
        generation_id = NULL, version_id = NULL WHERE generation_id IS NOT NULL
    AND generation_id NOT IN (SELECT id FROM generations)
    """,
    """
    UPDATE story_items SET version_id = NULL WHERE version_id IS NOT NULL
    AND version_id NOT IN (SELECT id FROM generation_versions)
    """,
    """
    UPDATE presets SET profile_id = NULL WHERE profile_id IS NOT NULL
    AND profile_id NOT IN (SELECT id FROM profiles)
    """,
    "DELETE FROM imported WHERE generation_id NOT IN (SELECT id FROM generations)",
    "DELETE FROM source_states WHERE source_id NOT IN (SELECT id FROM sources)",
)
