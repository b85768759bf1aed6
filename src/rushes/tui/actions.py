"""The one registry of what a person can do: ids, keys, labels, help.

Bindings, footers, the help screen, the palette, the README's table and the configuration's
``[keys]`` all come from here. It imports nothing of Textual, so that ``rushes config keys`` is
quick.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from rushes.tui.action import Action, Scope
from rushes.tui.actions_of_stories import OF_STORIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ACTIONS", "Action", "Scope", "in_scopes", "is_key", "key_name", "with_keys"]


def _side(index: int) -> Action:
    letter = "abcdefgh"[index]
    scope = Scope.SIDES if index < 2 else Scope.COMPARISON
    said = f"Hear {letter.upper()}, at the same place"
    return Action(f"side_{letter}", scope, (letter,), letter.upper(), said, call=f"hear({index})")


ACTIONS: tuple[Action, ...] = (
    Action("cursor_down", Scope.MOVE, ("j", "down"), "down", "Go to the next row"),
    Action("cursor_up", Scope.MOVE, ("k", "up"), "up", "Go to the row before"),
    Action("cursor_top", Scope.MOVE, ("g", "home"), "top", "Go to the first row"),
    Action("cursor_bottom", Scope.MOVE, ("G", "end"), "bottom", "Go to the last row"),
    Action("half_down", Scope.MOVE, ("ctrl+d",), "half down", "Go down half a page"),
    Action("half_up", Scope.MOVE, ("ctrl+u",), "half up", "Go up half a page"),
    Action("page_down", Scope.MOVE, ("pagedown",), "page down", "Go down a page"),
    Action("page_up", Scope.MOVE, ("pageup",), "page up", "Go up a page"),
    Action("play", Scope.DECK, ("space",), "play", "Play or pause; another row cuts over", 1),
    Action("back_1", Scope.DECK, ("left",), "−1 s", "Seek back 1 s", call="nudge(-1)"),
    Action("forward_1", Scope.DECK, ("right",), "+1 s", "Seek forward 1 s", call="nudge(1)"),
    Action("back_5", Scope.DECK, ("H",), "−5 s", "Seek back 5 s", call="nudge(-5)"),
    Action("forward_5", Scope.DECK, ("L",), "+5 s", "Seek forward 5 s", call="nudge(5)"),
    Action("loop", Scope.DECK, ("l",), "loop", "Begin anew at the end, or no longer"),
    Action("louder", Scope.DECK, ("plus", "equals_sign"), "+2 dB", "Louder", call="louder(2)"),
    Action("softer", Scope.DECK, ("minus",), "−2 dB", "Softer", call="louder(-2)"),
    Action(
        "audition", Scope.LISTEN, ("a",), "audition", "Play whatever the cursor comes to rest on"
    ),
    Action(
        "continuous",
        Scope.LISTEN,
        ("N",),
        "continuous",
        "When a row ends play the next, or the next marked one",
    ),
    Action(
        "swap",
        Scope.LISTEN,
        ("x",),
        "swap A/B",
        "Over to it or back, at the same place, equally loud",
    ),
    Action("open", Scope.HISTORY, ("enter",), "open", "Open the generation under the cursor", 7),
    Action("filter", Scope.HISTORY, ("slash",), "filter", "Filter: type words or key:value", 2),
    Action("profiles", Scope.HISTORY, ("p",), "profile", "Choose profiles; rename, delete", 3),
    Action("favorite", Scope.ROW, ("f",), "favourite", "Favourite on or off", 4),
    Action("rate_1", Scope.ROW, ("1",), "★", "Rate 1", call="rate(1)"),
    Action("rate_2", Scope.ROW, ("2",), "★★", "Rate 2", call="rate(2)"),
    Action("rate_3", Scope.ROW, ("3",), "★★★", "Rate 3", call="rate(3)"),
    Action("rate_4", Scope.ROW, ("4",), "★★★★", "Rate 4", call="rate(4)"),
    Action("rate_5", Scope.ROW, ("5",), "★★★★★", "Rate 5", call="rate(5)"),
    Action("rate_0", Scope.ROW, ("0",), "no rating", "Take the rating away", call="rate(0)"),
    Action("delete", Scope.ROW, ("d",), "delete", "Move to the trash (u brings it back)", 6),
    Action("purge", Scope.ROW, ("D",), "for good", "Delete for good, with the audio (asks)"),
    Action("tags", Scope.ROW, ("t",), "tags", "Add tags and remove them"),
    Action("note", Scope.ROW, ("n",), "note", "Write a note, or take it away"),
    Action("copy", Scope.ROW, ("y",), "copy", "Copy the text, the path or the id"),
    Action("export", Scope.ROW, ("e",), "export", "Write ZIPs or audio to a folder (asks)"),
    Action(
        "compare",
        Scope.ROW,
        ("c",),
        "compare",
        "Compare the marked; else all takes of its words",
    ),
    Action("rank", Scope.ROW, ("C",), "rank blind", "The same blind: find the best without names"),
    Action("into_story", Scope.ROW, ("b",), "into a story", "Put into a story, known or new"),
    Action("import", Scope.HISTORY, ("i",), "import", "Copy in an archive or a history (asks)"),
    Action("order", Scope.HISTORY, ("o",), "order", "Choose the order of the list"),
    Action("filters", Scope.HISTORY, ("F",), "saved filters", "Use, save and delete filters"),
    Action(
        "fold", Scope.HISTORY, ("z",), "fold", "Fold takes of the same words; open or close one"
    ),
    Action("fold_all", Scope.HISTORY, ("Z",), "fold all", "Fold the whole list, or unfold it"),
    Action("mark", Scope.HISTORY, ("m",), "mark", "Mark the row, or take its mark away"),
    Action("mark_range", Scope.HISTORY, ("v",), "mark range", "Mark from the last mark to here"),
    Action(
        "mark_all", Scope.HISTORY, ("M",), "mark all", "Mark everything in the filter, or nothing"
    ),
    Action("undo", Scope.APP, ("u",), "undo", "Undo the last change, saying what came back"),
    Action("preview", Scope.HISTORY, ("P",), "preview", "Show or hide the preview pane"),
    Action("statistics", Scope.HISTORY, ("s",), "stats", "Open the statistics", 8),
    Action("stories", Scope.HISTORY, ("S",), "stories", "Open the stories"),
    Action("storage", Scope.HISTORY, ("w",), "storage", "Open storage and health"),
    Action("sources", Scope.HISTORY, ("W",), "sources", "Open the linked sources"),
    Action("comparisons", Scope.HISTORY, ("R",), "rankings", "Open a comparison begun before"),
    Action("trash", Scope.HISTORY, ("T",), "trash", "Open the trash"),
    Action("next_take", Scope.DETAIL, ("j",), "next", "Go to the next generation", 2),
    Action("previous_take", Scope.DETAIL, ("k",), "previous", "Go to the one before", 3),
    Action(
        "next_part", Scope.DETAIL, ("tab",), "next part", "Go to the next part of the screen", 5
    ),
    Action("previous_part", Scope.DETAIL, ("shift+tab",), "part before", "Go to the part before"),
    Action(
        "open_part",
        Scope.DETAIL,
        ("enter",),
        "open",
        "Open what has the focus; a version plays",
        7,
    ),
    Action(
        "make_default",
        Scope.DETAIL,
        ("v",),
        "default",
        "Make it the default: what plays and is exported",
    ),
    Action("rename_version", Scope.DETAIL, ("r",), "rename", "Give the version another label"),
    Action("add_version", Scope.DETAIL, ("A",), "add version", "Add a file as a version"),
    Action("presets", Scope.DETAIL, ("p",), "presets", "Open the presets of the profile"),
    Action("save_preset", Scope.DETAIL, ("P",), "save preset", "Keep the parameters under a name"),
    Action("part_down", Scope.DETAIL, ("down",), "line down", "A line or a row down in the part"),
    Action("part_up", Scope.DETAIL, ("up",), "line up", "A line or a row up in the part"),
    Action("part_half_down", Scope.DETAIL, ("ctrl+d",), "half down", "Half the part down"),
    Action("part_half_up", Scope.DETAIL, ("ctrl+u",), "half up", "Half the part up"),
    Action("part_page_down", Scope.DETAIL, ("pagedown",), "page down", "The whole part down"),
    Action("part_page_up", Scope.DETAIL, ("pageup",), "page up", "The whole part up"),
    Action("part_top", Scope.DETAIL, ("g", "home"), "top", "To the beginning of the part"),
    Action("part_bottom", Scope.DETAIL, ("G", "end"), "bottom", "To the end of the part"),
    Action("next_side", Scope.SIDES, ("x", "tab"), "swap", "Over to the next side, same place", 2),
    *(_side(index) for index in (0, 1)),
    Action("match_levels", Scope.SIDES, ("m",), "levels", "Levels matched, or as they are", 8),
    Action("previous_side", Scope.COMPARISON, ("shift+tab",), "before", "Over to the side before"),
    *(_side(index) for index in range(2, 8)),
    Action("side_down", Scope.COMPARISON, ("j", "down"), "down", "Go to the next side"),
    Action("side_up", Scope.COMPARISON, ("k", "up"), "up", "Go to the side before"),
    Action("choose_side", Scope.COMPARISON, ("enter",), "choose", "It is the best: keep it", 3),
    Action("rank_sides", Scope.COMPARISON, ("r",), "rank blind", "Rank them blind, or anew", 4),
    Action("make_sure", Scope.COMPARISON, ("s",), "make sure", "Ask on, to be sure of the first"),
    Action(
        "table_down", Scope.COMPARISON, ("ctrl+d", "pagedown"), "page down", "Scroll the table down"
    ),
    Action("table_up", Scope.COMPARISON, ("ctrl+u", "pageup"), "page up", "Scroll the table up"),
    Action("first_better", Scope.BLIND, ("A",), "A is better", "A is the better one", 3),
    Action("second_better", Scope.BLIND, ("B",), "B is better", "B is the better one", 4),
    Action("equal", Scope.BLIND, ("E",), "equal", "Nobody could say which is better", 5),
    Action("heard_better", Scope.BLIND, ("enter",), "this one", "What is heard is the better one"),
    Action("enough", Scope.BLIND, ("s",), "enough", "Be content with the order, if it stands"),
    Action("give_up", Scope.BLIND, ("r",), "give up", "Forget all decisions, and see (asks)", 7),
    Action("open_comparison", Scope.COMPARISONS, ("enter",), "open", "Go on with it, or see it", 1),
    Action(
        "delete_comparison", Scope.COMPARISONS, ("d",), "delete", "Forget it (u brings it back)", 2
    ),
    Action("toggle_wish", Scope.KEEP, ("space",), "choose", "Do it too, or not", 1),
    Action("keep", Scope.KEEP, ("enter",), "keep it", "Keep the winner", 2),
    Action("show_preset", Scope.PRESETS, ("enter",), "read it", "Read the preset whole", 1),
    Action("rename_preset", Scope.PRESETS, ("r",), "rename", "Rename it, or move it", 2),
    Action("delete_preset", Scope.PRESETS, ("d",), "delete", "Delete it (u brings it back)", 3),
    *OF_STORIES,
    Action("restore", Scope.TRASH, ("enter", "r"), "restore", "Bring the row back", 2),
    Action("purge_trashed", Scope.TRASH, ("D",), "for good", "Delete for good, with the audio", 3),
    Action("empty_trash", Scope.TRASH, ("E",), "empty", "Delete everything here for good", 4),
    Action("toggle_profile", Scope.PROFILES, ("space",), "choose", "Choose the profile or not", 1),
    Action("apply_profiles", Scope.PROFILES, ("enter",), "show", "Show the chosen profiles", 2),
    Action("rename_profile", Scope.PROFILES, ("r",), "rename", "Rename the profile", 3),
    Action("delete_profile", Scope.PROFILES, ("d",), "delete", "Delete it with its generations", 4),
    Action("all_profiles", Scope.PROFILES, ("a",), "all", "Choose none: show every profile", 5),
    Action("filter_profiles", Scope.PROFILES, ("slash",), "filter", "Type a part of the name", 6),
    Action("open_share", Scope.STATISTICS, ("enter",), "show these", "List what the bar counts", 1),
    Action("next_group", Scope.STATISTICS, ("tab",), "next part", "Go to the next part", 2),
    Action("previous_group", Scope.STATISTICS, ("shift+tab",), "part before", "Go back a part"),
    Action("apply_order", Scope.ORDER, ("enter", "space"), "use it", "Use the order", 1),
    Action("newest", Scope.ORDER, ("n",), "newest", "Newest first", call="order('newest')"),
    Action("oldest", Scope.ORDER, ("o",), "oldest", "Oldest first", call="order('oldest')"),
    Action("longest", Scope.ORDER, ("l",), "longest", "Longest first", call="order('longest')"),
    Action("best", Scope.ORDER, ("r",), "rating", "Best rated first", call="order('rating')"),
    Action("by_profile", Scope.ORDER, ("p",), "profile", "By profile", call="order('profile')"),
    Action("by_text", Scope.ORDER, ("t",), "text", "By text", call="order('text')"),
    Action("toggle_tag", Scope.TAGS, ("enter", "space"), "add or remove", "Add it or remove it", 1),
    Action("type_tag", Scope.TAGS, ("slash",), "type", "Type a tag, new or a part of one", 2),
    Action("apply_filter", Scope.FILTERS, ("enter",), "use it", "Filter the list by it", 1),
    Action("save_filter", Scope.FILTERS, ("s",), "save", "Save the list's filter under a name", 2),
    Action("delete_filter", Scope.FILTERS, ("d",), "delete", "Delete it (u brings it back)", 3),
    Action("verify", Scope.STORAGE, ("v",), "verify", "Look for what is wrong", 1),
    Action("verify_deep", Scope.STORAGE, ("V",), "deep", "The same, reading every file whole", 2),
    Action("repair", Scope.STORAGE, ("r",), "repair", "Mend what can be mended (asks)", 3),
    Action("clean_up", Scope.STORAGE, ("c",), "clean up", "Move takes to the trash (asks)", 4),
    Action("compress", Scope.STORAGE, ("z",), "compress", "Compress all takes to FLAC (asks)", 5),
    Action("expand", Scope.STORAGE, ("x",), "expand", "Give them back as they were (asks)", 6),
    Action("open_sources", Scope.STORAGE, ("s",), "sources", "Open the linked sources", 7),
    Action("leave", Scope.STORAGE, ("w",), "leave", "Leave; what is under way goes on", 8),
    Action("add_source", Scope.SOURCES, ("a",), "link", "Link another program's takes (asks)", 1),
    Action("sync_source", Scope.SOURCES, ("s",), "sync", "Bring in what is new there now", 2),
    Action("sync_sources", Scope.SOURCES, ("S",), "sync all", "The same for all of them", 3),
    Action("remove_source", Scope.SOURCES, ("d",), "remove", "Link it no longer (asks)", 4),
    Action(
        "leave_sources",
        Scope.SOURCES,
        ("W", "w"),
        "leave",
        "Leave; what is under way goes on",
        5,
        "leave",
    ),
    Action("choose_way", Scope.CLEAN_UP, ("enter", "space"), "go by it", "Clean up by this", 1),
    Action("help", Scope.APP, ("question_mark",), "help", "All keys of this screen", 9),
    Action("palette", Scope.APP, ("colon", "ctrl+p"), "palette", "Find any action by its name"),
    Action("back", Scope.APP, ("escape",), "back", "One layer back: filter, marks, work, screen"),
    Action(
        "suspend",
        Scope.APP,
        ("ctrl+z",),
        "sleep",
        "Go to sleep; fg in the shell wakes rushes",
        call="suspend_process",
    ),
    Action("quit", Scope.APP, ("q",), "quit", "Quit rushes"),
)

_SYMBOLS = {
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
    "escape": "esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "comma": ",",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "full_stop": ".",
}


def key_name(key: str) -> str:
    """Give a key as people read it: ``/`` for slash, ``esc`` for escape."""
    return _SYMBOLS.get(key, key)


def with_keys(overrides: Mapping[str, Sequence[str]]) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """Give the registry with other keys, and what was wrong with them, a line each.

    An override that names no action, or no key, or a key that another override has already taken,
    is left out and the default holds. An action whose default key was taken loses it.
    """
    chosen, problems = _usable(overrides)
    actions = []
    for action in ACTIONS:
        if action.id in chosen:
            actions.append(replace(action, keys=chosen[action.id]))
            continue
        kept = tuple(key for key in action.keys if key not in _taken(action, chosen))
        if action.keys and not kept:
            problems.append(f"keys: “{action.id}” has no key left; the palette still finds it")
        actions.append(replace(action, keys=kept))
    return tuple(actions), tuple(problems)


def _usable(
    overrides: Mapping[str, Sequence[str]],
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Give the overrides that can be meant, and what is wrong with the others."""
    known = {action.id: action for action in ACTIONS}
    chosen: dict[str, tuple[str, ...]] = {}
    problems = []
    for name, keys in overrides.items():
        action = known.get(name)
        strange = [key for key in keys if not is_key(key)]
        if action is None:
            problems.append(f"keys: there is no action “{name}”")
        elif strange:
            problems.append(f"keys: “{strange[0]}” is no key, so “{name}” keeps its own")
        elif clash := _taken(action, chosen) & set(keys):
            problems.append(f"keys: “{min(clash)}” is given twice, so “{name}” keeps its own")
        else:
            chosen[name] = tuple(keys)
    return chosen, problems


def _taken(action: Action, chosen: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Give the keys that others have been given where this action can be reached."""
    return {
        key
        for other in ACTIONS
        if other.id in chosen and other.id != action.id and _meet(action.scope, other.scope)
        for key in chosen[other.id]
    }


_NAMED_KEYS = frozenset(
    (
        *("enter", "escape", "space", "tab", "backspace", "delete", "insert", "home", "end"),
        *("pageup", "pagedown", "up", "down", "left", "right", "plus", "minus", "slash"),
        *("question_mark", "colon", "comma", "full_stop"),
    )
)


def is_key(name: str) -> bool:
    """Tell whether Textual can send a key of that name: ``b``, ``ctrl+s``, ``f5``, ``slash``."""
    *modifiers, key = name.split("+") if name != "+" else ["+"]
    if not set(modifiers) <= {"ctrl", "alt", "shift", "super", "meta"}:
        return False
    if len(key) == 1 or key in _NAMED_KEYS:
        return key.isprintable()
    if key.startswith("f") and key[1:].isdecimal():
        return 1 <= int(key[1:]) <= 24
    try:
        return bool(unicodedata.lookup(key.replace("_", " ")))
    except KeyError:
        return False


_WITH_ROWS = frozenset((Scope.HISTORY, Scope.DETAIL))
_PARTS = {
    Scope.ROW: _WITH_ROWS,
    Scope.LISTEN: _WITH_ROWS,
    Scope.SIDES: frozenset((Scope.COMPARISON, Scope.BLIND)),
}
"""Scopes that are part of some screens, and of which."""

_EVERYWHERE = frozenset((Scope.APP, Scope.MOVE, Scope.DECK))


def _meet(one: Scope, other: Scope) -> bool:
    """Tell whether actions of both scopes can be reached at once."""
    if one == other or _EVERYWHERE & {one, other}:
        return True
    return bool(_PARTS.get(one, {one}) & _PARTS.get(other, {other}))


def in_scopes(actions: Sequence[Action], *scopes: Scope) -> tuple[Action, ...]:
    """Give the actions of these scopes, in the order of the registry."""
    return tuple(action for action in actions if action.scope in scopes)
