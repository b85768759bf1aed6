"""Whatever is done to a library, in whatever order, it agrees with a plain model of itself."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from rushes.domain.filter_language import parse
from rushes.domain.query import HistoryQuery, Sort
from rushes.domain.story import Presence, frames_to_ms
from rushes.domain.text import fold
from rushes.errors import Conflict, NotFound
from tests.library.rules_of_a_library import LibraryRules, Modelled
from tests.library.takes import RATE

NEEDLES = st.sampled_from(
    [*"aeßÉé児_%[\"'", "e\u0301", "ss", "lo", "HELL", "été", "trass", "玉さ", "0 % [", '_"a', "x]"]
)


class LibraryModel(LibraryRules):
    """What must hold after every step, and what is asked now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, tuple[str, int]] = {}  # items of the story: which take, and when
        self.lasted: dict[str, int] = {}  # how long those were that are gone

    def _expected(self, *, trashed: bool) -> list[str]:
        held = [(take.order, one) for one, take in self.takes.items() if take.trashed is trashed]
        return [one for _, one in sorted(held, reverse=True)]

    @rule(needle=NEEDLES, trashed=st.booleans())
    def search(self, needle: str, trashed: bool) -> None:
        query = HistoryQuery(search=needle, trashed=trashed, limit=1000)
        found = self.library.generations.list(query)
        expected = [
            one
            for one in self._expected(trashed=trashed)
            if fold(needle) in fold(self.takes[one].text)
        ]
        assert [take.id for take in found.items] == expected
        assert found.total == self.library.generations.count(query) == len(expected)
        assert self.library.generations.ids(query) == tuple(expected)

    @rule(tag=st.sampled_from(["keep", "best", "児"]))
    def search_for_a_tag(self, tag: str) -> None:
        found = self.library.generations.ids(HistoryQuery(filter=parse(f"tag:{tag}")))
        live = self._expected(trashed=False)
        assert found == tuple(one for one in live if tag in self.takes[one].tags)

    @precondition(lambda self: hasattr(self, "library"))
    @rule()
    def verify(self) -> None:
        report = self.library.health.check(deep=True)
        assert report.is_sound, report.findings
        assert report.checked.generations == len(self.takes)
        assert self.library.health.repair().mended == 0

    @invariant()
    def lists_agree(self) -> None:
        if not hasattr(self, "library"):
            return
        here = self.library.generations.list(HistoryQuery(limit=1000))
        assert [take.id for take in here.items] == self._expected(trashed=False)
        assert here.total == len(here.items)
        for take in here.items:
            held = self.takes[take.id]
            assert (take.profile_id, take.text, take.status) == (
                held.profile,
                held.text,
                held.status,
            )
            assert (take.is_favorited, take.rating) == (held.favorite, held.rating)
            assert (sorted(take.tags), take.note) == (sorted(held.tags.values()), held.note)
            assert take.profile_name == self.names[held.profile]
            assert take.duration == (held.frames / RATE if held.frames else None)
            versions = self.library.versions.list(take.id)
            assert sorted(one.facts.frames for one in versions if one.facts) == sorted(held.files)
            defaults = [one for one in versions if one.is_default]
            assert [one.audio_path for one in defaults] == [take.audio_path] * bool(held.frames)
        trash = self.library.trash.list(HistoryQuery(sort=Sort.NEWEST, limit=1000))
        assert [take.id for take in trash.items] == self._expected(trashed=True)
        assert trash.total == self.library.trash.count()

    @rule(identity=LibraryRules.generations, at=st.integers(0, 2_000))
    def tell(self, identity: str, at: int) -> None:
        held = self.takes.get(identity)
        stories = self.library.stories
        story = stories.list()[0] if stories.list() else stories.create("All").story
        if held is None or held.trashed or not held.frames:
            with pytest.raises((Conflict, NotFound)):
                stories.add(story, identity, at_ms=at)
            return
        (item,) = stories.add(story, identity, at_ms=at).items
        self.told[item.id] = (identity, at)

    def _forget(self, ids: set[str]) -> None:
        for one in ids & self.takes.keys():
            self.lasted[one] = frames_to_ms(self.takes[one].frames, RATE)
        super()._forget(ids)

    @invariant()
    def stories_agree(self) -> None:
        if not hasattr(self, "library"):
            return
        scenes = [self.library.stories.scene(story) for story in self.library.stories.list()]
        items = [shown for scene in scenes for shown in scene.items]
        assert {one.id: one.start_ms for one in items} == {
            one: at for one, (_, at) in self.told.items()
        }
        for shown in items:
            identity, _ = self.told[shown.id]
            held = self.takes.get(identity)
            if held is None:
                expected = (Presence.GONE, self.lasted[identity])
            else:
                there = Presence.TRASHED if held.trashed else Presence.THERE
                expected = (there, frames_to_ms(held.frames, RATE))
            assert (shown.presence, shown.length_ms) == expected

    @invariant()
    def profiles_and_statistics_agree(self) -> None:
        if not hasattr(self, "library"):
            return
        live = [take for take in self.takes.values() if not take.trashed]
        held = {each.profile.id: each for each in self.library.profiles.list()}
        assert {one: each.profile.name for one, each in held.items()} == self.names
        for one, each in held.items():
            own = [take for take in live if take.profile == one]
            assert each.generations == len(own)
            assert each.duration == pytest.approx(sum(take.frames for take in own) / RATE)
        read, totals = self.library.statistics.read(), self.library.statistics.totals()
        assert read.generations == totals.generations == len(live)
        assert read.in_trash == len(self.takes) - len(live)
        assert self._statuses(live) == {
            share.key: share.generations for share in read.statuses if share.generations
        }
        assert read.favorites == sum(take.favorite for take in live)
        assert read.rated == sum(take.rating is not None for take in live)
        assert (
            read.bytes
            == totals.bytes
            == sum(44 + 2 * frames for take in live for frames in take.files)
        )

    @invariant()
    def files_agree(self) -> None:
        if not hasattr(self, "library"):
            return
        files = [path for path in (self.library.path / "audio").rglob("*") if path.is_file()]
        assert len(files) == sum(len(take.files) for take in self.takes.values())
        assert not list((self.library.path / "incoming").glob("*"))

    @staticmethod
    def _statuses(live: list[Modelled]) -> dict[str, int]:
        return dict(Counter(take.status.value for take in live))


LibraryModel.TestCase.settings = settings(max_examples=20, stateful_step_count=25)
TestLibraryAgainstAModel = LibraryModel.TestCase
