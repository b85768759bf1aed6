"""A Voicebox or Sonna data directory: its database, of all three generations of its schema.

0.1.x has no versions, no status and no engine; 0.2 to 0.4 have no ``source``. Whatever columns
there are that rushes has no place for are kept as they are, in the snapshots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.domain.foreign import (
    ForeignEffectPreset,
    ForeignPreset,
    ForeignProfile,
    ForeignStory,
    ForeignStoryItem,
    ForeignTake,
    Head,
)
from rushes.domain.source import SourceKind
from rushes.domain.text import shown
from rushes.errors import SourceError
from rushes.exchange import cleaning, voicebox_rows
from rushes.exchange.foreign_database import ForeignDatabase, Row
from rushes.exchange.voicebox_rows import Fields
from rushes.exchange.walking import files_below

SHELF = "generations"
"""The folder in which all audio lies."""

_BATCH = 1_024
_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class _Whole:
    """A generation as it was read."""

    key: str
    row: Fields
    versions: Sequence[Fields]
    digest: str


class VoiceboxHistory:
    """``exchange.history.ForeignHistory`` of a Voicebox database; ``root`` is the data directory.

    Raises:
        SourceError: it can't be read.
    """

    kind = SourceKind.VOICEBOX

    def __init__(self, database: Path, root: Path) -> None:
        self.place = database
        self.root = root
        self._database = ForeignDatabase(database)
        if not is_voicebox(self._database):
            self._database.close()
            raise SourceError(f"{shown(database)} isn't known", "it holds no generations")
        self._columns: dict[str, tuple[str, ...]] = {}
        self._ordered = False
        self._seen: dict[str, _Whole] = {}

    @property
    def troubles(self) -> Sequence[str]:
        """Rows are taken as they are: none."""
        return ()

    def signature(self) -> str:
        """Differs after any commit there."""
        return self._database.signature()

    def count(self) -> int:
        """How many generations there are."""
        ((found,),) = self._database.all("SELECT count(*) FROM generations")
        assert isinstance(found, int)
        return found

    def heads(self) -> Iterator[Sequence[Head]]:
        """All generations in batches of 1,024, the newest first."""
        self._order()
        for start in range(0, self._last("newest_first"), _BATCH):
            found = self._database.all(
                "SELECT g.* FROM temp.newest_first o JOIN main.generations g ON g.rowid = o.at"
                " WHERE o.rowid > ? AND o.rowid <= ? ORDER BY o.rowid DESC",
                (start, start + _BATCH),
            )
            self._seen = {one.key: one for one in self._whole(found) if _is_key(one.row["id"])}
            yield [Head(one.key, one.digest) for one in self._seen.values()]

    def keys(self) -> Iterator[str]:
        """The keys of all generations, in order, along the key's own index."""
        self._database.all("DROP TABLE IF EXISTS temp.by_key")
        self._database.all(
            "CREATE TEMP TABLE by_key AS SELECT id FROM main.generations ORDER BY id"
        )
        for start in range(0, self._last("by_key"), _KEYS):
            for (key,) in self._database.all(
                "SELECT id FROM temp.by_key WHERE rowid > ? AND rowid <= ? ORDER BY rowid",
                (start, start + _KEYS),
            ):
                if _is_key(key):
                    yield cleaning.text(key)

    def takes(self, keys: Sequence[str]) -> Sequence[ForeignTake]:
        """Generations with their versions, in the order of the keys."""
        self._order()
        found = {key: self._seen[key] for key in keys if key in self._seen}
        others = [key for key in keys if key not in found]
        for start in range(0, len(others), _BATCH):
            some = others[start : start + _BATCH]
            rows = self._database.all(
                f"SELECT * FROM generations WHERE id IN ({_marks(some)})",  # noqa: S608  # only marks
                some,
            )
            found |= {one.key: one for one in self._whole(rows)}
        return [
            voicebox_rows.take(one.row, one.versions, one.digest)
            for one in map(found.get, keys)
            if one is not None
        ]

    def profiles(self) -> Sequence[ForeignProfile]:
        """All profiles, with their samples in the details."""
        samples: dict[object, list[Fields]] = {}
        for sample in self._table("profile_samples"):
            samples.setdefault(sample.get("profile_id"), []).append(
                {key: value for key, value in sample.items() if key != "profile_id"}
            )
        return [
            voicebox_rows.profile(row, samples.get(row["id"], []))
            for row in self._table("profiles")
        ]

    def profile_of(self, key: str) -> ForeignProfile | None:  # noqa: ARG002  # none that isn't listed is there
        """None: what isn't listed is gone."""
        return None

    def stories(self) -> Sequence[ForeignStory]:
        """All stories."""
        return [voicebox_rows.story(row) for row in self._table("stories")]

    def story_items(self) -> Iterator[Sequence[ForeignStoryItem]]:
        """All items, those of generations that are gone too."""
        rows = self._table("story_items")
        for start in range(0, len(rows), _BATCH):
            yield [voicebox_rows.story_item(row) for row in rows[start : start + _BATCH]]

    def effect_presets(self) -> Sequence[ForeignEffectPreset]:
        """All named effects chains."""
        return [voicebox_rows.effect_preset(row) for row in self._table("effect_presets")]

    def presets(self) -> Sequence[ForeignPreset]:
        """It has none."""
        return ()

    def audio_files(self) -> Iterator[Path]:
        """Every audio file of the folder ``generations``, or of the root where there is none."""
        shelf = self.root / SHELF
        yield from files_below(shelf if shelf.is_dir() else self.root, deep=False)

    def close(self) -> None:
        """Close the database, and remove the copy where there was one."""
        self._database.close()

    def _order(self) -> None:
        """Note where each row is: its own tables have no index to find it by."""
        if self._ordered:
            return
        self._database.all(
            "CREATE TEMP TABLE newest_first AS SELECT rowid AS at FROM main.generations"
            " ORDER BY created_at DESC, rowid DESC"
        )
        if self._names("generation_versions"):
            self._database.all(
                "CREATE TEMP TABLE versions AS SELECT generation_id AS owner, rowid AS at"
                " FROM main.generation_versions"
            )
            self._database.all("CREATE INDEX temp.by_owner ON versions (owner, at)")
        self._ordered = True

    def _whole(self, rows: Sequence[Row]) -> Iterator[_Whole]:
        """Generations with their versions."""
        named = self._named("generations", rows)
        versions = self._versions_of([row["id"] for row in named])
        for row in named:
            mine = versions.get(row["id"], [])
            yield _Whole(cleaning.text(row["id"]), row, mine, voicebox_rows.digest(row, mine))

    def _last(self, table: str) -> int:
        ((last,),) = self._database.all(f"SELECT COALESCE(max(rowid), 0) FROM temp.{table}")  # noqa: S608  # a name of ours
        assert isinstance(last, int)
        return last

    def _versions_of(self, owners: Sequence[object]) -> dict[object, list[Fields]]:
        if not owners or not self._names("generation_versions"):
            return {}
        rows = self._database.all(
            "SELECT v.* FROM temp.versions o JOIN main.generation_versions v ON v.rowid = o.at"  # noqa: S608  # only marks
            f" AND v.generation_id = o.owner WHERE o.owner IN ({_marks(owners)})"
            " ORDER BY o.owner, o.at",
            [cleaning.text(owner) for owner in owners],
        )
        found: dict[object, list[Fields]] = {}
        for row in self._named("generation_versions", rows):
            found.setdefault(row["generation_id"], []).append(row)
        return found

    def _table(self, table: str) -> list[Fields]:
        """All rows of a small table; none where there is no such table."""
        if "id" not in self._names(table):
            return []
        return self._named(table, self._database.all(f"SELECT * FROM {table} ORDER BY rowid"))  # noqa: S608  # a name of ours

    def _names(self, table: str) -> tuple[str, ...]:
        if table not in self._columns:
            self._columns[table] = self._database.names_of(table)
        return self._columns[table]

    def _named(self, table: str, rows: Sequence[Row]) -> list[Fields]:
        names = self._names(table)
        return [dict(zip(names, row, strict=False)) for row in rows]


def is_voicebox(database: ForeignDatabase) -> bool:
    """Whether a database holds Voicebox's generations."""
    return {"id", "profile_id", "text", "audio_path"} <= set(database.names_of("generations"))


def _is_key(value: object) -> bool:
    """Whether an id is text as it was written: another couldn't be asked for again."""
    return isinstance(value, str) and bool(value) and "\ufffd" not in value


def _marks(things: Sequence[object]) -> str:
    return ", ".join("?" * len(things))
