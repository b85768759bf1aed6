"""Step 7: comparisons of takes: what was held against what, and every decision that was made.

Frozen: it says what the schema was on the day it was written.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    # mode: whether all are put in order or only the best is looked for. makes_sure: whether the
    # winner is to be made sure of once that is known. kept: which side was kept in the end.
    """
    CREATE TABLE comparisons (
        id TEXT NOT NULL,
        mode TEXT NOT NULL,
        is_blind BOOLEAN NOT NULL DEFAULT 0,
        seed INTEGER NOT NULL,
        makes_sure BOOLEAN NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        kept_at TEXT,
        kept_place INTEGER,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX comparisons_by_time ON comparisons (created_at, id)",
    # A side outlasts its generation and its version, so these are no references: what decisions
    # on one that is gone say of the others is still true.
    """
    CREATE TABLE comparison_sides (
        comparison_id TEXT NOT NULL,
        place INTEGER NOT NULL,
        generation_id TEXT NOT NULL,
        version_id TEXT,
        PRIMARY KEY (comparison_id, place),
        FOREIGN KEY (comparison_id) REFERENCES comparisons (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    "CREATE INDEX comparison_sides_by_generation ON comparison_sides (generation_id)",
    # One and the other are places, as they were shown; outcome is 1 where the one won, -1 where
    # the other did, 0 where nobody could tell.
    """
    CREATE TABLE comparison_decisions (
        comparison_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        one INTEGER NOT NULL,
        other INTEGER NOT NULL,
        outcome INTEGER NOT NULL,
        decided_at TEXT NOT NULL,
        PRIMARY KEY (comparison_id, number),
        FOREIGN KEY (comparison_id) REFERENCES comparisons (id) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
)
