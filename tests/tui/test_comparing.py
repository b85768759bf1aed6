"""What screens gather of comparisons, while others change what is compared."""

from __future__ import annotations

from pathlib import Path

from rushes.library import Library
from rushes.tui import comparing
from tests.library.damage import record


def test_a_side_that_comes_back_behind_a_screen_is_asked_once_it_was_gathered(
    tmp_path: Path,
) -> None:
    with Library.open(tmp_path / "takes") as library:
        takes = [record(library).id for _ in range(3)]
        begun = comparing.begin(library, comparing.of_ids(library, takes))
        library.generations.delete(takes[1])
        seen = comparing.again(library, begun)
        library.trash.restore(takes[1])
        for _ in range(2):
            if seen.pair:
                seen = comparing.decide(library, seen, 0)
        assert len(comparing.again(library, begun).by_place) == 3
