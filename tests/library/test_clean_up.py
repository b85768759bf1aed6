"""Clean-up takes what its plan says, spares what is protected, and can be undone."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Status
from rushes.domain.ids import new_id
from rushes.domain.query import HistoryQuery
from rushes.domain.retention import CleanUpPlan, Policy, Reason
from rushes.domain.storage import Kind
from rushes.domain.times import now, to_stored
from rushes.errors import BadFilter, BadInput, FilesKept, Interrupted
from rushes.library import Library, clean_up
from rushes.store import clean_up as store_clean_up
from rushes.store import write_generations, write_profiles
from rushes.store.new_rows import NewGeneration, NewVersion
from tests.library.takes import RATE, link, tone

LENGTHS = (0.01, 0.02, 0.05)
ROOT = Path("/nowhere")
STATUS = {
    "done": Status.COMPLETED,
    "failed": Status.FAILED,
    "running": Status.PENDING,
    "linked": Status.COMPLETED,
}


@dataclass(frozen=True, slots=True)
class Old:
    """What a test says of a take; ``days`` is its age, ``binned`` the days it lay in the trash."""

    days: float = 0.5
    profile: str = "Anna"
    text: str = "final"
    rating: int | None = None
    favorite: bool = False
    length: float = 0.02
    state: str = "done"
    binned: float | None = None


OLD = st.builds(
    Old,
    st.integers(0, 40).map(lambda days: days + 0.5),
    st.sampled_from(["Anna", "Bob"]),
    st.sampled_from(["draft", "final"]),
    st.sampled_from([None, 1, 2, 3, 4, 5]),
    st.booleans(),
    st.sampled_from(LENGTHS),
    st.sampled_from(["done", "done", "done", "failed", "running", "linked"]),
    st.sampled_from([None, None, None, 5.5, 20.5]),
)


def _policy(**given_: object) -> Policy | None:
    try:
        return Policy(**given_)  # type: ignore[arg-type]  # hypothesis builds what it is told to
    except BadInput:
        return None


def _seldom(strategy: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.none(), strategy)


POLICIES = st.builds(
    _policy,
    older_than_days=_seldom(st.integers(1, 40)),
    rated_below=_seldom(st.integers(2, 5)),
    unrated=st.sampled_from([False, False, False, True]),
    query=st.sampled_from([None, None, None, None, "draft", "-draft", "profile:bob"]),
    keep_per_profile=_seldom(st.integers(1, 4)),
    max_bytes=_seldom(st.integers(0, 6_000)),
    trash_days=_seldom(st.integers(1, 30)),
    spare_favorites=st.booleans(),
    spare_rated=st.none() | st.integers(1, 5),
)


def record(library: Library, old: Old, root: Path) -> str:
    made = now() - timedelta(days=old.days)
    if old.state in ("running", "failed"):
        run = library.generations.begin(profile=old.profile, text=old.text, created_at=made)
        identity = run.id
        library.generations.favorite([identity], old.favorite)
        library.generations.rate([identity], old.rating)
        if old.state == "failed":
            library.generations.fail(identity, "out of memory")
    else:
        identity = library.generations.record(
            profile=old.profile,
            text=old.text,
            audio=tone(old.length),
            sample_rate=RATE,
            created_at=made,
            rating=old.rating,
            is_favorited=old.favorite,
        ).id
    if old.state == "linked":
        link(library, [identity], root)
    if old.binned is not None:
        with library._store.transaction() as session:
            bin_(session, identity, old.binned)
    return identity


def bin_(session: Session, identity: str, days: float) -> None:
    session.connection().exec_driver_sql(
        "UPDATE generations SET deleted_at = ? WHERE id = ?",
        (to_stored(now() - timedelta(days=days)), identity),
    )


def size_of(old: Old) -> int:
    return 0 if old.state in ("running", "failed") else 44 + 2 * round(old.length * RATE)


def spares(policy: Policy, old: Old) -> bool:
    rated = policy.spare_rated is not None and (old.rating or 0) >= policy.spare_rated
    exempt = old.state in ("running", "linked")
    return exempt or rated or (policy.spare_favorites and old.favorite)


def meets(policy: Policy, old: Old) -> bool:
    if policy.older_than_days is not None and old.days <= policy.older_than_days:
        return False
    if policy.rated_below is not None or policy.unrated:
        low = policy.rated_below is not None and 0 < (old.rating or 0) < policy.rated_below
        if not low and not (policy.unrated and old.rating is None):
            return False
    asked = {
        None: True,
        "draft": old.text == "draft",
        "-draft": old.text != "draft",
        "profile:bob": old.profile == "Bob",
    }
    return asked[policy.query]


def modelled(policy: Policy, takes: dict[str, Old]) -> tuple[list[set[str]], set[str]]:
    """What goes to the trash (by count, by size or all), and what is deleted for good."""
    here = {identity: old for identity, old in takes.items() if old.binned is None}
    newest = sorted(here, key=lambda identity: (-here[identity].days, list(takes).index(identity)))[
        ::-1
    ]
    may = [
        identity
        for identity in newest
        if meets(policy, here[identity]) and not spares(policy, here[identity])
    ]
    many: list[str] = []
    if policy.keep_per_profile is not None:
        for profile in ("Anna", "Bob"):
            with_audio = [
                identity
                for identity in newest
                if here[identity].profile == profile and here[identity].state == "done"
            ]
            if len(with_audio) >= policy.keep_per_profile:
                last = newest.index(with_audio[policy.keep_per_profile - 1])
                many += [
                    identity
                    for identity in newest[last + 1 :]
                    if here[identity].profile == profile and identity in may
                ]
    large: list[str] = []
    if policy.max_bytes is not None:
        rest = {i: size_of(old) for i, old in here.items() if old.state != "linked"}
        for identity in many:
            del rest[identity]
        for identity in reversed(may):
            if sum(rest.values()) > policy.max_bytes and rest.get(identity):
                large.append(identity)
                del rest[identity]
    everything = [] if policy.is_limited or not policy.moves else may
    days = policy.trash_days
    purged = {
        identity
        for identity, old in takes.items()
        if days is not None and old.binned and old.binned > days and old.state != "linked"
        if not spares(policy, Old(rating=old.rating, favorite=old.favorite))
    }
    return [set(many), set(large), set(everything)], purged


def walked(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "audio").rglob("*") if path.is_file())


def by_limit(plan: CleanUpPlan) -> list[set[str]]:
    last = {reason: set[str]() for reason in (Reason.COUNT, Reason.SIZE, None)}
    for part in plan.parts:
        ends = part.reasons[-1]
        last[ends if ends in last else None].update(part.ids)
    return list(last.values())


def plant(library: Library, olds: Iterable[Old]) -> dict[str, Old]:
    """Puts rows as ``record`` leaves them into an emptied library, without files: far quicker."""
    planted = {}
    with library._store.transaction() as session:
        for table in ("generations", "profiles", "source_tombstones", "sources"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
        profiles = {
            name: write_profiles.add_profile(session, name, "en", None, now())
            for name in ("Anna", "Bob")
        }
        for old in olds:
            new = NewGeneration(
                id=new_id(),
                text=old.text,
                language="en",
                seed=None,
                instruct=None,
                engine="qwen",
                model_size=None,
                params_json=None,
                created_at=now() - timedelta(days=old.days),
                rating=old.rating,
                is_favorited=old.favorite,
            )
            write_generations.add_generation(
                session, new, STATUS[old.state], profiles[old.profile], version_of(new.id, old)
            )
            planted[new.id] = old
    link(library, [identity for identity, old in planted.items() if old.state == "linked"], ROOT)
    with library._store.transaction() as session:
        for identity, old in planted.items():
            if old.binned is not None:
                bin_(session, identity, old.binned)
    return planted


def version_of(identity: str, old: Old) -> NewVersion | None:
    if not size_of(old):
        return None
    facts = AudioFacts(
        sample_rate=RATE,
        channels=1,
        frames=round(old.length * RATE),
        bytes=size_of(old),
        sha256="0" * 64,
        format="WAV",
        subtype="PCM_16",
        peak=0.5,
        waveform=b"",
    )
    path = f"audio/{identity[:2]}/{identity}.wav"
    return NewVersion(new_id(), identity, "original", path, facts, now())


def check_against_the_model(library: Library, takes: dict[str, Old], policy: Policy) -> CleanUpPlan:
    """The plan is what the model says, what goes is what the plan says, and nothing else does."""
    trash = set(library.generations.ids(HistoryQuery(trashed=True)))
    plan = library.storage.plan(policy)
    by_model, purged = modelled(policy, takes)
    assert by_limit(plan) == by_model
    assert set(plan.purged.ids) == purged
    assert plan.bytes == sum(size_of(takes[identity]) for identity in plan.ids)
    assert sum(portion.bytes for portion in plan.profiles) == plan.bytes
    assert sum(portion.generations for portion in plan.profiles) == plan.count
    assert set(library.generations.ids(HistoryQuery(trashed=True))) == trash

    done = library.storage.clean_up(policy)

    assert (done.ids, done.purged, done.left) == (plan.ids, plan.purged.ids, 0)
    assert (done.bytes, done.freed) == (plan.bytes, plan.purged.bytes)
    now_in_trash = set(library.generations.ids(HistoryQuery(trashed=True)))
    assert now_in_trash == (trash | set(plan.ids)) - set(plan.purged.ids)
    if policy.max_bytes is not None:
        use = library.storage.use()
        rest = use.of(Kind.TAKES) + use.of(Kind.VERSIONS)
        assert plan.still_over == max(0, rest - policy.max_bytes)
    return plan


def test_a_clean_up_does_what_its_plan_says_and_the_plan_what_the_policy_says(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_up, "_AT_ONCE", 2)
    monkeypatch.setattr(store_clean_up, "_PAGE", 3)

    @given(st.lists(OLD, min_size=4, max_size=12), POLICIES.filter(bool))
    def holds(olds: list[Old], policy: Policy) -> None:
        check_against_the_model(library, plant(library, olds), policy)

    holds()


@pytest.mark.parametrize(
    "policy",
    [
        Policy(older_than_days=7, trash_days=7),
        Policy(keep_per_profile=2),
        Policy(max_bytes=2_000, spare_favorites=False),
        Policy(unrated=True, rated_below=4, keep_per_profile=1, max_bytes=500, trash_days=1),
    ],
)
def test_the_bytes_that_come_back_are_those_of_the_disk(
    library: Library, tmp_path: Path, policy: Policy
) -> None:
    chance = random.Random(3)
    olds = [
        Old(
            days=chance.randint(0, 30) + 0.5,
            profile=chance.choice(["Anna", "Bob"]),
            rating=chance.choice([None, None, 2, 5]),
            favorite=chance.random() < 0.2,
            length=chance.choice(LENGTHS),
            state=chance.choice(["done", "done", "done", "failed", "running", "linked"]),
            binned=chance.choice([None, None, None, 5.5, 20.5]),
        )
        for _ in range(25)
    ]
    takes = {record(library, old, tmp_path): old for old in olds}
    before = walked(library.path)
    plan = check_against_the_model(library, takes, policy)
    assert plan.bytes + plan.purged.bytes > 0
    assert walked(library.path) == before - plan.purged.bytes
    assert library.trash.restore(plan.ids) == plan.ids
    library.trash.purge(plan.ids)
    assert walked(library.path) == before - plan.purged.bytes - plan.bytes


def fill(library: Library, root: Path, olds: Iterable[Old]) -> list[str]:
    return [record(library, old, root) for old in olds]


def test_what_became_a_favourite_since_the_plan_was_made_stays(
    library: Library, tmp_path: Path
) -> None:
    one, two, three = fill(library, tmp_path, [Old(days=9), Old(days=8), Old(days=7)])
    plan = library.storage.plan(Policy(older_than_days=3))
    library.generations.favorite([two])
    library.trash.purge([three])
    library.generations.record(profile="Anna", text="new", audio=tone(), sample_rate=RATE)
    done = library.storage.clean_up(plan)
    assert plan.ids == (one, two, three)
    assert (done.ids, done.left) == ((one,), 2)


def test_a_clean_up_that_is_called_off_says_what_it_did(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_up, "_AT_ONCE", 2)
    ids = fill(library, tmp_path, [Old(days=20 - number) for number in range(5)])

    def until_four(done: int, total: int, doing: str = "") -> None:
        assert doing
        if (done, total) == (4, 5):
            raise Interrupted("enough")

    plan = library.storage.plan(Policy(older_than_days=3))
    done = library.storage.clean_up(plan, until_four)
    assert (done.ids, done.left) == (tuple(ids[:4]), 1)
    assert library.trash.restore(done.ids) == done.ids


def test_files_of_linked_generations_are_never_touched(library: Library, tmp_path: Path) -> None:
    linked = record(library, Old(days=30, state="linked"), tmp_path)
    binned = record(library, Old(days=30, state="linked", binned=20), tmp_path)
    done = library.storage.clean_up(Policy(older_than_days=1, trash_days=1, spare_favorites=False))
    assert (done.ids, done.purged) == ((), ())
    assert library.generations.get(linked).deleted_at is None
    assert library.trash.list().items[0].id == binned


def test_protections_that_keep_a_size_from_being_met_are_told(
    library: Library, tmp_path: Path
) -> None:
    fill(library, tmp_path, [Old(days=9, favorite=True), Old(days=8), Old(rating=5)])
    size = size_of(Old())
    plan = library.storage.plan(Policy(max_bytes=size, spare_rated=4))
    assert (plan.count, plan.still_over) == (1, size)
    assert library.storage.plan(Policy(max_bytes=2 * size, spare_rated=4)).still_over == 0


def test_a_query_may_name_a_saved_filter(library: Library, tmp_path: Path) -> None:
    draft, _ = fill(library, tmp_path, [Old(text="draft"), Old()])
    library.filters.save("drafts", "draft")
    assert library.storage.plan(Policy(query="@drafts")).ids == (draft,)
    with pytest.raises(BadFilter):
        library.storage.plan(Policy(query="rating:>many"))


def test_looking_for_what_may_go_can_be_called_off(library: Library, tmp_path: Path) -> None:
    ids = fill(library, tmp_path, [Old(days=9), Old(days=8)])

    def never(done: int, total: int, doing: str = "") -> None:
        raise Interrupted(f"{doing} {done} {total}")

    with pytest.raises(Interrupted):
        library.storage.plan(Policy(older_than_days=3), never)
    library.generations.rate(ids, 3)
    assert library.storage.plan(Policy(rated_below=4)).count == 2


def test_a_file_that_cannot_be_removed_keeps_nothing_else_from_going(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_up, "_AT_ONCE", 1)
    ids = fill(library, tmp_path, [Old(binned=9), Old(binned=8), Old(binned=7), Old(days=9)])
    stuck = library.audio.path(library.generations.get(ids[0]))
    stuck.unlink()
    (stuck / "in the way").mkdir(parents=True)
    with pytest.raises(FilesKept) as told:
        library.storage.clean_up(Policy(older_than_days=3, trash_days=1))
    assert told.value.ids == (ids[0],)
    assert library.generations.ids(HistoryQuery(trashed=True)) == (ids[3],)
    assert walked(library.path) == size_of(Old())


def test_nobody_who_writes_waits_for_a_plan(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_up, "_AT_ONCE", 1)
    monkeypatch.setattr(store_clean_up, "_PAGE", 2)
    ids = fill(library, tmp_path, [Old(days=20 - number) for number in range(5)])
    seen: list[int] = []

    def writes(done: int, total: int, doing: str = "") -> None:
        assert (total, doing) == (5, "looking for what may go")
        seen.append(done)
        if done == 1:
            library.generations.favorite([ids[4]])

    plan = library.storage.plan(Policy(older_than_days=3), writes)
    assert (plan.ids, seen) == (tuple(ids[:4]), [0, 1, 2, 3])
    for policy in (Policy(keep_per_profile=1), Policy(keep_per_profile=2, max_bytes=0)):
        assert library.storage.plan(policy).ids == tuple(ids[:4])
