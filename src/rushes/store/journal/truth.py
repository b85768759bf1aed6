"""Which rows are truth, and so are in the journal: table by table, column by column.

What is derived (folds, the text index, counters), what only concerns this machine (runs, leaving
files) and the journal's own state aren't. A test holds this and the migrated schema together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """A table of truth.

    ``parts`` are the columns that change by themselves, in the groups in which they do: such a
    change is journaled without the rest of the row. ``folds`` are made from other columns, and
    ``flags`` are left out where they are 0. ``beside`` are derived, kept by triggers, and no truth.
    ``size`` tells, of a row ``old``, about how many bytes the journal needs for it; ``goes_with``
    is true of a row ``n`` whose end follows from another's.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...] = ()
    folds: tuple[tuple[str, str], ...] = ()
    flags: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    size: str = "100"
    goes_with: str = "0"

    @property
    def whole(self) -> tuple[str, ...]:
        """The key and all columns, as a whole row is journaled."""
        return self.key + self.columns

    @property
    def lasting(self) -> tuple[str, ...]:
        """The columns that are in no part."""
        apart = {column for part in self.parts for column in part}
        return tuple(column for column in self.whole if column not in apart)


SOURCES = Truth("sources", ("id",), ("kind", "root", "created_at", "name", "place", "removed_at"))
TOMBSTONES = Truth("source_tombstones", ("source_id", "source_key"), ("created_at",))
PROFILES = Truth(
    "profiles",
    ("id",),
    (
        "name",
        "description",
        "language",
        "missing",
        "created_at",
        "updated_at",
        "deleted_at",
        "source_id",
        "source_key",
        "source_name",
        "details",
    ),
    folds=(("name_fold", "name"),),
    flags=frozenset({"missing"}),
    size="200",
)
SAMPLES = Truth(
    "profile_samples",
    ("id",),
    (
        "profile_id",
        "audio_path",
        "reference_text",
        "created_at",
        "sample_rate",
        "channels",
        "frames",
        "bytes",
        "sha256",
        "format",
        "subtype",
        "fault",
    ),
    parts=(("fault",),),
    size="350 + length(old.reference_text)",
)
QUOTAS = Truth("quotas", ("profile_id",), ("bytes",))
GENERATIONS = Truth(
    "generations",
    ("seq",),
    (
        "id",
        "profile_id",
        "status",
        "created_at",
        "deleted_at",
        "purging",
        "is_favorited",
        "rating",
        "duration",
        "seed",
        "language",
        "engine",
        "model_size",
        "source_id",
        "source_key",
        "audio_path",
        "text",
        "instruct",
        "error",
        "note",
        "params",
        "source_digest",
        "source_favorited",
        "vanished_at",
    ),
    parts=(
        ("vanished_at",),
        ("deleted_at", "purging"),
        ("is_favorited", "rating"),
        ("note",),
        ("status", "error"),
        ("duration", "audio_path"),
    ),
    folds=(
        ("language_fold", "language"),
        ("engine_fold", "engine"),
        ("model_fold", "model_size"),
        ("text_fold", "text"),
    ),
    flags=frozenset({"purging", "is_favorited"}),
    beside=frozenset({"flags", "lufs", "true_peak", "sound_hash", "has_twin"}),
    size=(
        "350 + length(old.text) + COALESCE(length(old.params), 0)"
        " + COALESCE(length(old.note), 0) + COALESCE(length(old.instruct), 0)"
    ),
)
VERSIONS = Truth(
    "generation_versions",
    ("seq",),
    (
        "id",
        "generation_id",
        "label",
        "audio_path",
        "effects_chain",
        "source_version_id",
        "is_default",
        "created_at",
        "sample_rate",
        "channels",
        "frames",
        "bytes",
        "sha256",
        "format",
        "subtype",
        "peak",
        "waveform",
        "fault",
        "lufs",
        "true_peak",
        "sound_hash",
        "measures",
        "flags",
    ),
    parts=(
        ("is_default",),
        ("fault",),
        ("audio_path", "bytes", "sha256", "format", "subtype"),
        ("lufs", "true_peak", "sound_hash", "measures", "flags"),
    ),
    flags=frozenset({"is_default"}),
    size=(
        "500 + COALESCE(length(old.waveform), 0) * 4 / 3 + COALESCE(length(old.measures), 0) * 2"
    ),
)
TAGS = Truth(
    "tags",
    ("generation_id", "tag_fold"),
    ("tag",),
    goes_with="NOT EXISTS (SELECT 1 FROM generations g WHERE g.id = n.generation_id)",
)
STORIES = Truth(
    "stories",
    ("id",),
    (
        "name",
        "description",
        "created_at",
        "updated_at",
        "deleted_at",
        "source_id",
        "source_key",
    ),
)
STORY_ITEMS = Truth(
    "story_items",
    ("id",),
    (
        "story_id",
        "generation_id",
        "version_id",
        "start_ms",
        "track",
        "trim_start_ms",
        "trim_end_ms",
        "volume",
        "created_at",
        "source_key",
        "generation_key",
        "length_ms",
    ),
    flags=frozenset({"track", "trim_start_ms", "trim_end_ms"}),
)
EFFECT_PRESETS = Truth(
    "effect_presets",
    ("id",),
    (
        "name",
        "description",
        "effects_chain",
        "is_builtin",
        "sort_order",
        "created_at",
        "source_id",
        "source_key",
    ),
    flags=frozenset({"is_builtin", "sort_order"}),
)
PRESETS = Truth(
    "presets",
    ("id",),
    (
        "profile_id",
        "folder",
        "name",
        "description",
        "params",
        "created_at",
        "updated_at",
        "source_id",
        "source_key",
    ),
    size="200 + length(old.params)",
)
IMPORTED = Truth("imported", ("origin", "source_key"), ("generation_id",))
FILTERS = Truth("saved_filters", ("name_fold",), ("name", "line", "created_at"))
SETTINGS = Truth("settings", ("name",), ("value",))
_WITH_COMPARISON = "NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.id = n.comparison_id)"
COMPARISONS = Truth(
    "comparisons",
    ("id",),
    ("mode", "is_blind", "seed", "makes_sure", "created_at", "kept_at", "kept_place"),
    parts=(("makes_sure",), ("kept_at", "kept_place")),
    flags=frozenset({"is_blind", "makes_sure"}),
    size="200",
)
COMPARISON_SIDES = Truth(
    "comparison_sides",
    ("comparison_id", "place"),
    ("generation_id", "version_id"),
    size="200",
    goes_with=_WITH_COMPARISON,
)
COMPARISON_DECISIONS = Truth(
    "comparison_decisions",
    ("comparison_id", "number"),
    ("one", "other", "outcome", "decided_at"),
    size="200",
    goes_with=_WITH_COMPARISON,
)

TRUTHS: tuple[Truth, ...] = (
    SOURCES,
    TOMBSTONES,
    PROFILES,
    SAMPLES,
    QUOTAS,
    GENERATIONS,
    VERSIONS,
    TAGS,
    STORIES,
    STORY_ITEMS,
    EFFECT_PRESETS,
    PRESETS,
    IMPORTED,
    FILTERS,
    SETTINGS,
    COMPARISONS,
    COMPARISON_SIDES,
    COMPARISON_DECISIONS,
)
"""All of them; what others refer to comes first."""

BY_NAME = {truth.table: truth for truth in TRUTHS}
