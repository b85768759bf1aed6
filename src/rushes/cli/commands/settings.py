"""``config path|show|keys``."""

from __future__ import annotations

import typer

from rushes.cli.help import PLAIN, Command
from rushes.cli.options import AsJson, Context
from rushes.cli.output import json_result, message, result
from rushes.cli.session import Session, session_of
from rushes.config import SETTINGS, library_path
from rushes.errors import ConfigError
from rushes.paths import log_file
from rushes.tui.actions import key_name, with_keys
from rushes.words.cells import fit

app = typer.Typer(
    help="The settings, where they lie, and the keys.",
    rich_markup_mode=None,
    context_settings=PLAIN,
)


@app.command("path", cls=Command)
def path(context: Context) -> None:
    """Print where the configuration file lies, or would lie."""
    result(str(session_of(context).reading.file))


@app.command("show", cls=Command)
def show(context: Context, *, as_json: AsJson = False) -> None:
    """Show the settings, where each came from, and what is wrong with the file."""
    session = session_of(context)
    rows = _settings(session)
    problems = [*session.reading.problems, *with_keys(session.reading.config.keys)[1]]
    if as_json:
        settings = {
            name: {"value": value, "from": origin, "takes": takes, "help": about}
            for name, value, origin, takes, about in rows
        }
        document = {
            "file": str(session.reading.file),
            "log": str(log_file()),
            "settings": settings,
            "problems": problems,
        }
        json_result(document)
    else:
        for name, value, origin, takes, about in rows:
            result(f"{name:<8}  {_in_words(value)}  ({origin})")
            result(f"          {about}: {takes}")
        result()
        result(f"file      {session.reading.file}")
        result(f"log       {log_file()}")
        for problem in problems:
            message(problem)
    if problems:
        raise typer.Exit(1)


@app.command("keys", cls=Command)
def keys(context: Context, *, as_json: AsJson = False) -> None:
    """List every action of the screens with its keys, as [keys] in the file can change them."""
    actions, problems = with_keys(session_of(context).reading.config.keys)
    if as_json:
        items = [
            {
                "id": action.id,
                "where": action.scope.value,
                "keys": list(action.keys),
                "label": action.label,
                "help": action.help,
            }
            for action in actions
        ]
        json_result({"items": items, "total": len(items)})
    else:
        scope, widest = None, max(len(action.id) for action in actions)
        for action in actions:
            if action.scope is not scope:
                result(f"\n{action.scope.value}" if scope else action.scope.value)
                scope = action.scope
            pressed = " ".join(key_name(key) for key in action.keys) or "no key"
            result(f"  {fit(pressed, 14)}  {fit(action.id, widest)}  {action.help}")
    for problem in problems:
        message(problem)


def _settings(session: Session) -> list[tuple[str, object, str, str, str]]:
    reading = session.reading
    rows: list[tuple[str, object, str, str, str]] = []
    for setting in SETTINGS:
        value: object = getattr(reading.config, setting.name)
        origin = str(reading.file) if setting.name in reading.given else "default"
        if setting.name == "library":
            value, origin = _library(session)
        if setting.name == "keys":
            value = {action: list(keys) for action, keys in reading.config.keys.items()}
        rows.append((setting.name, value, origin, setting.takes, setting.help))
    return rows


def _library(session: Session) -> tuple[str | None, str]:
    try:
        folder, origin = library_path(session.named, session.reading)
    except ConfigError:
        return None, "nobody knows"
    return str(folder), origin


def _in_words(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "true" if value else "false"
        case dict():
            named = (f"{action}: {' '.join(keys) or 'no key'}" for action, keys in value.items())
            return ", ".join(named) or "as they come"
        case _:
            return str(value)
