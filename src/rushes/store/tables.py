"""The tables as SQLModel writes them. Reading and migrating go through plain SQL instead.

A test holds these classes and the migrated schema together.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Dialect, ForeignKey, Index, Text, TypeDecorator, UniqueConstraint, text
from sqlmodel import Boolean, Column, Field, Float, Integer, LargeBinary, SQLModel

from rushes.domain.times import from_stored, to_stored


class StoredTime(TypeDecorator[datetime]):
    """An aware moment, kept as naive UTC text that sorts as time does."""

    impl = Text
    cache_ok = True

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
        Index(
            "generations_by_time",
            "created_at",
            "seq",
            "duration",
            "deleted_at",
            sqlite_where=text("deleted_at IS NULL"),
        ),
        Index(
            "generations_by_profile",
            "profile_id",
            "created_at",
            "seq",
            "duration",
            "deleted_at",
            sqlite_where=text("deleted_at IS NULL"),
        ),
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
