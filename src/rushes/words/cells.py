"""Text measured in terminal cells: cut and padded so that columns stay straight."""

from __future__ import annotations

from pathlib import Path

from rich.cells import cell_len, set_cell_size

from rushes.domain.text import steady


def fit(text: str, width: int) -> str:
    """Give the text as one line of exactly ``width`` cells, cut with … where it is longer."""
    line = steady(text)
    length = cell_len(line)
    if length <= width:
        return line + " " * (width - length)
    return set_cell_size(line, width - 1) + "…" if width > 0 else ""


def shorten(text: str, width: int) -> str:
    """Give the text as one line of ``width`` cells at most, cut with … where it is longer."""
    line = steady(text)
    if cell_len(line) <= width:
        return line
    return set_cell_size(line, width - 1).rstrip() + "…" if width > 0 else ""


def right(text: str, width: int) -> str:
    """Give the text right-aligned in exactly ``width`` cells."""
    line = shorten(text, width)
    return " " * (width - cell_len(line)) + line


def short_path(path: Path) -> str:
    """Give the path with ``~`` for the person's home."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
