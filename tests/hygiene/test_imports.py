"""What starts quickly stays quick: nobody loads what they don't use."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path

import pytest


def loaded_by(*arguments: str) -> set[str]:
    """Runs Python with ``arguments``; gives the top-level names of all that it imported."""
    return {name.partition(".")[0] for name in modules_of(*arguments)}


def modules_of(*arguments: str) -> set[str]:
    """The same with the whole names of the modules."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


SERVERS = {"fastapi", "starlette", "uvicorn", "python_multipart", "h11", "anyio"}
HEAVY = {"textual", "sqlmodel", "sqlalchemy", "numpy", "soundfile", "miniaudio", "typer"} | SERVERS


def test_what_is_loaded_can_be_seen() -> None:
    assert "textual" in loaded_by("-c", "import textual.widget")


def test_asking_for_the_version_loads_nothing_heavy() -> None:
    assert not loaded_by("-m", "rushes", "--version") & HEAVY


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("-c", "import rushes") & HEAVY


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with a take in it, and the one that commands work on."""
    folder = tmp_path / "takes"
    monkeypatch.setenv("RUSHES_LIBRARY", str(folder))
    clip = tmp_path / "clip.wav"
    with wave.open(str(clip), "wb") as file:
        file.setparams((1, 2, 24_000, 0, "NONE", ""))
        file.writeframes(bytes(4_800))
    loaded_by("-m", "rushes", "add", "--profile", "Anna", "--text", "Hello", str(clip))
    return folder


@pytest.mark.parametrize("command", ["list", "list --json", "list hello", "stats", "profiles list"])
def test_commands_load_no_toolkit_for_screens(library: Path, command: str) -> None:
    assert (library / "rushes.db").is_file()
    assert not loaded_by("-m", "rushes", *command.split()) & {"textual", "miniaudio", *SERVERS}


def test_the_screens_wait_for_no_database_toolkit_and_no_samples() -> None:
    assert loaded_by("-c", "import rushes.tui.app") & HEAVY == {"textual"}


def test_the_screens_wait_for_nothing_that_rows_alone_need() -> None:
    later = {"json", "rushes.domain.generation", "rushes.library"}
    assert not modules_of("-c", "import rushes.tui.app") & later


def test_the_command_line_loads_no_server_before_it_serves() -> None:
    assert not loaded_by("-m", "rushes", "serve", "--help") & SERVERS


def test_what_is_served_loads_no_screens() -> None:
    modules = "rushes.api.app, rushes.api.serving, rushes.api.guards"
    loaded = loaded_by("-c", f"import {modules}")
    assert {"fastapi", "uvicorn"} <= loaded
    assert not loaded & {"textual", "typer", "rich", "miniaudio"}


def test_the_whole_domain_loads_nothing_heavy() -> None:
    folder = Path(__file__).parents[2] / "src" / "rushes" / "domain"
    modules = sorted(f"rushes.domain.{file.stem}" for file in folder.glob("[!_]*.py"))
    assert modules
    assert not loaded_by("-c", f"import {', '.join(modules)}") & HEAVY


def test_every_public_name_of_the_package_can_be_imported() -> None:
    names = "import rushes; [getattr(rushes, name) for name in rushes.__all__]; rushes.__dir__()"
    assert "rushes" in loaded_by("-c", names)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    import rushes

    with pytest.raises(AttributeError, match="no_such_name"):
        _ = rushes.no_such_name  # type: ignore[attr-defined]
