"""Profiles: listed, found, made, renamed."""

from __future__ import annotations

import pytest

from rushes.domain.query import HistoryQuery
from rushes.errors import Ambiguous, BadInput, Conflict, NotFound
from rushes.library import Library
from tests.library.takes import Take, fill


def test_a_profile_tells_what_it_holds_outside_the_trash(library: Library) -> None:
    ids = fill(
        library,
        [Take(profile="Zoë", duration=0.1) for _ in range(10)]
        + [Take(profile="anna", duration=1.5), Take(profile="anna"), Take(profile="Anna")],
    )
    library.profiles.create("Robot", language="de", description="Beeps")
    library.generations.delete([ids[0]])
    held = [
        (summary.profile.name, summary.generations, summary.duration)
        for summary in library.profiles.list()
    ]
    assert held == [("Anna", 1, 0.0), ("anna", 2, 1.5), ("Robot", 0, 0.0), ("Zoë", 9, 0.9)]


def test_a_profile_is_found_by_name_id_or_beginning(library: Library) -> None:
    anna = library.profiles.create("Anna B", language="de", description="warm")
    assert (anna.language, anna.description, anna.missing) == ("de", "warm", False)
    for name in ("Anna B", "anna b", " ANNA B ", anna.id, anna.id[:6]):
        assert library.profiles.get(name) == anna
    for name in ("Anna", "", "b", "zzzz", "\0"):
        with pytest.raises(NotFound):
            library.profiles.get(name)


def test_a_name_in_two_cases_must_be_given_exactly(library: Library) -> None:
    lower, upper = library.profiles.create("anna"), library.profiles.create("ANNA")
    assert library.profiles.get("anna") == lower
    assert library.profiles.get("ANNA") == upper
    with pytest.raises(Ambiguous):
        library.profiles.get("Anna")


def test_a_taken_name_is_refused(library: Library) -> None:
    anna, robot = library.profiles.create("Anna"), library.profiles.create("Robot")
    with pytest.raises(Conflict, match="Anna"):
        library.profiles.create("Anna")
    with pytest.raises(Conflict, match="Anna"):
        library.profiles.rename(robot.id, "Anna")
    assert library.profiles.rename(anna.id, "Anna").name == "Anna"
    for wrong in ("", "  ", "x" * 201, "\ud800"):
        with pytest.raises(BadInput):
            library.profiles.create(wrong)
        with pytest.raises(BadInput):
            library.profiles.rename(anna.id, wrong)


def test_a_new_name_is_found_at_once(library: Library) -> None:
    (identity,) = fill(library, [Take(profile="Anna", text="x")])
    renamed = library.profiles.rename("Anna", "Béa")
    assert renamed.updated_at > renamed.created_at
    assert library.generations.get(identity).profile_name == "Béa"
    from rushes.domain.filter_language import parse

    assert library.generations.count(HistoryQuery(filter=parse("BÉA"))) == 1
    assert library.generations.count(HistoryQuery(filter=parse("profile:anna"))) == 0


def test_who_is_not_there_cannot_be_renamed_or_deleted(library: Library) -> None:
    with pytest.raises(NotFound):
        library.profiles.rename("nobody", "Anna")
    with pytest.raises(NotFound):
        library.profiles.delete("nobody")


def test_a_profile_called_by_anothers_id_is_not_taken_for_it(library: Library) -> None:
    anna = library.profiles.create("Anna")
    namesake = library.profiles.create(anna.id)
    assert library.profiles.get(anna.id) == anna
    assert library.profiles.rename(anna.id, "Anna 2").id == anna.id
    assert library.profiles.delete(namesake).profile == namesake
    assert library.profiles.delete(anna).profile == anna


def test_a_deleted_profile_itself_never_stands_for_one_that_is_called_by_its_id(
    library: Library,
) -> None:
    anna = library.profiles.create("Anna")
    library.profiles.delete(anna)
    library.profiles.create(anna.id)
    with pytest.raises(NotFound):
        library.profiles.delete(anna)
    with pytest.raises(NotFound):
        library.profiles.rename(anna, "Anna 2")
    assert len(library.profiles.list()) == 1
