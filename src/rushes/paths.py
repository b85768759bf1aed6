"""Where rushes finds and keeps things: style sheets, libraries, configuration, log."""

from __future__ import annotations

import os
from pathlib import Path


def styles_dir() -> Path:
    """The folder of the ``.tcss`` files: inside the package of a wheel, else the checkout's."""
    package = Path(__file__).resolve().parent
    packed = package / "styles"
    return packed if packed.is_dir() else package.parents[1] / "styles"


def default_library() -> Path:
    """The library's folder: what ``RUSHES_LIBRARY`` names, else one in the user's data folder."""
    return _named_by("RUSHES_LIBRARY") or _data_folder() / "library"


def demo_library() -> Path:
    """The demo library's folder, in the user's data folder; ``RUSHES_LIBRARY`` doesn't move it."""
    return _data_folder() / "demo"


def config_file() -> Path:
    """The configuration file: what ``RUSHES_CONFIG`` names, else the user's ``config.toml``."""
    named = _named_by("RUSHES_CONFIG")
    if named:
        return named
    from platformdirs import user_config_path

    return user_config_path("rushes", appauthor=False) / "config.toml"


def log_file() -> Path:
    """The log file, in the user's log folder."""
    from platformdirs import user_log_path

    return user_log_path("rushes", appauthor=False) / "rushes.log"


def state_folder() -> Path:
    """The folder of what lasts as long as a sitting, such as the relay's socket."""
    from platformdirs import user_state_path

    return user_state_path("rushes", appauthor=False)


def clip_cache() -> Path:
    """The folder of the clips that a listener keeps, in the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("rushes", appauthor=False) / "clips"


def story_cache() -> Path:
    """The folder of stories that were mixed to be played, in the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("rushes", appauthor=False) / "stories"


def downloads_folder() -> Path:
    """The folder that a browser would save to."""
    from platformdirs import user_downloads_path

    return user_downloads_path()


def named(path: str | Path) -> Path:
    """The absolute path that a person names, with ``~`` for a home; never raises.

    Nobody's home is a name like any other, as in the shell. Where the folder that one stands in
    is gone a relative path stays what it is: it leads nowhere, which whoever opens it tells.
    """
    expanded = Path(os.path.expanduser(path))  # noqa: PTH111  # Path.expanduser raises for nobody's home
    try:
        return expanded.absolute()
    except FileNotFoundError:
        return expanded


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("rushes", appauthor=False)


def _named_by(variable: str) -> Path | None:
    value = os.environ.get(variable)
    if not value:
        return None
    return named(value)
