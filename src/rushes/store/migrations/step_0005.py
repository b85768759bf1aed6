"""Step 5: the samples of profiles, with what was measured of their files.

Frozen: it says what the schema was on the day it was written.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    # What a voice was made from: a recording and the words in it. fault as with versions.
    """
    CREATE TABLE profile_samples (
        id TEXT NOT NULL,
        profile_id TEXT NOT NULL,
        audio_path TEXT NOT NULL,
        reference_text TEXT NOT NULL,
        created_at TEXT NOT NULL,
        sample_rate INTEGER,
        channels INTEGER,
        frames INTEGER,
        bytes INTEGER,
        sha256 TEXT,
        format TEXT,
        subtype TEXT,
        fault TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY (profile_id) REFERENCES profiles (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX samples_by_profile ON profile_samples (profile_id, created_at, id)",
    "CREATE INDEX samples_by_file ON profile_samples (audio_path)",
)
