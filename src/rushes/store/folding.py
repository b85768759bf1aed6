"""Takes of the same words as one row: which rows fold together, and which of them is shown.

Two ways with one answer. A few rows are read with their texts and put together in Python. For
many, sets of row numbers are read once from the indexes: ``Likeness`` says of every row outside
the trash whose words it shares and how it ranks among its like, whatever the question; numpy
then folds any of them in any order.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rushes.domain.generation import HIGHEST_RATING, Status
from rushes.domain.takes import words_in
from rushes.store.big_blocks import give_back
from rushes.store.reader import Snapshot
from rushes.store.where import numbered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHUNK = 500
_PART = 500_000
"""Characters that are read as numbers at once: some 5 ms."""

_LEVELS = 2 * 2 * (HIGHEST_RATING + 1)
MERIT = (
    f"(g.status = '{Status.COMPLETED.value}') * {_LEVELS // 2}"
    f" + g.is_favorited * {HIGHEST_RATING + 1} + COALESCE(g.rating, 0)"
)
"""What a row is worth among its like, 0 to ``_LEVELS`` - 1; of equal ones the newest is shown."""

_BLANKS = (
    *((0x09, 0x0D), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680)),
    *((0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
"""First and last of the runs of characters for which ``str.isspace`` holds."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Rows by their numbers (``seq``), in folds that stand where their first row does.

    ``members`` are all rows: fold after fold, each in the list's order. Fold ``i`` has those from
    ``starts[i]`` up to ``starts[i + 1]``, and shows ``shown[i]``.
    """

    members: array[int]
    starts: array[int]
    shown: array[int]

    def __len__(self) -> int:
        """How many folds there are."""
        return len(self.shown)

    def takes(self, index: int) -> int:
        """How many rows the fold holds."""
        return self.starts[index + 1] - self.starts[index]

    def firsts(self) -> array[int]:
        """The row of each fold by which it stands where it does."""
        return array(self.members.typecode, (self.members[start] for start in self.starts[:-1]))

    def members_of(self, index: int) -> array[int]:
        """Its rows, in the list's order."""
        return self.members[self.starts[index] : self.starts[index + 1]]

    def index_of(self, number: int) -> int | None:
        """The fold that holds the row; None where none does."""
        try:
            return bisect_right(self.starts, self.members.index(number)) - 1
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of every row outside the trash, by its ``seq``; 4 bytes each.

    ``words`` is a number that takes of the same words share, 0 for rows without any like it.
    ``rank`` is higher for what is shown before others of its like, ``ranked`` the row of a rank.
    """

    words: NDArray[np.uint32]
    rank: NDArray[np.uint32]
    ranked: NDArray[np.uint32] | NDArray[np.int64]


def fold_few(snapshot: Snapshot, numbers: Sequence[int]) -> Folded:
    """These rows folded, by reading them; ``numbers`` are in the list's order."""
    known: dict[int, tuple[object, tuple[int, str, int]]] = {}
    select = numbered(numbers)
    for seq, profile, text, merit, made in snapshot.all(
        f"SELECT g.seq, g.profile_id, g.text_fold, {MERIT}, g.created_at FROM generations g"
        f" WHERE g.seq IN ({select.sql})",
        select.parameters,
    ):
        number = cast(int, seq)
        words = words_in(cast(str, profile), cast(str, text))
        known[number] = (words or number, (cast(int, merit), cast(str, made), number))
    folds: dict[object, list[int]] = {}
    for number in numbers:
        if number in known:
            folds.setdefault(known[number][0], []).append(number)
    members, starts, shown = array("q"), array("q", [0]), array("q")
    for rows in folds.values():
        members.extend(rows)
        starts.append(len(members))
        shown.append(max(rows, key=lambda number: known[number][1]))
    return Folded(members, starts, shown)


def fold_many(numbers: array[int], likeness: Likeness) -> Folded:
    """These rows folded, by what is known of all; ``numbers`` are in the list's order."""
    import numpy as np

    rows = np.frombuffer(numbers, f"{'u' if numbers.typecode == 'I' else 'i'}{numbers.itemsize}")
    rows = rows[rows < len(likeness.words)]
    words, places = likeness.words[rows], np.arange(len(rows), dtype=np.uint32)
    first = np.zeros(int(words.max(initial=0)) + 1, np.uint32)
    first[words[::-1]] = places[::-1]  # of several, the last to be written stays
    leaders = np.where(words == 0, places, first[words])
    folds = np.cumsum(leaders == places, dtype=np.uint32)[leaders] - 1
    members = rows[np.argsort(folds, kind="stable")]
    ends = np.cumsum(np.bincount(folds))
    starts = np.concatenate((np.zeros(1, np.int64), ends))
    # Where there is nothing, there is nothing to reduce.
    best = np.maximum.reduceat(likeness.rank[members], starts[:-1]) if len(rows) else members
    return Folded(_kept(members), _kept(starts), _kept(likeness.ranked[best]))


def likeness(snapshot: Snapshot) -> Likeness:
    """What is known of every row outside the trash."""
    import numpy as np

    highest = snapshot.number("SELECT COALESCE(max(seq), 0) FROM generations")
    words = _words(snapshot, highest)
    worth = _read(
        snapshot,
        f"SELECT g.seq * {_LEVELS} + {MERIT} AS it FROM generations g"
        " INDEXED BY generations_by_facets WHERE g.deleted_at IS NULL"
        " ORDER BY g.created_at, g.seq",
    )
    rows, merit = np.divmod(worth, _LEVELS)
    ranked = np.concatenate(([0], rows[np.argsort(merit.astype(np.uint8), kind="stable")]))
    rank = np.zeros(highest + 1, np.uint32)
    rank[ranked] = np.arange(len(ranked), dtype=np.uint32)
    small = highest <= np.iinfo(np.uint32).max
    return Likeness(words, rank, ranked.astype(np.uint32) if small else ranked)


def _words(snapshot: Snapshot, highest: int) -> NDArray[np.uint32]:
    import numpy as np

    profile = np.zeros(highest + 1, np.uint32)
    rows, number = _grouped(
        snapshot,
        "SELECT group_concat(g.seq) AS rows FROM generations g"
        " INDEXED BY generations_by_profile WHERE g.deleted_at IS NULL GROUP BY g.profile_id",
    )
    profile[rows] = number
    # Only beginnings that several rows have; each begins with the newest, as the index has them.
    rows, number = _grouped(
        snapshot,
        "SELECT group_concat(g.seq) AS rows FROM generations g"
        " INDEXED BY generations_by_text WHERE g.deleted_at IS NULL GROUP BY g.text_start"
        " HAVING count(*) > 1",
    )
    keys = number * (int(profile.max(initial=0)) + 1) + profile[rows]
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    begins = np.diff(keys, prepend=-1) != 0
    alone = begins & np.append(begins[1:], np.ones(min(1, len(begins)), np.bool_))
    words = np.zeros(highest + 1, np.uint32)
    words[rows] = np.where(alone, 0, np.cumsum(begins))
    words[_wordless(snapshot)] = 0
    _tell_apart(snapshot, words)
    return words


def _wordless(snapshot: Snapshot) -> NDArray[np.int64]:
    """Rows without words, looked for where texts begin with a blank."""
    live = (
        "SELECT g.seq AS it FROM generations g INDEXED BY generations_by_text"
        " WHERE g.deleted_at IS NULL AND"
    )
    within = f"{live} g.text_start >= ? AND g.text_start < ? AND trim(g.text_start, ?) = ''"
    blanks = "".join(chr(code) for first, last in _BLANKS for code in range(first, last + 1))
    return _read(
        snapshot,
        " UNION ALL ".join([f"{live} g.text_start = ''", *(within for _ in _BLANKS)]),
        [word for first, last in _BLANKS for word in (chr(first), chr(last + 1), blanks)],
    )


def _tell_apart(snapshot: Snapshot, words: NDArray[np.uint32]) -> None:
    """Give texts that are alike only as far as their beginnings go numbers of their own."""
    import numpy as np

    longer = _read(
        snapshot,
        "SELECT seq AS it FROM generations INDEXED BY generations_with_long_text"
        " WHERE length(text_fold) > 200 UNION SELECT seq FROM generations"
        " INDEXED BY generations_with_nul WHERE instr(text_fold, char(0)) > 0",
    )
    longer = longer[words[longer] > 0]
    longer = longer[np.argsort(words[longer], kind="stable")]
    after, before, own = int(words.max(initial=0)) + 1, 0, dict[str, int]()
    for start in range(0, len(longer), _CHUNK):
        chunk = longer[start : start + _CHUNK]
        select = numbered(chunk.tolist())
        read = snapshot.all(
            f"SELECT seq, text_fold FROM generations WHERE seq IN ({select.sql})",
            select.parameters,
        )
        texts = dict(cast("list[tuple[int, str]]", read))
        apart: list[int] = []
        for number, alike in zip(chunk.tolist(), words[chunk].tolist(), strict=True):
            if alike != before:
                before, own = alike, {}
            apart.append(own.setdefault(texts[number], after))
            after += apart[-1] == after
        words[chunk] = apart


def _grouped(
    snapshot: Snapshot, sql: str, parameters: Sequence[str] = ()
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row numbers of one group after another, and the group of each, counted from 1."""
    import numpy as np

    # No row has the number 0: it stands between two groups.
    read = _read(snapshot, f"SELECT rows || ',0' AS it FROM ({sql})", parameters)
    group = np.cumsum(read == 0) + 1
    return read[read > 0], group[read > 0]


def _read(snapshot: Snapshot, sql: str, parameters: Sequence[str] = ()) -> NDArray[np.int64]:
    """What a SELECT of ``it`` gives; one long text is ten times as quick as rows.

    It is read in parts: numpy lets no other thread in meanwhile.
    """
    import numpy as np

    give_back()
    row: Any = snapshot.one(f"SELECT group_concat(it) FROM ({sql})", parameters)
    text, parts, start = row[0] or "", [], 0
    while start < len(text):
        end = text.find(",", start + _PART)
        end = len(text) if end < 0 else end
        parts.append(np.fromstring(text[start:end], np.int64, sep=","))
        start = end + 1
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _kept(numbers: NDArray[Any]) -> array[int]:
    """The numbers in as little room as holds them."""
    import numpy as np

    small = int(numbers.max(initial=0)) <= np.iinfo(np.uint32).max and array("I").itemsize == 4
    kept = array("I" if small else "q")
    kept.frombytes(numbers.astype(np.uint32 if small else np.int64).tobytes())
    return kept
