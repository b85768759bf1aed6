"""The tables as SQLModel writes them. Reading and migrating go through plain SQL instead.

A test holds these classes and the migrated schema together.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Boolean, Column, Field, Float, Integer, LargeBinary, SQLModel

from rushes.store.columns import (
    computed_column,
    flag_column,
    index_of_live,
    index_of_source,
    key_column,
    reference,
    text_column,
    time_column,
)


class SourceRow(SQLModel, table=True):
    """A linked source: a foreign program's folder, only ever read."""

    __tablename__ = "sources"

    id: str = Field(sa_column=key_column())
    kind: str = Field(sa_column=text_column())
    root: str = Field(sa_column=text_column())
    created_at: datetime = Field(sa_column=time_column())
    name: str = Field(default="", sa_column=text_column(default=""))
    place: str = Field(default="", sa_column=text_column(default=""))
    removed_at: datetime | None = Field(default=None, sa_column=time_column(null=True))


class SourceStateRow(SQLModel, table=True):
    """How far a source was read."""

    __tablename__ = "source_states"
    __table_args__ = ({"sqlite_with_rowid": False},)

    source_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    synced_at: datetime | None = Field(default=None, sa_column=time_column(null=True))
    signature: str | None = Field(default=None, sa_column=text_column(null=True))
    trouble: str | None = Field(default=None, sa_column=text_column(null=True))


class SourceTombstoneRow(SQLModel, table=True):
    """What was deleted for good here and must not come back from its source."""

    __tablename__ = "source_tombstones"
    __table_args__ = ({"sqlite_with_rowid": False},)

    source_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    source_key: str = Field(sa_column=key_column())
    created_at: datetime = Field(sa_column=time_column())


class ProfileRow(SQLModel, table=True):
    """A profile; a deleted one leaves its name to others."""

    __tablename__ = "profiles"
    __table_args__ = (
        Index("profiles_by_name", "name", unique=True, sqlite_where=text("deleted_at IS NULL")),
        Index("profiles_in_order", "name_fold", "name", "id", unique=True),
        index_of_source("profiles_by_source"),
    )

    id: str = Field(sa_column=key_column())
    name: str = Field(sa_column=text_column())
    name_fold: str = Field(sa_column=text_column())
    description: str | None = Field(default=None, sa_column=text_column(null=True))
    language: str = Field(default="en", sa_column=text_column(default="en"))
    missing: bool = Field(default=False, sa_column=flag_column())
    created_at: datetime = Field(sa_column=time_column())
    updated_at: datetime = Field(sa_column=time_column())
    deleted_at: datetime | None = Field(default=None, sa_column=time_column(null=True))
    source_id: str | None = Field(default=None, sa_column=reference("sources.id", null=True))
    source_key: str | None = Field(default=None, sa_column=text_column(null=True))
    source_name: str | None = Field(default=None, sa_column=text_column(null=True))
    details: str | None = Field(default=None, sa_column=text_column(null=True))


class GenerationRow(SQLModel, table=True):
    """A generation; the columns of the same names in domain.generation tell what they mean."""

    __tablename__ = "generations"
    __table_args__ = (
        UniqueConstraint("id"),
        index_of_live("generations_by_time", "created_at", "seq", "duration"),
        index_of_live("generations_by_profile", "profile_id", "created_at", "seq", "duration"),
        index_of_live("generations_by_rating", "rating_order", "created_at", "seq"),
        index_of_live("generations_by_length", "length_order", "created_at", "seq"),
        index_of_live(
            "generations_by_text", "text_start", "created_at DESC", "seq DESC", "profile_id"
        ),
        index_of_live(
            "generations_by_facets",
            "created_at",
            "seq",
            "profile_id",
            "engine_fold",
            "model_fold",
            "language_fold",
            "status",
            "is_favorited",
            "rating",
            "duration",
            "seed",
            "flags",
            "has_twin",
            "lufs",
            "true_peak",
        ),
        Index(
            "generations_by_sound",
            "sound_hash",
            "deleted_at",
            sqlite_where=text("deleted_at IS NULL AND sound_hash IS NOT NULL"),
        ),
        Index("generations_with_long_text", "seq", sqlite_where=text("length(text_fold) > 200")),
        Index("generations_with_nul", "seq", sqlite_where=text("instr(text_fold, char(0)) > 0")),
        Index(
            "generations_in_trash",
            "created_at",
            "seq",
            "deleted_at",
            "purging",
            sqlite_where=text("deleted_at IS NOT NULL"),
        ),
        Index("generations_purging", "id", sqlite_where=text("purging = 1")),
        index_of_source("generations_by_source"),
        Index(
            "generations_vanished",
            "source_id",
            "deleted_at",
            "vanished_at",
            sqlite_where=text("vanished_at IS NOT NULL"),
        ),
        Index(
            "generations_linked",
            "profile_id",
            "engine",
            "deleted_at",
            "purging",
            "id",
            sqlite_where=text("source_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    id: str = Field(sa_column=text_column())
    profile_id: str = Field(sa_column=reference("profiles.id"))
    status: str = Field(default="completed", sa_column=text_column(default="completed"))
    created_at: datetime = Field(sa_column=time_column())
    deleted_at: datetime | None = Field(default=None, sa_column=time_column(null=True))
    purging: bool = Field(default=False, sa_column=flag_column())
    is_favorited: bool = Field(default=False, sa_column=flag_column())
    rating: int | None = Field(default=None, sa_column=Column(Integer))
    duration: float | None = Field(default=None, sa_column=Column(Float))
    seed: int | None = Field(default=None, sa_column=Column(Integer))
    language: str = Field(default="en", sa_column=text_column(default="en"))
    language_fold: str = Field(sa_column=text_column())
    engine: str = Field(default="qwen", sa_column=text_column(default="qwen"))
    engine_fold: str = Field(sa_column=text_column())
    model_size: str | None = Field(default=None, sa_column=text_column(null=True))
    model_fold: str | None = Field(default=None, sa_column=text_column(null=True))
    source_id: str | None = Field(default=None, sa_column=reference("sources.id", null=True))
    source_key: str | None = Field(default=None, sa_column=text_column(null=True))
    audio_path: str | None = Field(default=None, sa_column=text_column(null=True))
    text_fold: str = Field(sa_column=text_column())
    text: str = Field(sa_column=text_column())
    instruct: str | None = Field(default=None, sa_column=text_column(null=True))
    error: str | None = Field(default=None, sa_column=text_column(null=True))
    note: str | None = Field(default=None, sa_column=text_column(null=True))
    params: str | None = Field(default=None, sa_column=text_column(null=True))
    text_start: str | None = Field(
        default=None, sa_column=computed_column(Text, "substr(text_fold, 1, 200)")
    )
    rating_order: int | None = Field(
        default=None, sa_column=computed_column(Integer, "COALESCE(rating, 0)")
    )
    length_order: float | None = Field(
        default=None, sa_column=computed_column(Float, "COALESCE(duration, -1.0)")
    )
    source_digest: str | None = Field(default=None, sa_column=text_column(null=True))
    source_favorited: bool | None = Field(default=None, sa_column=Column(Boolean))
    vanished_at: datetime | None = Field(default=None, sa_column=time_column(null=True))
    flags: int | None = Field(default=None, sa_column=Column(Integer))
    lufs: float | None = Field(default=None, sa_column=Column(Float))
    true_peak: float | None = Field(default=None, sa_column=Column(Float))
    sound_hash: int | None = Field(default=None, sa_column=Column(Integer))
    has_twin: bool = Field(default=False, sa_column=flag_column())


class VersionRow(SQLModel, table=True):
    """A file of a generation, with what was measured from its bytes (``size``: how many)."""

    __tablename__ = "generation_versions"
    __table_args__ = (
        UniqueConstraint("id"),
        Index(
            "versions_by_default",
            "generation_id",
            unique=True,
            sqlite_where=text("is_default = 1"),
        ),
        Index("versions_by_generation", "generation_id", "bytes"),
        Index(
            "versions_unmeasured",
            "seq",
            "generation_id",
            "sample_rate",
            "fault",
            sqlite_where=text("sample_rate IS NULL AND fault IS NULL"),
        ),
        Index(
            "versions_unheard",
            "seq",
            "generation_id",
            "sample_rate",
            "flags",
            "fault",
            sqlite_where=text("flags IS NULL AND fault IS NULL AND sample_rate IS NOT NULL"),
        ),
        Index("versions_at_fault", "seq", sqlite_where=text("fault IS NOT NULL")),
        Index(
            "versions_beside_default",
            "generation_id",
            "bytes",
            sqlite_where=text("is_default = 0"),
        ),
        Index(
            "versions_by_source",
            "source_version_id",
            sqlite_where=text("source_version_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    id: str = Field(sa_column=text_column())
    generation_id: str = Field(sa_column=reference("generations.id", ondelete="CASCADE"))
    label: str = Field(sa_column=text_column())
    audio_path: str = Field(sa_column=text_column())
    effects_chain: str | None = Field(default=None, sa_column=text_column(null=True))
    source_version_id: str | None = Field(
        default=None,
        sa_column=reference("generation_versions.id", null=True, ondelete="SET NULL"),
    )
    is_default: bool = Field(default=False, sa_column=flag_column())
    created_at: datetime = Field(sa_column=time_column())
    sample_rate: int | None = Field(default=None, sa_column=Column(Integer))
    channels: int | None = Field(default=None, sa_column=Column(Integer))
    frames: int | None = Field(default=None, sa_column=Column(Integer))
    size: int | None = Field(default=None, sa_column=Column("bytes", Integer))
    sha256: str | None = Field(default=None, sa_column=text_column(null=True))
    format: str | None = Field(default=None, sa_column=text_column(null=True))
    subtype: str | None = Field(default=None, sa_column=text_column(null=True))
    peak: float | None = Field(default=None, sa_column=Column(Float))
    waveform: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    fault: str | None = Field(default=None, sa_column=text_column(null=True))
    lufs: float | None = Field(default=None, sa_column=Column(Float))
    true_peak: float | None = Field(default=None, sa_column=Column(Float))
    sound_hash: int | None = Field(default=None, sa_column=Column(Integer))
    measures: str | None = Field(default=None, sa_column=text_column(null=True))
    flags: int | None = Field(default=None, sa_column=Column(Integer))


class TagRow(SQLModel, table=True):
    """A word that somebody gave a generation."""

    __tablename__ = "tags"
    __table_args__ = (Index("tags_by_name", "tag_fold"), {"sqlite_with_rowid": False})

    generation_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    tag_fold: str = Field(sa_column=key_column())
    tag: str = Field(sa_column=text_column())


class SavedFilterRow(SQLModel, table=True):
    """A line of the filter language under a name."""

    __tablename__ = "saved_filters"

    name_fold: str = Field(sa_column=key_column())
    name: str = Field(sa_column=text_column())
    line: str = Field(sa_column=text_column())
    created_at: datetime = Field(sa_column=time_column())


class LeavingFileRow(SQLModel, table=True):
    """A file that no row names any more and that is still to be unlinked."""

    __tablename__ = "leaving_files"
    __table_args__ = ({"sqlite_with_rowid": False},)

    audio_path: str = Field(sa_column=key_column())


class RunRow(SQLModel, table=True):
    """A generation that a process is making: which one, of which machine, begun when."""

    __tablename__ = "runs"
    __table_args__ = ({"sqlite_with_rowid": False},)

    generation_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    machine: str = Field(sa_column=text_column())
    process: int = Field(sa_column=Column(Integer, nullable=False))
    started: str = Field(sa_column=text_column())


class JournalStateRow(SQLModel, table=True):
    """How far the journal reaches: its last commit, its length and the part needed, in bytes."""

    __tablename__ = "journal_state"
    __table_args__ = (CheckConstraint("only_row = 1"),)

    only_row: int = Field(
        default=1, sa_column=Column(Integer, primary_key=True, autoincrement=False, nullable=False)
    )
    journal_id: str = Field(sa_column=text_column())
    number: int = Field(sa_column=Column(Integer, nullable=False))
    length: int = Field(sa_column=Column(Integer, nullable=False))
    needed: int = Field(sa_column=Column(Integer, nullable=False))


class QuotaRow(SQLModel, table=True):
    """The most bytes that the files of a profile's generations should take."""

    __tablename__ = "quotas"
    __table_args__ = ({"sqlite_with_rowid": False},)

    profile_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    size: int = Field(sa_column=Column("bytes", Integer, nullable=False))


class SettingRow(SQLModel, table=True):
    """What a person has settled for this library, as JSON."""

    __tablename__ = "settings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: str = Field(sa_column=key_column())
    value: str = Field(sa_column=text_column())
