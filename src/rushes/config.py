"""The configuration file: typed settings, where each came from, and what is wrong with them.

It is a TOML file, and nothing needs it to be there:

    library = "~/takes"     # the library that commands work on, unless told otherwise
    theme = "dark"          # dark, light, terminal (the terminal's own 16 colours)
    sound = "auto"          # auto, listener, simpleaudio, miniaudio, pw-play, paplay, aplay,
                            # silence
    ascii = false           # true for fonts without braille and block characters

    [keys]                  # `rushes config keys` lists the actions
    favorite = "b"
    quit = ["Q", "ctrl+q"]

A setting that can't be used falls back to its default and is told; the others hold. The one
exception is ``library``: nothing is ever recorded into a library that wasn't meant.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from rushes.domain import limits
from rushes.errors import ConfigError
from rushes.paths import config_file, default_library

THEMES = ("dark", "light", "terminal")
ROUTES = (
    "auto",
    "listener",
    "simpleaudio",
    "miniaudio",
    "pw-play",
    "paplay",
    "aplay",
    "silence",
)

_NO_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Config:
    """What a person has set. ``library`` is None where they left it to the default.

    ``sound`` is one of ``ROUTES``, ``theme`` one of ``THEMES``. ``keys`` are Textual's key names
    by the id of the action that they replace the keys of; an empty tuple takes its keys away.
    """

    library: Path | None = None
    theme: str = "dark"
    sound: str = "auto"
    ascii: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_KEYS)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in the file, what it may hold, and what it does, for people."""

    name: str
    takes: str
    help: str
    read: Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Reading:
    """A configuration as it was read: ``given`` are the settings that the file really set.

    ``problems`` tells what in the file couldn't be used, a line each. ``library_fault`` is why
    nobody can know which library the person wants; None when that is clear.
    """

    config: Config
    file: Path
    given: frozenset[str]
    problems: tuple[str, ...]
    library_fault: ConfigError | None


def load(file: Path | None = None) -> tuple[Config, tuple[str, ...]]:
    """Give the configuration, and what in it couldn't be used, a line each; never raises."""
    reading = read(file)
    return reading.config, reading.problems


def read(file: Path | None = None) -> Reading:
    """Read a configuration file, the person's own unless another is given; never raises."""
    path = file or config_file()
    try:
        table = _parsed(path)
    except ConfigError as fault:
        return Reading(Config(), path, frozenset(), (str(fault),), fault)
    values: dict[str, object] = {}
    faults: dict[str, ConfigError] = {}
    for name, value in _without_odd_keys(path, table, faults).items():
        try:
            values[name] = _value(path, name, value)
        except ConfigError as fault:
            faults[name] = fault
    problems = tuple(str(fault) for fault in faults.values())
    return Reading(
        _with(Config(), values), path, frozenset(values), problems, faults.get("library")
    )


def library_path(named: Path | None, reading: Reading) -> tuple[Path, str]:
    """Give the library's folder, and what chose it: an option, the environment, the file, nothing.

    Raises:
        ConfigError: it hangs on the configuration file, which can't be understood.
    """
    if named is not None:
        return named, "--library"
    if os.environ.get("RUSHES_LIBRARY"):
        return default_library(), "RUSHES_LIBRARY"
    if reading.library_fault is not None:
        raise reading.library_fault
    if reading.config.library is not None:
        return reading.config.library, str(reading.file)
    return default_library(), "default"


def checked(name: str, value: object) -> object:
    """Give a value as the setting ``name`` holds it.

    Raises:
        ConfigError: there is no such setting, or it can't hold that.
    """
    setting = next((known for known in SETTINGS if known.name == name), None)
    if setting is None:
        names = ", ".join(known.name for known in SETTINGS)
        raise ConfigError(f"there is no setting “{name}”", "", f"Settings are {names}.")
    try:
        return setting.read(value)
    except ValueError:
        raise ConfigError(
            f"{name} can't be {_quoted(value)}", "", f"It takes {setting.takes}."
        ) from None


def _without_odd_keys(
    path: Path, table: dict[str, object], faults: dict[str, ConfigError]
) -> dict[str, object]:
    """Give the table without entries of [keys] that aren't keys; each is a fault of its own."""
    keys = table.get("keys")
    if not isinstance(keys, dict):
        return table
    usable: dict[str, object] = {}
    for action, value in keys.items():
        try:
            usable[action] = list(_read_key_list(value))
        except ValueError:
            faults[f"keys.{action}"] = ConfigError(
                f"{path}: keys.{action} can't be {_quoted(value)}",
                "",
                "It takes a key or a list of keys.",
            )
    return {**table, "keys": usable}


def _with(config: Config, values: Mapping[str, object]) -> Config:
    # Every value went through the reader of its own setting.
    return replace(config, **values)  # type: ignore[arg-type]  # see above


def _parsed(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            raw = file.read(limits.LARGEST_CONFIG + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path} can't be read", error.strerror or str(error)) from None
    if len(raw) > limits.LARGEST_CONFIG:
        raise ConfigError(f"{path} can't be read", "it is far too long for a configuration file")
    import tomllib

    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"{path} can't be read", "it isn't UTF-8") from None
    except (ValueError, RecursionError) as error:  # numbers beyond Python's reach are the former
        why = str(error) or "it is nested too deeply"
        raise ConfigError(f"{path} can't be read", why, "Mend the file, or take it away.") from None


def _value(path: Path, name: str, value: object) -> object:
    try:
        return checked(name, value)
    except ConfigError as fault:
        raise ConfigError(f"{path}: {fault.what}", fault.why, fault.fix) from None


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"“{value}”" if isinstance(value, str) else str(value)


def _one_of(allowed: tuple[str, ...]) -> Callable[[object], str]:
    def read_word(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError
        return value

    return read_word


def _read_library(value: object) -> Path:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise ValueError from None
    if not path.is_absolute():
        raise ValueError
    return path


def _read_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _read_keys(value: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError
    return MappingProxyType({str(action): _read_key_list(keys) for action, keys in value.items()})


def _read_key_list(value: object) -> tuple[str, ...]:
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise ValueError
    return tuple(keys)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "library",
        "a folder, from / or from ~",
        "The library that commands work on; --library and RUSHES_LIBRARY go before it",
        _read_library,
    ),
    Setting("theme", ", ".join(THEMES), "The screens' colours", _one_of(THEMES)),
    Setting("sound", ", ".join(ROUTES), "The way out for sound", _one_of(ROUTES)),
    Setting("ascii", "true, false", "Do without braille, block and line characters", _read_bool),
    Setting(
        "keys",
        "a table of actions, each with a key or a list of keys",
        "Other keys for actions; `rushes config keys` lists both",
        _read_keys,
    ),
)
"""Every setting there is, in the order in which they are shown."""
