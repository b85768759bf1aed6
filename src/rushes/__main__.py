"""The command ``rushes``, and ``python -m rushes``.

Nothing here may cost time: the screens open without the command line's toolkit.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main() -> int:
    """Runs the command line of this process; gives the exit code."""
    try:
        return run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that nobody else could catch it
        return 130


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments ask: the screens, where a terminal has nothing else to do."""
    if list(arguments) == ["--version"] and sys.stdout is not None:
        from rushes.cli.faults import guarded
        from rushes.cli.output import result
        from rushes.version import __version__

        return guarded(lambda: result(f"rushes {__version__}"))
    options = screen_options(arguments)
    if options is not None and _at_a_terminal():
        from rushes.cli.screens import open_from_options

        return open_from_options(options)
    from rushes.cli.main import run as run_command
    from rushes.logs import set_up

    set_up()
    return run_command(arguments)


def screen_options(arguments: Sequence[str]) -> dict[str, str] | None:
    """Give the options that the screens take, by name, or None when a command was asked for."""
    options: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name == "--ascii" and not equals:
            options["ascii"] = "yes"
        elif name in ("--library", "--theme", "--sound") and (equals or rest):
            options[name.removeprefix("--")] = value if equals else rest.pop(0)
        else:
            return None
    return options


def _at_a_terminal() -> bool:
    streams = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams)


if __name__ == "__main__":
    sys.exit(main())
