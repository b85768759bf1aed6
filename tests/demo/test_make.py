from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from rushes.demo import make, tale
from rushes.demo.make import make_demo, plan
from rushes.domain.generation import Status
from rushes.domain.query import HistoryQuery
from rushes.library import Library

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_the_plan_is_the_same_each_time_but_for_its_dates() -> None:
    first, later = plan(NOW), plan(NOW + timedelta(days=3))
    assert len(first) >= 140
    for a, b in zip(first, later, strict=True):
        assert b.created_at - a.created_at == timedelta(days=3)
        assert (a.line, a.seed, a.rating, a.is_favorited) == (
            b.line,
            b.seed,
            b.rating,
            b.is_favorited,
        )


def test_the_takes_are_spread_over_thirty_days_that_end_now() -> None:
    moments = [take.created_at for take in plan(NOW)]
    assert moments == sorted(moments)
    assert timedelta(0) < NOW - moments[-1] < timedelta(hours=1)
    assert timedelta(days=28) < NOW - moments[0] < timedelta(days=31)
    assert len({moment.date() for moment in moments}) >= 20
    assert len({take.seed for take in plan(NOW)}) == len(moments)


@pytest.mark.parametrize("with_espeak", [True, False])
def test_the_demo_shows_every_kind_of_take(
    tmp_path: Path, with_espeak: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_espeak:
        monkeypatch.setattr(make, "find_espeak", lambda: None)
    told: list[tuple[int, int]] = []
    with Library.open(tmp_path / "demo") as library:
        made = make_demo(library, now=NOW, progress=lambda done, total: told.append((done, total)))

        page = library.generations.list(HistoryQuery(limit=1000))
        assert page.total == made >= 140
        assert told[-1] == (made, made)
        assert [done for done, _ in told] == sorted({done for done, _ in told})
        by_status = Counter(item.status for item in page.items)
        assert by_status[Status.PENDING] == 2
        assert by_status[Status.FAILED] >= 4
        spoken = [item for item in page.items if item.status is Status.COMPLETED]
        assert {item.language for item in spoken} >= {"en", "ja", "de", "fr", "zh"}
        assert {item.engine for item in spoken} >= {"qwen", "kokoro", "chatterbox", "luxtts"}
        assert any(item.is_favorited for item in spoken)
        (story,) = library.stories.list()
        scene = library.stories.scene(story)
        assert (story.name, len(scene.items), scene.tracks) == (
            tale.NAME,
            len(tale.PARTS),
            (0, 1, 2),
        )
        assert not scene.gaps
        assert {item.rating for item in spoken} == {None, 1, 2, 3, 4, 5}
        assert max(len(item.text) for item in spoken) > 2_500
        assert all(0 < (item.duration or 0) <= 23.1 for item in spoken)
        assert len({library.audio.path(item).read_bytes() for item in spoken}) == len(spoken)
