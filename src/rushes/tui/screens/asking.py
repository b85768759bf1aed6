"""Asking for a line of text until the library takes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from rushes.errors import AudioMissing, BadAudio, BadInput, Conflict
from rushes.tui.host import host_of

if TYPE_CHECKING:
    from textual.app import App

    from rushes.library import Library
    from rushes.tui.changes import Done


async def asked_until_done(
    app: App[Any], title: str, text: str, make: Callable[[Library, str], Done]
) -> Done | None:
    """Ask, make the change, remember its undoing and say it; None when the person leaves.

    What can't be meant is told, and asked for again as it was typed.
    """
    from rushes.tui.screens.ask_text import AskText

    host = host_of(app)
    while True:
        answer = await app.push_screen_wait(AskText(title, text))
        if answer is None:
            return None
        text = answer
        try:
            done = await host.desk.ask(partial(_made, make, answer))
        except (AudioMissing, BadAudio, BadInput, Conflict) as error:
            host.trouble(error)
            continue
        if done.change is not None:
            host.desk.undo.remember(done.change)
        host.say(f"{done.said}. {host.key('undo')} takes it back.")
        return done


def _made(make: Callable[[Library, str], Done], answer: str, library: Library) -> Done:
    return make(library, answer)
