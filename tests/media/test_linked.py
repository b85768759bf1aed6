"""Paths that other programs wrote: found where they were meant, never out of their folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.media.linked import base_name, find_linked


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "generations").mkdir(parents=True)
    (folder / "generations" / "a.wav").touch()
    (tmp_path / "secret.wav").touch()
    return folder


@pytest.mark.parametrize(
    "stored",
    [
        "generations/a.wav",
        "data/generations/a.wav",
        "./generations/a.wav",
        "generations\\a.wav",
        "data\\generations\\a.wav",
        "C:\\Users\\me\\data\\generations\\a.wav",
        "C:/Users/me/data/generations/a.wav",
        "\\\\server\\share\\a.wav",
        "/gone/data/generations/a.wav",
        "../elsewhere/a.wav",
        "a.wav",
    ],
)
def test_a_file_is_found_however_its_path_was_written(root: Path, stored: str) -> None:
    found = find_linked(root, stored, "generations")
    assert found is not None
    assert found.resolve() == (root / "generations" / "a.wav").resolve()


def test_an_absolute_path_that_is_there_is_followed_wherever_it_leads(root: Path) -> None:
    there = root.parent / "secret.wav"
    assert find_linked(root, str(there), "generations") == there


def test_a_folder_of_audio_of_its_own_may_hold_the_files_themselves(root: Path) -> None:
    shelf = root / "generations"
    assert find_linked(shelf, "generations/a.wav", "generations") == shelf / "a.wav"


@pytest.mark.parametrize(
    "stored",
    [
        "../secret.wav",
        "generations/../../secret.wav",
        "..\\secret.wav",
        "data/../../secret.wav",
        "secret.wav",
        "C:\\secret.wav",
        "",
        "/",
        "..",
        "generations",
        "a\0b",
        "x" * 5000,
        "/gone/secret.wav",
    ],
)
def test_nothing_leads_out_of_the_folder(root: Path, stored: str) -> None:
    assert find_linked(root, stored, "generations") is None


def test_no_link_leads_out_of_the_folder(root: Path) -> None:
    (root / "generations" / "b.wav").symlink_to(root.parent / "secret.wav")
    (root / "outside").symlink_to(root.parent)
    (root / "circle").symlink_to(root / "circle")
    (root / "inside.wav").symlink_to(root / "generations" / "a.wav")
    for stored in ("generations/b.wav", "b.wav", "outside/secret.wav", "circle", "circle/x"):
        assert find_linked(root, stored, "generations") is None
    assert find_linked(root, "inside.wav") == root / "inside.wav"


def test_without_a_shelf_only_the_path_itself_counts(root: Path) -> None:
    assert find_linked(root, "b/a.wav") is None
    assert find_linked(root, "a.wav") is None
    assert find_linked(root, "generations/a.wav") is not None


@given(st.text())
def test_whatever_is_written_is_found_inside_or_not_at_all(stored: str) -> None:
    root = Path(__file__).parent
    found = find_linked(root, stored, "generations")
    assert found is None or found.resolve().is_relative_to(root.resolve()) or stored[0] == "/"
    assert "/" not in base_name(stored)
