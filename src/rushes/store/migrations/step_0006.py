"""Step 6: how well clips came out: what is heard of versions, and for filters beside generations.

Frozen: it says what the schema was on the day it was written.

What is in ``generation_versions`` is measured; NULL ``flags`` mean that nobody has listened yet.
What generations have of it is derived: that of their default version, kept by triggers, so that
whoever writes keeps it; ``has_twin`` says that another generation outside the trash is of the same
samples. Of rows with one ``sound_hash`` either all or none that are outside the trash have a twin:
to keep it so, no more than two of them are ever looked at.
"""

from __future__ import annotations

_OF_DEFAULT = "flags, lufs, true_peak, sound_hash"

_PUT_BESIDE = f"""
    UPDATE generations SET ({_OF_DEFAULT}) =
        (new.flags, new.lufs, new.true_peak, new.sound_hash)
    WHERE id = new.generation_id AND ({_OF_DEFAULT})
        IS NOT (new.flags, new.lufs, new.true_peak, new.sound_hash);
"""

_TWINS = "SELECT seq FROM generations WHERE sound_hash = {row}.sound_hash AND deleted_at IS NULL"

_JOINS = f"""
    UPDATE generations SET has_twin = 1
    WHERE has_twin = 0 AND new.deleted_at IS NULL AND new.sound_hash IS NOT NULL
    AND EXISTS ({_TWINS.format(row="new")} AND seq <> new.seq)
    AND seq IN (new.seq, ({_TWINS.format(row="new")} AND seq <> new.seq LIMIT 1));
"""
_LEAVES = f"""
    UPDATE generations SET has_twin = 0
    WHERE has_twin = 1 AND old.deleted_at IS NULL AND old.sound_hash IS NOT NULL
    AND seq = (SELECT max(seq) FROM ({_TWINS.format(row="old")} LIMIT 2) HAVING count(*) = 1);
"""

TRIGGERS: dict[str, str] = {
    "heard_add": f"""
    CREATE TRIGGER heard_add AFTER INSERT ON generation_versions WHEN new.is_default = 1
    BEGIN {_PUT_BESIDE} END
    """,
    "heard_change": f"""
    CREATE TRIGGER heard_change AFTER UPDATE OF is_default, generation_id, {_OF_DEFAULT}
    ON generation_versions WHEN new.is_default = 1
    BEGIN {_PUT_BESIDE} END
    """,
    "heard_drop": """
    CREATE TRIGGER heard_drop AFTER DELETE ON generation_versions WHEN old.is_default = 1 BEGIN
        UPDATE generations SET flags = NULL, lufs = NULL, true_peak = NULL, sound_hash = NULL
        WHERE id = old.generation_id AND NOT EXISTS (SELECT 1 FROM generation_versions v
            WHERE v.generation_id = old.generation_id AND v.is_default = 1);
    END
    """,
    "twins_add": f"""
    CREATE TRIGGER twins_add AFTER INSERT ON generations WHEN new.sound_hash IS NOT NULL
    BEGIN {_JOINS} END
    """,
    "twins_change": f"""
    CREATE TRIGGER twins_change AFTER UPDATE OF sound_hash, deleted_at ON generations
    WHEN (new.sound_hash, new.deleted_at IS NULL) IS NOT (old.sound_hash, old.deleted_at IS NULL)
    BEGIN
        UPDATE generations SET has_twin = 0 WHERE seq = new.seq AND has_twin = 1;
        {_LEAVES} {_JOINS}
    END
    """,
    "twins_drop": f"""
    CREATE TRIGGER twins_drop AFTER DELETE ON generations WHEN old.has_twin = 1
    BEGIN {_LEAVES} END
    """,
}

INDEXES: dict[str, str] = {
    "generations_by_facets": """
    CREATE INDEX generations_by_facets ON generations (created_at, seq, profile_id, engine_fold,
        model_fold, language_fold, status, is_favorited, rating, duration, seed, flags, has_twin,
        lufs, true_peak, deleted_at)
    WHERE deleted_at IS NULL
    """,
    "generations_by_sound": """
    CREATE INDEX generations_by_sound ON generations (sound_hash, deleted_at)
    WHERE deleted_at IS NULL AND sound_hash IS NOT NULL
    """,
}

_DEFAULT_OF = (
    f"SELECT {', '.join(f'v.{column}' for column in _OF_DEFAULT.split(', '))}"
    " FROM generation_versions v WHERE v.generation_id = generations.id AND v.is_default = 1"
)
_HAVE_TWINS = """
    SELECT sound_hash FROM generations WHERE deleted_at IS NULL AND sound_hash IS NOT NULL
    GROUP BY sound_hash HAVING count(*) > 1
"""
_HAS_TWIN = f"(deleted_at IS NULL AND COALESCE(sound_hash IN ({_HAVE_TWINS}), 0))"
_OUT_OF_STEP = f"""
    ({_OF_DEFAULT}) IS NOT (
        SELECT {", ".join(f"max(v.{column})" for column in _OF_DEFAULT.split(", "))}
        FROM generation_versions v WHERE v.generation_id = generations.id AND v.is_default = 1)
"""

REBUILD: tuple[str, ...] = (
    f"UPDATE generations SET ({_OF_DEFAULT}) = ({_DEFAULT_OF}) WHERE {_OUT_OF_STEP}",
    f"UPDATE generations SET has_twin = {_HAS_TWIN} WHERE has_twin <> {_HAS_TWIN}",
)
"""Makes what generations have of their default versions anew."""

DISAGREEMENTS = f"SELECT count(*) FROM generations WHERE {_OUT_OF_STEP} OR has_twin <> {_HAS_TWIN}"
"""How many generations don't say what their default versions say."""

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE generation_versions ADD COLUMN lufs FLOAT",
    "ALTER TABLE generation_versions ADD COLUMN true_peak FLOAT",
    "ALTER TABLE generation_versions ADD COLUMN sound_hash INTEGER",
    "ALTER TABLE generation_versions ADD COLUMN measures TEXT",
    "ALTER TABLE generation_versions ADD COLUMN flags INTEGER",
    "ALTER TABLE generations ADD COLUMN flags INTEGER",
    "ALTER TABLE generations ADD COLUMN lufs FLOAT",
    "ALTER TABLE generations ADD COLUMN true_peak FLOAT",
    "ALTER TABLE generations ADD COLUMN sound_hash INTEGER",
    "ALTER TABLE generations ADD COLUMN has_twin BOOLEAN NOT NULL DEFAULT 0",
    # Files whose facts are known and that nobody has listened to yet.
    """
    CREATE INDEX versions_unheard
    ON generation_versions (seq, generation_id, sample_rate, flags, fault)
    WHERE flags IS NULL AND fault IS NULL AND sample_rate IS NOT NULL
    """,
    "DROP INDEX generations_by_facets",
    *INDEXES.values(),
    *TRIGGERS.values(),
)
