"""Kinds of columns and indexes that the tables are made of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Computed, Dialect, ForeignKey, Index, Text, TypeDecorator, text
from sqlmodel import Boolean, Column, Float, Integer

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


def text_column(*, null: bool = False, default: str | None = None) -> Column[str]:
    """Text; ``default`` is what the database puts in."""
    stands_for = None if default is None else text(f"'{default}'")
    return Column(Text, nullable=null, server_default=stands_for)


def flag_column() -> Column[bool]:
    """Yes or no; no by default."""
    return Column(Boolean, nullable=False, server_default=text("0"))


def key_column() -> Column[str]:
    """A text that is the key, or part of it."""
    return Column(Text, primary_key=True, nullable=False)


def time_column(*, null: bool = False) -> Column[datetime]:
    """A moment."""
    return Column(StoredTime, nullable=null)


def reference(target: str, *, null: bool = False, ondelete: str | None = None) -> Column[str]:
    """The key of another row, like ``profiles.id``."""
    return Column(Text, ForeignKey(target, ondelete=ondelete), nullable=null)


def computed_column(kind: type[Text | Integer | Float[float]], rule: str) -> Column[object]:
    """What SQLite makes of other columns whenever it is asked."""
    return Column(kind, Computed(rule, persisted=False))


def index_of_live(name: str, *columns: str) -> Index:
    """An index of what lies outside the trash; it holds the column of its own condition."""
    listed = (text(column) if " " in column else column for column in (*columns, "deleted_at"))
    return Index(name, *listed, sqlite_where=text("deleted_at IS NULL"))


def index_of_source(name: str) -> Index:
    """What a source calls its own, once each."""
    return Index(
        name,
        "source_id",
        "source_key",
        unique=True,
        sqlite_where=text("source_id IS NOT NULL"),
    )
