"""The tables of stories, presets, imports and samples as SQLModel writes them.

``tables`` holds the rest.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlmodel import Column, Field, Float, Integer, SQLModel

from rushes.store.columns import (
    flag_column,
    index_of_source,
    key_column,
    reference,
    text_column,
    time_column,
)


def _number(*, default: str | None = None) -> Column[int]:
    stands_for = None if default is None else text(default)
    return Column(Integer, nullable=False, server_default=stands_for)


class StoryRow(SQLModel, table=True):
    """A story, perhaps a linked source's."""

    __tablename__ = "stories"
    __table_args__ = (index_of_source("stories_by_source"),)

    id: str = Field(sa_column=key_column())
    name: str = Field(sa_column=text_column())
    description: str | None = Field(default=None, sa_column=text_column(null=True))
    created_at: datetime = Field(sa_column=time_column())
    updated_at: datetime = Field(sa_column=time_column())
    deleted_at: datetime | None = Field(default=None, sa_column=time_column(null=True))
    source_id: str | None = Field(default=None, sa_column=reference("sources.id", null=True))
    source_key: str | None = Field(default=None, sa_column=text_column(null=True))


class StoryItemRow(SQLModel, table=True):
    """A place of a generation in a story; times in milliseconds.

    ``length_ms`` is how long the clip is, or was when the generation went.
    """

    __tablename__ = "story_items"
    __table_args__ = (
        Index("story_items_by_story", "story_id", "start_ms"),
        Index(
            "story_items_by_generation",
            "generation_id",
            sqlite_where=text("generation_id IS NOT NULL"),
        ),
        Index("story_items_by_version", "version_id", sqlite_where=text("version_id IS NOT NULL")),
    )

    id: str = Field(sa_column=key_column())
    story_id: str = Field(sa_column=reference("stories.id", ondelete="CASCADE"))
    generation_id: str | None = Field(
        default=None, sa_column=reference("generations.id", null=True, ondelete="SET NULL")
    )
    version_id: str | None = Field(
        default=None, sa_column=reference("generation_versions.id", null=True, ondelete="SET NULL")
    )
    start_ms: int = Field(sa_column=_number())
    track: int = Field(default=0, sa_column=_number(default="0"))
    trim_start_ms: int = Field(default=0, sa_column=_number(default="0"))
    trim_end_ms: int = Field(default=0, sa_column=_number(default="0"))
    volume: float = Field(
        default=1.0, sa_column=Column(Float, nullable=False, server_default=text("1.0"))
    )
    created_at: datetime = Field(sa_column=time_column())
    source_key: str | None = Field(default=None, sa_column=text_column(null=True))
    generation_key: str | None = Field(default=None, sa_column=text_column(null=True))
    length_ms: int | None = Field(default=None, sa_column=Column(Integer))


class EffectPresetRow(SQLModel, table=True):
    """A named effects chain."""

    __tablename__ = "effect_presets"
    __table_args__ = (index_of_source("effect_presets_by_source"),)

    id: str = Field(sa_column=key_column())
    name: str = Field(sa_column=text_column())
    description: str | None = Field(default=None, sa_column=text_column(null=True))
    effects_chain: str = Field(sa_column=text_column())
    is_builtin: bool = Field(default=False, sa_column=flag_column())
    sort_order: int = Field(default=0, sa_column=_number(default="0"))
    created_at: datetime = Field(sa_column=time_column())
    source_id: str | None = Field(default=None, sa_column=reference("sources.id", null=True))
    source_key: str | None = Field(default=None, sa_column=text_column(null=True))


class PresetRow(SQLModel, table=True):
    """A named set of a profile's parameters.

    ``source_key`` is what a source calls it; of one that was saved here, which has no
    ``source_id``, it is the id of the generation that it was saved from.
    """

    __tablename__ = "presets"
    __table_args__ = (
        Index("presets_by_profile", "profile_id"),
        index_of_source("presets_by_source"),
    )

    id: str = Field(sa_column=key_column())
    profile_id: str | None = Field(
        default=None, sa_column=reference("profiles.id", null=True, ondelete="SET NULL")
    )
    folder: str | None = Field(default=None, sa_column=text_column(null=True))
    name: str = Field(sa_column=text_column())
    description: str | None = Field(default=None, sa_column=text_column(null=True))
    params: str = Field(sa_column=text_column())
    created_at: datetime = Field(sa_column=time_column())
    updated_at: datetime = Field(sa_column=time_column())
    source_id: str | None = Field(default=None, sa_column=reference("sources.id", null=True))
    source_key: str | None = Field(default=None, sa_column=text_column(null=True))


class ImportedRow(SQLModel, table=True):
    """What was copied in: where from, what it is called there, what it is here."""

    __tablename__ = "imported"
    __table_args__ = (
        Index("imported_by_generation", "generation_id"),
        {"sqlite_with_rowid": False},
    )

    origin: str = Field(sa_column=key_column())
    source_key: str = Field(sa_column=key_column())
    generation_id: str = Field(
        sa_column=Column(Text, ForeignKey("generations.id", ondelete="CASCADE"), nullable=False)
    )


class SampleRow(SQLModel, table=True):
    """A recording that a profile was made from, with the words in it (``size``: how many bytes)."""

    __tablename__ = "profile_samples"
    __table_args__ = (
        Index("samples_by_profile", "profile_id", "created_at", "id"),
        Index("samples_by_file", "audio_path"),
    )

    id: str = Field(sa_column=key_column())
    profile_id: str = Field(sa_column=reference("profiles.id", ondelete="CASCADE"))
    audio_path: str = Field(sa_column=text_column())
    reference_text: str = Field(sa_column=text_column())
    created_at: datetime = Field(sa_column=time_column())
    sample_rate: int | None = Field(default=None, sa_column=Column(Integer))
    channels: int | None = Field(default=None, sa_column=Column(Integer))
    frames: int | None = Field(default=None, sa_column=Column(Integer))
    size: int | None = Field(default=None, sa_column=Column("bytes", Integer))
    sha256: str | None = Field(default=None, sa_column=text_column(null=True))
    format: str | None = Field(default=None, sa_column=text_column(null=True))
    subtype: str | None = Field(default=None, sa_column=text_column(null=True))
    fault: str | None = Field(default=None, sa_column=text_column(null=True))
