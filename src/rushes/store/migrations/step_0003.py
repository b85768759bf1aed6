"""Step 3: what keeps a library safe: faults of audio, files and runs that end, journal, limits.

Frozen: it says what the schema was on the day it was written.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    # What verify found of a version's file: 'missing', 'damaged', or nothing.
    "ALTER TABLE generation_versions ADD COLUMN fault TEXT",
    # Files that no row names any more and that are still to be unlinked.
    """
    CREATE TABLE leaving_files (
        audio_path TEXT NOT NULL,
        PRIMARY KEY (audio_path)
    ) WITHOUT ROWID
    """,
    # Generations that a process of this or another machine is making.
    """
    CREATE TABLE runs (
        generation_id TEXT NOT NULL,
        machine TEXT NOT NULL,
        process INTEGER NOT NULL,
        started TEXT NOT NULL,
        PRIMARY KEY (generation_id),
        FOREIGN KEY (generation_id) REFERENCES generations (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    # How far journal.jsonl reaches: its last commit, its length and the part needed, in bytes.
    """
    CREATE TABLE journal_state (
        only_row INTEGER NOT NULL CHECK (only_row = 1),
        journal_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        length INTEGER NOT NULL,
        needed INTEGER NOT NULL,
        PRIMARY KEY (only_row)
    )
    """,
    # The most bytes that the files of a profile's generations should take.
    """
    CREATE TABLE quotas (
        profile_id TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (profile_id),
        FOREIGN KEY (profile_id) REFERENCES profiles (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    # What a person has settled for this library, as JSON by name: the clean-up policy, say.
    """
    CREATE TABLE settings (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    ) WITHOUT ROWID
    """,
    # What lies beside the default versions, and what is linked: the exceptions that disk use is
    # reckoned with. Few rows, so nothing is slower for them.
    """
    CREATE INDEX versions_beside_default ON generation_versions (generation_id, bytes)
    WHERE is_default = 0
    """,
    """
    CREATE INDEX generations_linked ON generations (profile_id, engine, deleted_at, purging, id)
    WHERE source_id IS NOT NULL
    """,
)
