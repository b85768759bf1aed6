"""The tables as SQLModel writes them. Reading and migrating go through plain SQL instead.

A test holds these classes and the migrated schema together.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Dialect,
    ForeignKey,
    Index,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Boolean, Column, Field, Float, Integer, LargeBinary, SQLModel

from rushes.domain.times import from_stored, to_stored


class StoredTime(TypeDecorator[datetime]):
    """An aware moment, kept as naive UTC text that sorts as time does."""

    impl = Text
    cache_ok = True

    # SQLAlchemy hands the dialect to both, which one text form for all has no use for.
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The database's form."""
        return None if value is None else to_stored(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The aware form, in UTC."""
        return None if value is None else from_stored(value)


def _text(*, null: bool = False, default: str | None = None) -> Column[str]:
    return Column(Text, nullable=null, server_default=text(f"'{default}'") if default else None)


def _flag() -> Column[bool]:
    return Column(Boolean, nullable=False, server_default=text("0"))


def _key() -> Column[str]:
    return Column(Text, primary_key=True, nullable=False)


def _time(*, null: bool = False) -> Column[datetime]:
    return Column(StoredTime, nullable=null)


def _refers(target: str, *, null: bool = False, ondelete: str | None = None) -> Column[str]:
    return Column(Text, ForeignKey(target, ondelete=ondelete), nullable=null)


def _computed(kind: type[Text | Integer | Float[float]], rule: str) -> Column[object]:
    return Column(kind, Computed(rule, persisted=False))


def _of_live(name: str, *columns: str) -> Index:
    """An index of what lies outside the trash; it holds the column of its own condition."""
    listed = (text(column) if " " in column else column for column in (*columns, "deleted_at"))
    return Index(name, *listed, sqlite_where=text("deleted_at IS NULL"))


class SourceRow(SQLModel, table=True):
    """A linked source: a foreign program's folder, only ever read."""

    __tablename__ = "sources"

    id: str = Field(sa_column=_key())
    kind: str = Field(sa_column=_text())
    root: str = Field(sa_column=_text())
    created_at: datetime = Field(sa_column=_time())


class SourceTombstoneRow(SQLModel, table=True):
    """What was deleted for good here and must not come back from its source."""

    __tablename__ = "source_tombstones"
    __table_args__ = ({"sqlite_with_rowid": False},)

    source_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    source_key: str = Field(sa_column=_key())
    created_at: datetime = Field(sa_column=_time())


class ProfileRow(SQLModel, table=True):
    """A profile; a deleted one leaves its name to others."""

    __tablename__ = "profiles"
    __table_args__ = (
        Index("profiles_by_name", "name", unique=True, sqlite_where=text("deleted_at IS NULL")),
        Index("profiles_in_order", "name_fold", "name", "id", unique=True),
    )

    id: str = Field(sa_column=_key())
    name: str = Field(sa_column=_text())
    name_fold: str = Field(sa_column=_text())
    description: str | None = Field(default=None, sa_column=_text(null=True))
    language: str = Field(default="en", sa_column=_text(default="en"))
    missing: bool = Field(default=False, sa_column=_flag())
    created_at: datetime = Field(sa_column=_time())
    updated_at: datetime = Field(sa_column=_time())
    deleted_at: datetime | None = Field(default=None, sa_column=_time(null=True))


class GenerationRow(SQLModel, table=True):
    """A generation; the columns of the same names in domain.generation tell what they mean."""

    __tablename__ = "generations"
    __table_args__ = (
        UniqueConstraint("id"),
        _of_live("generations_by_time", "created_at", "seq", "duration"),
        _of_live("generations_by_profile", "profile_id", "created_at", "seq", "duration"),
        _of_live("generations_by_rating", "rating_order", "created_at", "seq"),
        _of_live("generations_by_length", "length_order", "created_at", "seq"),
        _of_live("generations_by_text", "text_start", "created_at DESC", "seq DESC", "profile_id"),
        _of_live(
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
        Index(
            "generations_by_source",
            "source_id",
            "source_key",
            unique=True,
            sqlite_where=text("source_id IS NOT NULL"),
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
    id: str = Field(sa_column=_text())
    profile_id: str = Field(sa_column=_refers("profiles.id"))
    status: str = Field(default="completed", sa_column=_text(default="completed"))
    created_at: datetime = Field(sa_column=_time())
    deleted_at: datetime | None = Field(default=None, sa_column=_time(null=True))
    purging: bool = Field(default=False, sa_column=_flag())
    is_favorited: bool = Field(default=False, sa_column=_flag())
    rating: int | None = Field(default=None, sa_column=Column(Integer))
    duration: float | None = Field(default=None, sa_column=Column(Float))
    seed: int | None = Field(default=None, sa_column=Column(Integer))
    language: str = Field(default="en", sa_column=_text(default="en"))
    language_fold: str = Field(sa_column=_text())
    engine: str = Field(default="qwen", sa_column=_text(default="qwen"))
    engine_fold: str = Field(sa_column=_text())
    model_size: str | None = Field(default=None, sa_column=_text(null=True))
    model_fold: str | None = Field(default=None, sa_column=_text(null=True))
    source_id: str | None = Field(default=None, sa_column=_refers("sources.id", null=True))
    source_key: str | None = Field(default=None, sa_column=_text(null=True))
    audio_path: str | None = Field(default=None, sa_column=_text(null=True))
    text_fold: str = Field(sa_column=_text())
    text: str = Field(sa_column=_text())
    instruct: str | None = Field(default=None, sa_column=_text(null=True))
    error: str | None = Field(default=None, sa_column=_text(null=True))
    note: str | None = Field(default=None, sa_column=_text(null=True))
    params: str | None = Field(default=None, sa_column=_text(null=True))
    text_start: str | None = Field(
        default=None, sa_column=_computed(Text, "substr(text_fold, 1, 200)")
    )
    rating_order: int | None = Field(
        default=None, sa_column=_computed(Integer, "COALESCE(rating, 0)")
    )
    length_order: float | None = Field(
        default=None, sa_column=_computed(Float, "COALESCE(duration, -1.0)")
    )


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
    id: str = Field(sa_column=_text())
    generation_id: str = Field(sa_column=_refers("generations.id", ondelete="CASCADE"))
    label: str = Field(sa_column=_text())
    audio_path: str = Field(sa_column=_text())
    effects_chain: str | None = Field(default=None, sa_column=_text(null=True))
    source_version_id: str | None = Field(
        default=None,
        sa_column=_refers("generation_versions.id", null=True, ondelete="SET NULL"),
    )
    is_default: bool = Field(default=False, sa_column=_flag())
    created_at: datetime = Field(sa_column=_time())
    sample_rate: int | None = Field(default=None, sa_column=Column(Integer))
    channels: int | None = Field(default=None, sa_column=Column(Integer))
    frames: int | None = Field(default=None, sa_column=Column(Integer))
    size: int | None = Field(default=None, sa_column=Column("bytes", Integer))
    sha256: str | None = Field(default=None, sa_column=_text(null=True))
    format: str | None = Field(default=None, sa_column=_text(null=True))
    subtype: str | None = Field(default=None, sa_column=_text(null=True))
    peak: float | None = Field(default=None, sa_column=Column(Float))
    waveform: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    fault: str | None = Field(default=None, sa_column=_text(null=True))


class TagRow(SQLModel, table=True):
    """A word that somebody gave a generation."""

    __tablename__ = "tags"
    __table_args__ = (Index("tags_by_name", "tag_fold"), {"sqlite_with_rowid": False})

    generation_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    tag_fold: str = Field(sa_column=_key())
    tag: str = Field(sa_column=_text())


class SavedFilterRow(SQLModel, table=True):
    """A line of the filter language under a name."""

    __tablename__ = "saved_filters"

    name_fold: str = Field(sa_column=_key())
    name: str = Field(sa_column=_text())
    line: str = Field(sa_column=_text())
    created_at: datetime = Field(sa_column=_time())


class LeavingFileRow(SQLModel, table=True):
    """A file that no row names any more and that is still to be unlinked."""

    __tablename__ = "leaving_files"
    __table_args__ = ({"sqlite_with_rowid": False},)

    audio_path: str = Field(sa_column=_key())


class RunRow(SQLModel, table=True):
    """A generation that a process is making: which one, of which machine, begun when."""

    __tablename__ = "runs"
    __table_args__ = ({"sqlite_with_rowid": False},)

    generation_id: str = Field(
        sa_column=Column(
            Text, ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    machine: str = Field(sa_column=_text())
    process: int = Field(sa_column=Column(Integer, nullable=False))
    started: str = Field(sa_column=_text())


class JournalStateRow(SQLModel, table=True):
    """How far the journal reaches: its last commit, its length and the part needed, in bytes."""

    __tablename__ = "journal_state"
    __table_args__ = (CheckConstraint("only_row = 1"),)

    only_row: int = Field(
        default=1, sa_column=Column(Integer, primary_key=True, autoincrement=False, nullable=False)
    )
    journal_id: str = Field(sa_column=_text())
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

    name: str = Field(sa_column=_key())
    value: str = Field(sa_column=_text())
