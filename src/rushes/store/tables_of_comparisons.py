"""The tables of comparisons as SQLModel writes them; ``tables`` holds the rest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlmodel import Column, Field, Integer, SQLModel

from rushes.store.columns import flag_column, key_column, text_column, time_column


def _of_comparison() -> Column[str]:
    target = ForeignKey("comparisons.id", ondelete="CASCADE")
    return Column(Text, target, primary_key=True, nullable=False)


def _number(*, key: bool = False) -> Column[int]:
    return Column(Integer, primary_key=key, autoincrement=False, nullable=False)


class ComparisonRow(SQLModel, table=True):
    """A comparison of takes; domain.ranking tells what its columns mean."""

    __tablename__ = "comparisons"
    __table_args__ = (Index("comparisons_by_time", "created_at", "id"),)

    id: str = Field(sa_column=key_column())
    mode: str = Field(sa_column=text_column())
    is_blind: bool = Field(default=False, sa_column=flag_column())
    seed: int = Field(sa_column=_number())
    makes_sure: bool = Field(default=False, sa_column=flag_column())
    created_at: datetime = Field(sa_column=time_column())
    kept_at: datetime | None = Field(default=None, sa_column=time_column(null=True))
    kept_place: int | None = Field(default=None, sa_column=Column(Integer))


class ComparisonSideRow(SQLModel, table=True):
    """What was held against the others: a generation, or one version of it, perhaps gone by now."""

    __tablename__ = "comparison_sides"
    __table_args__ = (
        Index("comparison_sides_by_generation", "generation_id"),
        {"sqlite_with_rowid": False},
    )

    comparison_id: str = Field(sa_column=_of_comparison())
    place: int = Field(sa_column=_number(key=True))
    generation_id: str = Field(sa_column=text_column())
    version_id: str | None = Field(default=None, sa_column=text_column(null=True))


class ComparisonDecisionRow(SQLModel, table=True):
    """Which of two places was better: 1 the one, -1 the other, 0 nobody could tell."""

    __tablename__ = "comparison_decisions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    comparison_id: str = Field(sa_column=_of_comparison())
    number: int = Field(sa_column=_number(key=True))
    one: int = Field(sa_column=_number())
    other: int = Field(sa_column=_number())
    outcome: int = Field(sa_column=_number())
    decided_at: datetime = Field(sa_column=time_column())
