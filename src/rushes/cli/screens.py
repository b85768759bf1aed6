"""The way from the command line into the terminal UI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rushes.cli.faults import guarded
from rushes.cli.output import is_unicode
from rushes.config import Config, checked, library_path, read
from rushes.errors import BadInput
from rushes.paths import named


def open_from_options(options: Mapping[str, str]) -> int:
    """Open the screens as the options of the root command ask; give the exit code."""

    def work() -> int:
        reading = read()
        library = options.get("library")
        wanted = folder_of(library) if library is not None else None
        folder = library_path(wanted, reading)[0]
        config = with_options(
            reading.config,
            theme=options.get("theme"),
            sound=options.get("sound"),
            ascii="ascii" in options,
        )
        return open_screens(folder, config, reading.problems)

    return guarded(work)


def open_screens(folder: Path, config: Config, problems: tuple[str, ...]) -> int:
    """Open the terminal UI on a library; give the exit code once the person has left."""
    from rushes.logs import set_up

    set_up()
    from rushes.tui.app import run

    return run(folder, config, problems)


def with_options(
    config: Config,
    *,
    theme: str | None,
    sound: str | None,
    ascii: bool,  # noqa: A002  # the option's name
) -> Config:
    """Give the configuration as the options of this run change it, and what the output can carry.

    Raises:
        ConfigError: there is no such theme, or no such way out for sound.
    """
    if theme is not None:
        config = replace(config, theme=str(checked("theme", theme)))
    if sound is not None:
        config = replace(config, sound=str(checked("sound", sound)))
    return replace(config, ascii=True) if ascii or not is_unicode() else config


def folder_of(name: str) -> Path:
    """Give the folder that an option names, absolute, with ``~`` for the person's home.

    Raises:
        BadInput: it names none: an unset variable of a script must not mean the default library.
    """
    if not name:
        raise BadInput("--library names no folder")
    return named(name)
