"""The way through an export or an import: its questions, its work, what it came to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rushes.errors import BadInput, SourceError, TargetError
from rushes.playback.state import LISTENER
from rushes.tui.export_wish import ExportWish
from rushes.tui.host import Host, host_of
from rushes.tui.transfers import Transfers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App

    from rushes.domain.generation import Generation

SOON = 0.3
"""Seconds after which work that isn't done yet is shown."""

_QUESTION = "Import which archive, folder or history?"
_KNOWN = (
    "A ZIP of rushes or Voicebox, a folder of them; a Voicebox or Sonna data directory, a "
    "history.json, a folder of audio. It is copied in."
)


def export_takes(app: App[Any], ids: Sequence[str], example: Generation | None) -> None:
    """Begin an export of these, named as the ``example`` or the first is; or show other work."""
    begin(app, partial(_export, app, ids, example))


def import_takes(app: App[Any]) -> None:
    """Begin an import; where other work is under way, show that."""
    begin(app, partial(_import, app))


async def _export(app: App[Any], ids: Sequence[str], example: Generation | None) -> None:
    from rushes.tui.screens.export import ExportDialog

    host, tasks = host_of(app), _transfers(app)
    wish = host.desk.last_export or ExportWish()
    if example is None:
        found = await host.desk.ask(lambda library: library.generations.of_ids(ids[:1]))
        example = found[0] if found else None
    while True:
        dialog = ExportDialog(len(ids), example, wish, _laptop(host))
        answer = await app.push_screen_wait(dialog)
        if answer is None:
            return
        wish = host.desk.last_export = answer
        try:
            await tasks.told(partial(tasks.send_out, ids, wish))
        except (BadInput, TargetError) as error:
            host.trouble(error)
        else:
            return


def _laptop(host: Host) -> str:
    """The laptop that the sound goes to, as the screen names it; empty where nobody listens."""
    route = host.desk.player.state.route if host.desk.has_player else None
    return route.label if route is not None and route.name == LISTENER else ""


async def _import(app: App[Any]) -> None:
    from rushes.tui.screens.ask_path import AskPath

    host, tasks = host_of(app), _transfers(app)
    path = host.desk.last_import
    while True:
        answer = await app.push_screen_wait(AskPath(_QUESTION, path, words=_KNOWN))
        if answer is None:
            return
        path = host.desk.last_import = answer
        try:
            await tasks.told(partial(tasks.bring_in, path))
        except (BadInput, SourceError) as error:
            host.trouble(error)
        else:
            return


def begin(app: App[Any], work: partial[Any]) -> None:
    """Begin a piece of work that asks first; where other work is under way, show that."""
    host = host_of(app)
    if host.desk.work is not None:
        look_on(app)
        return
    host.start(app, work, group="transfer", exclusive=False)


def _transfers(app: App[Any]) -> Transfers:
    from rushes.tui.screens.confirm import Confirm

    async def ask(title: str, text: str, action: str) -> bool:
        answer = await app.push_screen_wait(Confirm(title, text, action))
        return bool(answer)

    return Transfers(host_of(app), ask, host_of(app).say, partial(look_on_soon, app))


def look_on_soon(app: App[Any]) -> None:
    """Show the work that begins now, unless it is done by then."""
    app.set_timer(SOON, partial(look_on, app))


def look_on(app: App[Any]) -> None:
    """Show the work that is under way, with the key that calls it off."""
    from rushes.tui.screens.under_way import UnderWay

    if host_of(app).desk.work is not None and not isinstance(app.screen, UnderWay):
        app.push_screen(UnderWay())
