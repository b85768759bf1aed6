"""Step 4: linked sources whole: what was seen of them, their stories, presets; what was imported.

Frozen: it says what the schema was on the day it was written.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    # What people call a source, what is read of it (root is where its audio lies), and since when
    # it isn't linked any more.
    "ALTER TABLE sources ADD COLUMN name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN place TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN removed_at TEXT",
    # How far a source was read. It can be read again, so this is no truth.
    """
    CREATE TABLE source_states (
        source_id TEXT NOT NULL,
        synced_at TEXT,
        signature TEXT,
        trouble TEXT,
        PRIMARY KEY (source_id),
        FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    # Whose profile it is there, by what name, and all else that is said of it there, as JSON.
    "ALTER TABLE profiles ADD COLUMN source_id TEXT REFERENCES sources (id)",
    "ALTER TABLE profiles ADD COLUMN source_key TEXT",
    "ALTER TABLE profiles ADD COLUMN source_name TEXT",
    "ALTER TABLE profiles ADD COLUMN details TEXT",
    """
    CREATE UNIQUE INDEX profiles_by_source ON profiles (source_id, source_key)
    WHERE source_id IS NOT NULL
    """,
    # What a generation was like there when it was last read, and since when it is gone there.
    "ALTER TABLE generations ADD COLUMN source_digest TEXT",
    "ALTER TABLE generations ADD COLUMN source_favorited BOOLEAN",
    "ALTER TABLE generations ADD COLUMN vanished_at TEXT",
    """
    CREATE INDEX generations_vanished ON generations (source_id, deleted_at, vanished_at)
    WHERE vanished_at IS NOT NULL
    """,
    # Files whose facts are still to be read.
    """
    CREATE INDEX versions_unmeasured ON generation_versions (seq, generation_id, sample_rate, fault)
    WHERE sample_rate IS NULL AND fault IS NULL
    """,
    "CREATE INDEX versions_at_fault ON generation_versions (seq) WHERE fault IS NOT NULL",
    """
    CREATE TABLE stories (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        description TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        deleted_at TEXT,
        source_id TEXT,
        source_key TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY (source_id) REFERENCES sources (id)
    )
    """,
    """
    CREATE UNIQUE INDEX stories_by_source ON stories (source_id, source_key)
    WHERE source_id IS NOT NULL
    """,
    # A place in a story. What it played may be gone: generation_key is what its source calls it.
    """
    CREATE TABLE story_items (
        id TEXT NOT NULL,
        story_id TEXT NOT NULL,
        generation_id TEXT,
        version_id TEXT,
        start_ms INTEGER NOT NULL,
        track INTEGER NOT NULL DEFAULT 0,
        trim_start_ms INTEGER NOT NULL DEFAULT 0,
        trim_end_ms INTEGER NOT NULL DEFAULT 0,
        volume FLOAT NOT NULL DEFAULT 1.0,
        created_at TEXT NOT NULL,
        source_key TEXT,
        generation_key TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY (story_id) REFERENCES stories (id) ON DELETE CASCADE,
        FOREIGN KEY (generation_id) REFERENCES generations (id) ON DELETE SET NULL,
        FOREIGN KEY (version_id) REFERENCES generation_versions (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX story_items_by_story ON story_items (story_id, start_ms)",
    """
    CREATE INDEX story_items_by_generation ON story_items (generation_id)
    WHERE generation_id IS NOT NULL
    """,
    """
    CREATE INDEX story_items_by_version ON story_items (version_id) WHERE version_id IS NOT NULL
    """,
    # Named effects chains (JSON).
    """
    CREATE TABLE effect_presets (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        description TEXT,
        effects_chain TEXT NOT NULL,
        is_builtin BOOLEAN NOT NULL DEFAULT 0,
        sort_order INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        source_id TEXT,
        source_key TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY (source_id) REFERENCES sources (id)
    )
    """,
    """
    CREATE UNIQUE INDEX effect_presets_by_source ON effect_presets (source_id, source_key)
    WHERE source_id IS NOT NULL
    """,
    # Named sets of a profile's parameters (JSON), perhaps in folders.
    """
    CREATE TABLE presets (
        id TEXT NOT NULL,
        profile_id TEXT,
        folder TEXT,
        name TEXT NOT NULL,
        description TEXT,
        params TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        source_id TEXT,
        source_key TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY (profile_id) REFERENCES profiles (id) ON DELETE SET NULL,
        FOREIGN KEY (source_id) REFERENCES sources (id)
    )
    """,
    "CREATE INDEX presets_by_profile ON presets (profile_id)",
    """
    CREATE UNIQUE INDEX presets_by_source ON presets (source_id, source_key)
    WHERE source_id IS NOT NULL
    """,
    # What was copied in from where, so that it is copied in once.
    """
    CREATE TABLE imported (
        origin TEXT NOT NULL,
        source_key TEXT NOT NULL,
        generation_id TEXT NOT NULL,
        PRIMARY KEY (origin, source_key),
        FOREIGN KEY (generation_id) REFERENCES generations (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    "CREATE INDEX imported_by_generation ON imported (generation_id)",
)
