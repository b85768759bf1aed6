"""The command ``rushes``, and ``python -m rushes``."""

from __future__ import annotations

import sys
from importlib import import_module


def main() -> int:
    """Runs the command line of this process; gives the exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from rushes.version import __version__

        sys.stdout.write(f"rushes {__version__}\n")
        return 0
    code: int = import_module("rushes.cli.main").run(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
