"""Opening a comparison: of what a screen means by the key, seen or blind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rushes.tui import comparing
from rushes.tui.candidates import MOST
from rushes.tui.host import host_of

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from rushes.tui.comparing import Gather
    from rushes.tui.gathered import Gathered
    from rushes.tui.host import Host


async def open_comparison(app: App[Any], gather: Gather, *, blind: bool) -> None:
    """Open what is gathered, where it is two or more.

    A blind ranking of the same that isn't at its end goes on, whichever way it is opened.
    """
    host = host_of(app)
    gathered = await host.desk.ask(lambda library: comparing.known(library, gather(library)))
    count = len(gathered.candidates)
    if count < 2:
        host.say(_too_few(gathered, host))
        return
    if count > MOST:
        host.say(f"At most {MOST} can be compared at once: mark those with {host.key('mark')}.")
        return
    if blind and not gathered.pair:
        gathered = await host.desk.ask(lambda library: comparing.begin(library, gathered))
    app.push_screen(_screen_of(gathered))


def open_stored(app: App[Any], gathered: Gathered) -> None:
    """Open a comparison that was begun before: it goes on, or shows what came of it."""
    if gathered.candidates:
        app.push_screen(_screen_of(gathered))
    else:
        host_of(app).say("Nothing of this comparison can be heard any more.")


def _screen_of(gathered: Gathered) -> Screen[None]:
    """Give the screen that shows them; blind where something is left to ask."""
    if gathered.pair:
        from rushes.tui.screens.blind import BlindScreen

        return BlindScreen(gathered, _screen_of)
    from rushes.tui.screens.comparison import ComparisonScreen

    return ComparisonScreen(gathered, _screen_of)


def _too_few(gathered: Gathered, host: Host) -> str:
    if gathered.are_versions:
        return f"There is only one version: {host.key('add_version')} adds another."
    if gathered.left_out:
        there = "None" if not gathered.candidates else "Only one"
        return f"{there} of these has audio; a comparison takes two."
    key = host.key("mark")
    return f"There is nothing to compare it with: mark another take with {key} in the history."
