"""In what generations differ."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.difference import ABSENT, Way, compared, differing, same
from rushes.domain.generation import Generation, GenerationVersion, Status
from rushes.domain.version_tree import as_tree

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=2), below),
    max_leaves=20,
)


def told(one: object, other: object) -> list[tuple[str, Way]]:
    return [(each.path, each.way) for each in differing([one, other])]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"t": 0.7, "k": 1}, {"t": 0.7, "k": 2}, [("k", Way.CHANGED)]),
        ({"a": 1}, {"b": 1}, [("a", Way.REMOVED), ("b", Way.ADDED)]),
        ({"a": None}, {"a": 0}, [("a", Way.CHANGED)]),
        ({"a": None}, {}, [("a", Way.REMOVED)]),
        ({"a": False}, {"a": 0}, [("a", Way.CHANGED)]),
        ({"a": 1}, {"a": 1.0}, []),
        ({"q": {"snr": "Infinity"}}, {"q": {"snr": 22.3}}, [("q.snr", Way.CHANGED)]),
        ({"q": {"snr": 1}}, {}, [("q.snr", Way.REMOVED)]),
        ({"s": [0, 1, None]}, {"s": [0, 1, 0]}, [("s", Way.CHANGED)]),
        (
            {"e": [{"type": "a"}, {"type": "b"}]},
            {"e": [{"type": "a"}, {"type": "c"}, {"type": "d"}]},
            [("e[1].type", Way.CHANGED), ("e[2].type", Way.ADDED)],
        ),
        ({"a": {}}, {}, [("a", Way.REMOVED)]),
        ({"a": {"b": 1}}, {"a": 1}, [("a", Way.CHANGED)]),
    ],
)
def test_what_differs_is_told_by_its_path(
    one: object, other: object, found: list[tuple[str, Way]]
) -> None:
    assert told(one, other) == found


@given(JSON)
def test_nothing_differs_from_itself(value: object) -> None:
    assert told(value, json.loads(json.dumps(value))) == []


@given(JSON, JSON)
def test_something_is_told_exactly_where_two_differ(one: object, other: object) -> None:
    found = list(differing([one, other]))
    assert bool(found) != same(one, other)
    assert not any(same(*each.values) for each in found)
    turned = {(each.path, str(each.values[::-1])) for each in differing([other, one])}
    assert turned == {(each.path, str(each.values)) for each in found}


def test_several_are_compared_at_once() -> None:
    (only,) = differing([{"a": 1, "b": 2}, {"a": 1}, {"a": 1, "b": 2}])
    assert (only.path, only.values) == ("b", (2, ABSENT, 2))


def generation(**said: Any) -> Generation:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    values: dict[str, Any] = dict.fromkeys(Generation.__dataclass_fields__)
    values |= {"profile_name": "Anna", "text": "Hello", "language": "en", "engine": "qwen"}
    values |= {"status": Status.COMPLETED, "tags": (), "created_at": moment}
    return Generation(**{**values, **said})


def test_settings_snapshots_and_measures_are_compared_apart() -> None:
    one = generation(seed=None, duration=2.0, params_json='{"seed": 1, "t": 0.7}')
    other = generation(seed=0, duration=2.5, params_json='{"seed": 2, "t": 0.7}')
    found = compared([one, other])
    assert [(each.path, each.values) for each in found.settings] == [("seed", (None, 0))]
    assert [(each.path, each.values) for each in found.params] == [("seed", (1, 2))]
    assert [each.name for each in found.measures if each.differs] == ["duration"]
    assert compared([one, generation(params_json="{broken")]).params


def version(name: str, parent: str | None) -> GenerationVersion:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return GenerationVersion(name, "g", name, f"{name}.wav", None, parent, False, moment, None)


def test_versions_stand_beneath_what_they_were_made_from() -> None:
    made = [("a", None), ("b", "a"), ("c", "gone"), ("d", "b"), ("e", "a")]
    tree = as_tree([version(*each) for each in made])
    assert [(branch.version.id, branch.depth) for branch in tree] == [
        ("a", 0),
        ("b", 1),
        ("d", 2),
        ("e", 1),
        ("c", 0),
    ]


NAMES = [*"abcdef"]


@given(st.lists(st.none() | st.sampled_from([*NAMES, "gone"]), min_size=6, max_size=6))
def test_every_version_is_in_the_tree_once_whatever_its_parents(parents: list[str | None]) -> None:
    tree = as_tree([version(*each) for each in zip(NAMES, parents, strict=True)])
    assert sorted(branch.version.id for branch in tree) == NAMES
    for branch in tree:
        if branch.depth:
            above = [one for one in tree if one.version.id == branch.version.source_version_id]
            assert [one.depth for one in above] == [branch.depth - 1]
