"""Step 1: generations and their versions, profiles, tags, and the sources that link them.

Frozen: it says what the schema was on the day it was written, whatever the tables are now.
Short columns stand before the texts, so that a scan for them reads no overflow pages. Indexes hold
the column of their own condition: without it SQLite fetches each row to look at it once more.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE sources (
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        root TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE source_tombstones (
        source_id TEXT NOT NULL,
        source_key TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (source_id, source_key),
        FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE profiles (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        name_fold TEXT NOT NULL,
        description TEXT,
        language TEXT NOT NULL DEFAULT 'en',
        missing BOOLEAN NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        deleted_at TEXT,
        PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX profiles_by_name ON profiles (name) WHERE deleted_at IS NULL",
    """
    CREATE TABLE generations (
        seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        profile_id TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT 'completed',
        created_at TEXT NOT NULL,
        deleted_at TEXT,
        purging BOOLEAN NOT NULL DEFAULT 0,
        is_favorited BOOLEAN NOT NULL DEFAULT 0,
        rating INTEGER,
        duration FLOAT,
        seed INTEGER,
        language TEXT NOT NULL DEFAULT 'en',
        language_fold TEXT NOT NULL,
        engine TEXT NOT NULL DEFAULT 'qwen',
        engine_fold TEXT NOT NULL,
        model_size TEXT,
        model_fold TEXT,
        source_id TEXT,
        source_key TEXT,
        audio_path TEXT,
        text_fold TEXT NOT NULL,
        text TEXT NOT NULL,
        instruct TEXT,
        error TEXT,
        note TEXT,
        params TEXT,
        UNIQUE (id),
        FOREIGN KEY (profile_id) REFERENCES profiles (id),
        FOREIGN KEY (source_id) REFERENCES sources (id)
    )
    """,
    """
    CREATE INDEX generations_by_time ON generations (created_at, seq, duration, deleted_at)
    WHERE deleted_at IS NULL
    """,
    """
    CREATE INDEX generations_by_profile
    ON generations (profile_id, created_at, seq, duration, deleted_at)
    WHERE deleted_at IS NULL
    """,
    """
    CREATE INDEX generations_in_trash ON generations (created_at, seq, deleted_at, purging)
    WHERE deleted_at IS NOT NULL
    """,
    "CREATE INDEX generations_purging ON generations (id) WHERE purging = 1",
    """
    CREATE UNIQUE INDEX generations_by_source ON generations (source_id, source_key)
    WHERE source_id IS NOT NULL
    """,
    """
    CREATE TABLE generation_versions (
        seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        generation_id TEXT NOT NULL,
        label TEXT NOT NULL,
        audio_path TEXT NOT NULL,
        effects_chain TEXT,
        source_version_id TEXT,
        is_default BOOLEAN NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        sample_rate INTEGER,
        channels INTEGER,
        frames INTEGER,
        bytes INTEGER,
        sha256 TEXT,
        format TEXT,
        subtype TEXT,
        peak FLOAT,
        waveform BLOB,
        UNIQUE (id),
        FOREIGN KEY (generation_id) REFERENCES generations (id) ON DELETE CASCADE,
        FOREIGN KEY (source_version_id) REFERENCES generation_versions (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE UNIQUE INDEX versions_by_default ON generation_versions (generation_id)
    WHERE is_default = 1
    """,
    "CREATE INDEX versions_by_generation ON generation_versions (generation_id, bytes)",
    """
    CREATE INDEX versions_by_source ON generation_versions (source_version_id)
    WHERE source_version_id IS NOT NULL
    """,
    """
    CREATE TABLE tags (
        generation_id TEXT NOT NULL,
        tag_fold TEXT NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (generation_id, tag_fold),
        FOREIGN KEY (generation_id) REFERENCES generations (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    "CREATE INDEX tags_by_name ON tags (tag_fold)",
)
