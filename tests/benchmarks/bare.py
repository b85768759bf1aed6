"""A bare Textual application: the least that start-up can cost.

``--sqlmodel`` imports that first.
"""

import sys

if "--sqlmodel" in sys.argv:
    import sqlmodel  # noqa: F401  # imported for what it costs

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Show that the first frame is there."""
        yield Static("FIRST-FRAME")


Bare().run()
