"""Step 2: what makes a million rows quick: a text index, orders, facets, counters, saved filters.

Frozen: it says what the schema was on the day it was written. All but ``saved_filters`` is derived
from step 1's tables and can be made again from them.

``text_index`` holds every three characters of ``text_fold`` that follow one another. Two sentinels
after the text give its last characters a trigram too, so that one and two characters are found as
the beginning of one. What an index of text can't hold (characters after a NUL; more than 200 of
them in ``text_start``) is found through small indexes of the rows concerned.

Counters are integers (microseconds, bytes) and are kept by triggers, so that whoever writes keeps
them. Rows being purged are in none of them.
"""

from __future__ import annotations

_WORDS = "{row}.text_fold || char(1) || char(1)"
_QUARTER = (
    "substr({row}.created_at, 1, 14) || printf('%02d', substr({row}.created_at, 15, 2) / 15 * 15)"
)
"""The quarter of an hour, in UTC: every zone's days begin with one."""

_LENGTH_CLASS = (
    "CASE WHEN {row}.duration <= 1.0 THEN 0 WHEN {row}.duration <= 2.0 THEN 1"
    " WHEN {row}.duration <= 3.0 THEN 2 WHEN {row}.duration <= 5.0 THEN 3"
    " WHEN {row}.duration <= 8.0 THEN 4 WHEN {row}.duration <= 13.0 THEN 5"
    " WHEN {row}.duration <= 21.0 THEN 6 WHEN {row}.duration <= 34.0 THEN 7"
    " WHEN {row}.duration <= 60.0 THEN 8 ELSE 9 END"
)
_HAS_LENGTH = "{row}.deleted_at IS NULL AND {row}.status = 'completed' AND {row}.duration NOT NULL"

_ADD_UP = """
    INSERT INTO counters (trashed, profile_id, engine, language, status, engine_fold,
        language_fold, generations, microseconds, bytes, favorites, rated)
    SELECT {row}.deleted_at IS NOT NULL, {row}.profile_id, {row}.engine, {row}.language,
        {row}.status, {row}.engine_fold, {row}.language_fold, {sign} 1,
        {sign} COALESCE(CAST(round({row}.duration * 1e6) AS INTEGER), 0),
        {sign} COALESCE((SELECT sum(v.bytes) FROM generation_versions v
            WHERE v.generation_id = {row}.id), 0),
        {sign} {row}.is_favorited, {sign} ({row}.rating IS NOT NULL)
    WHERE {row}.purging = 0
    ON CONFLICT DO UPDATE SET generations = generations + excluded.generations,
        microseconds = microseconds + excluded.microseconds, bytes = bytes + excluded.bytes,
        favorites = favorites + excluded.favorites, rated = rated + excluded.rated;
    INSERT INTO counted_times (quarter, generations)
    SELECT {quarter}, {sign} 1 WHERE {row}.deleted_at IS NULL
    ON CONFLICT DO UPDATE SET generations = generations + excluded.generations;
    INSERT INTO counted_lengths (class, generations)
    SELECT {class_}, {sign} 1 WHERE {has_length}
    ON CONFLICT DO UPDATE SET generations = generations + excluded.generations;
"""

_HELD_BY = """
    UPDATE counters SET bytes = bytes {sign} COALESCE({row}.bytes, 0)
    WHERE (trashed, profile_id, engine, language, status) = (
        SELECT g.deleted_at IS NOT NULL, g.profile_id, g.engine, g.language, g.status
        FROM generations g WHERE g.id = {row}.generation_id AND g.purging = 0);
"""


def _count(row: str, sign: str) -> str:
    return _ADD_UP.format(
        row=row,
        sign=sign,
        quarter=_QUARTER.format(row=row),
        class_=_LENGTH_CLASS.format(row=row),
        has_length=_HAS_LENGTH.format(row=row),
    )


TRIGGERS: dict[str, str] = {
    "text_index_add": f"""
    CREATE TRIGGER text_index_add AFTER INSERT ON generations BEGIN
        INSERT INTO text_index (rowid, words) VALUES (new.seq, {_WORDS.format(row="new")});
    END
    """,
    "text_index_change": f"""
    CREATE TRIGGER text_index_change AFTER UPDATE OF text_fold ON generations
    WHEN new.text_fold IS NOT old.text_fold BEGIN
        INSERT INTO text_index (text_index, rowid, words)
        VALUES ('delete', old.seq, {_WORDS.format(row="old")});
        INSERT INTO text_index (rowid, words) VALUES (new.seq, {_WORDS.format(row="new")});
    END
    """,
    "text_index_drop": f"""
    CREATE TRIGGER text_index_drop AFTER DELETE ON generations BEGIN
        INSERT INTO text_index (text_index, rowid, words)
        VALUES ('delete', old.seq, {_WORDS.format(row="old")});
    END
    """,
    "counters_add": f"""
    CREATE TRIGGER counters_add AFTER INSERT ON generations BEGIN {_count("new", "+")} END
    """,
    "counters_change": f"""
    CREATE TRIGGER counters_change AFTER UPDATE OF profile_id, engine, language, status,
        created_at, duration, is_favorited, rating, deleted_at, purging ON generations
    BEGIN {_count("old", "-")} {_count("new", "+")} END
    """,
    # Before: what refers to the row is still there to be counted.
    "counters_drop": f"""
    CREATE TRIGGER counters_drop BEFORE DELETE ON generations BEGIN {_count("old", "-")} END
    """,
    "counters_version_add": f"""
    CREATE TRIGGER counters_version_add AFTER INSERT ON generation_versions
    BEGIN {_HELD_BY.format(row="new", sign="+")} END
    """,
    "counters_version_change": f"""
    CREATE TRIGGER counters_version_change
    AFTER UPDATE OF bytes, generation_id ON generation_versions
    BEGIN {_HELD_BY.format(row="old", sign="-")} {_HELD_BY.format(row="new", sign="+")} END
    """,
    "counters_version_drop": f"""
    CREATE TRIGGER counters_version_drop AFTER DELETE ON generation_versions
    BEGIN {_HELD_BY.format(row="old", sign="-")} END
    """,
    "counters_profile_drop": """
    CREATE TRIGGER counters_profile_drop AFTER DELETE ON profiles BEGIN
        DELETE FROM counters WHERE trashed IN (0, 1) AND profile_id = old.id;
    END
    """,
    "tagged_add": """
    CREATE TRIGGER tagged_add AFTER INSERT ON tags BEGIN
        INSERT OR IGNORE INTO tagged (tag_fold, seq)
        SELECT new.tag_fold, seq FROM generations WHERE id = new.generation_id;
    END
    """,
    "tagged_drop": """
    CREATE TRIGGER tagged_drop AFTER DELETE ON tags BEGIN
        DELETE FROM tagged WHERE tag_fold = old.tag_fold
        AND seq = (SELECT seq FROM generations WHERE id = old.generation_id);
    END
    """,
    "tagged_generation_drop": """
    CREATE TRIGGER tagged_generation_drop BEFORE DELETE ON generations BEGIN
        DELETE FROM tagged WHERE seq = old.seq
        AND tag_fold IN (SELECT tag_fold FROM tags WHERE generation_id = old.id);
    END
    """,
}

INDEXES: dict[str, str] = {
    "generations_by_rating": """
    CREATE INDEX generations_by_rating
    ON generations (rating_order, created_at, seq, deleted_at) WHERE deleted_at IS NULL
    """,
    "generations_by_length": """
    CREATE INDEX generations_by_length
    ON generations (length_order, created_at, seq, deleted_at) WHERE deleted_at IS NULL
    """,
    "generations_by_text": """
    CREATE INDEX generations_by_text
    ON generations (text_start, created_at DESC, seq DESC, profile_id, deleted_at)
    WHERE deleted_at IS NULL
    """,
    "generations_by_facets": """
    CREATE INDEX generations_by_facets ON generations (created_at, seq, profile_id, engine_fold,
        model_fold, language_fold, status, is_favorited, rating, duration, seed, deleted_at)
    WHERE deleted_at IS NULL
    """,
    "generations_with_long_text": """
    CREATE INDEX generations_with_long_text ON generations (seq) WHERE length(text_fold) > 200
    """,
    "generations_with_nul": """
    CREATE INDEX generations_with_nul ON generations (seq) WHERE instr(text_fold, char(0)) > 0
    """,
    "profiles_in_order": """
    CREATE UNIQUE INDEX profiles_in_order ON profiles (name_fold, name, id)
    """,
}

_KEPT = (
    "trashed, profile_id, engine, language, status, engine_fold, language_fold, generations,"
    " microseconds, bytes, favorites, rated"
)

RECOUNTS: dict[str, tuple[str, str]] = {
    "counters": (
        f"SELECT {_KEPT} FROM counters WHERE generations <> 0",
        """
        SELECT g.deleted_at IS NOT NULL, g.profile_id, g.engine, g.language, g.status,
            min(g.engine_fold), min(g.language_fold), count(*),
            COALESCE(sum(CAST(round(g.duration * 1e6) AS INTEGER)), 0),
            COALESCE(sum((SELECT sum(v.bytes) FROM generation_versions v
                WHERE v.generation_id = g.id)), 0),
            sum(g.is_favorited), count(g.rating)
        FROM generations g WHERE g.purging = 0 GROUP BY 1, 2, 3, 4, 5
        """,
    ),
    "counted_times": (
        "SELECT quarter, generations FROM counted_times WHERE generations <> 0",
        f"""
        SELECT {_QUARTER.format(row="g")}, count(*) FROM generations g
        WHERE g.deleted_at IS NULL GROUP BY 1
        """,
    ),
    "counted_lengths": (
        "SELECT class, generations FROM counted_lengths WHERE generations <> 0",
        f"""
        SELECT {_LENGTH_CLASS.format(row="g")}, count(*) FROM generations g
        WHERE {_HAS_LENGTH.format(row="g")} GROUP BY 1
        """,
    ),
    "tagged": (
        "SELECT tag_fold, seq FROM tagged",
        "SELECT t.tag_fold, g.seq FROM tags t JOIN generations g ON g.id = t.generation_id",
    ),
}
"""For each table that is kept in step: what it says, and what the rows say."""

_COLUMNS = {
    "counters": _KEPT,
    "counted_times": "quarter, generations",
    "counted_lengths": "class, generations",
    "tagged": "tag_fold, seq",
}

REBUILD: tuple[str, ...] = (
    "INSERT INTO text_index (text_index) VALUES ('rebuild')",
    *(f"DELETE FROM {table}" for table in RECOUNTS),
    *(
        f"INSERT INTO {table} ({_COLUMNS[table]}) {recount}"
        for table, (_, recount) in RECOUNTS.items()
    ),
)
"""Makes all that is kept in step anew, from the rows."""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE saved_filters (
        name_fold TEXT NOT NULL,
        name TEXT NOT NULL,
        line TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (name_fold)
    )
    """,
    """
    ALTER TABLE generations ADD COLUMN
    text_start TEXT GENERATED ALWAYS AS (substr(text_fold, 1, 200)) VIRTUAL
    """,
    """
    ALTER TABLE generations ADD COLUMN
    rating_order INTEGER GENERATED ALWAYS AS (COALESCE(rating, 0)) VIRTUAL
    """,
    """
    ALTER TABLE generations ADD COLUMN
    length_order FLOAT GENERATED ALWAYS AS (COALESCE(duration, -1.0)) VIRTUAL
    """,
    *INDEXES.values(),
    f"""
    CREATE VIEW indexed_text (seq, words) AS
    SELECT seq, {_WORDS.format(row="generations")} FROM generations
    """,
    """
    CREATE VIRTUAL TABLE text_index USING fts5 (words, content='indexed_text', content_rowid='seq',
        columnsize=0, tokenize='trigram case_sensitive 1')
    """,
    "CREATE VIRTUAL TABLE text_grams USING fts5vocab (text_index, instance)",
    "CREATE VIRTUAL TABLE text_gram_counts USING fts5vocab (text_index, row)",
    """
    CREATE TABLE counters (
        trashed INTEGER NOT NULL,
        profile_id TEXT NOT NULL,
        engine TEXT NOT NULL,
        language TEXT NOT NULL,
        status TEXT NOT NULL,
        engine_fold TEXT NOT NULL,
        language_fold TEXT NOT NULL,
        generations INTEGER NOT NULL,
        microseconds INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        favorites INTEGER NOT NULL,
        rated INTEGER NOT NULL,
        PRIMARY KEY (trashed, profile_id, engine, language, status)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE counted_times (
        quarter TEXT NOT NULL,
        generations INTEGER NOT NULL,
        PRIMARY KEY (quarter)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE counted_lengths (
        class INTEGER NOT NULL PRIMARY KEY,
        generations INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE tagged (
        tag_fold TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (tag_fold, seq)
    ) WITHOUT ROWID
    """,
    *REBUILD,
    *TRIGGERS.values(),
)
