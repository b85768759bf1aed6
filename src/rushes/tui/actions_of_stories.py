"""The actions of the stories: their list, a story's timeline, and the dialogs of both."""

from __future__ import annotations

from rushes.tui.action import Action, Scope

OF_STORIES: tuple[Action, ...] = (
    Action("open_story", Scope.STORIES, ("enter",), "open", "Open the story's timeline", 2),
    Action("new_story", Scope.STORIES, ("A",), "new", "Make a story, by its name", 3),
    Action("rename_story", Scope.STORIES, ("r",), "rename", "Give it another name", 4),
    Action("describe_story", Scope.STORIES, ("n",), "describe", "Write what it is about"),
    Action("copy_story", Scope.STORIES, ("C",), "copy", "Copy it into one of your own", 7),
    Action("export_story", Scope.STORIES, ("e",), "export", "Write it as one file (asks)", 6),
    Action("delete_story", Scope.STORIES, ("d",), "delete", "Delete it (u brings it back)", 5),
    Action("next_item", Scope.STORY, ("j",), "next", "Go to the item that begins next", 2),
    Action("previous_item", Scope.STORY, ("k",), "before", "Go to the item that begins before"),
    Action("item_below", Scope.STORY, ("down",), "track below", "Go to the track below"),
    Action("item_above", Scope.STORY, ("up",), "track above", "Go to the track above"),
    Action("first_item", Scope.STORY, ("g", "home"), "first", "Go to the first item"),
    Action("last_item", Scope.STORY, ("G", "end"), "last", "Go to the last item"),
    Action("page_on", Scope.STORY, ("pagedown",), "look on", "Look a page further on"),
    Action("page_back", Scope.STORY, ("pageup",), "look back", "Look a page back"),
    Action("zoom_in", Scope.STORY, ("z",), "zoom", "Closer: a cell and a step get shorter", 8),
    Action("zoom_out", Scope.STORY, ("Z",), "zoom out", "Further away: they get longer"),
    Action("zoom_whole", Scope.STORY, ("0",), "whole", "Show all of the story"),
    Action("later", Scope.STORY, ("full_stop",), "later", "Begin a step later", 4, "shift(1)"),
    Action("earlier", Scope.STORY, ("comma",), "earlier", "Begin a step earlier", 3, "shift(-1)"),
    Action(
        "after_next",
        Scope.STORY,
        ("greater_than_sign",),
        "after next",
        "Change places with the next item of the track",
        call="change_places(1)",
    ),
    Action(
        "before_last",
        Scope.STORY,
        ("less_than_sign",),
        "before last",
        "Change places with the item before on the track",
        call="change_places(-1)",
    ),
    Action(
        "track_down", Scope.STORY, ("J",), "track +", "Put it a track down", call="change_track(1)"
    ),
    Action(
        "track_up", Scope.STORY, ("K",), "track −", "Put it a track up", call="change_track(-1)"
    ),
    Action(
        "trim_in",
        Scope.STORY,
        ("i",),
        "trim",
        "Leave out a step more at its start",
        5,
        "trim(1, 0)",
    ),
    Action(
        "untrim_in",
        Scope.STORY,
        ("I",),
        "in",
        "Leave out a step less at its start",
        call="trim(-1, 0)",
    ),
    Action(
        "trim_out",
        Scope.STORY,
        ("o",),
        "out",
        "Leave out a step more at its end",
        call="trim(0, 1)",
    ),
    Action(
        "untrim_out",
        Scope.STORY,
        ("O",),
        "out",
        "Leave out a step less at its end",
        call="trim(0, -1)",
    ),
    Action(
        "split",
        Scope.STORY,
        ("s",),
        "split",
        "Cut it in two at the playhead, else in the middle",
        6,
    ),
    Action(
        "item_louder", Scope.STORY, ("v",), "volume", "Let it be 1 dB louder", call="item_volume(1)"
    ),
    Action(
        "item_softer",
        Scope.STORY,
        ("V",),
        "softer",
        "Let it be 1 dB softer",
        call="item_volume(-1)",
    ),
    Action(
        "item_values", Scope.STORY, ("t",), "values", "Type its start, track, trims and volume", 7
    ),
    Action(
        "pin_version",
        Scope.STORY,
        ("p",),
        "pin",
        "Choose the version: one that stays, or the default",
    ),
    Action(
        "close_gaps", Scope.STORY, ("R",), "close gaps", "Let its track's items follow one another"
    ),
    Action(
        "remove_item", Scope.STORY, ("d",), "remove", "Take it out of the story (the take stays)", 7
    ),
    Action("open_item", Scope.STORY, ("enter",), "the take", "Open the take itself"),
    Action(
        "export_this",
        Scope.STORY,
        ("e",),
        "export",
        "Write the story as one file (asks)",
        8,
        "export_story",
    ),
    Action(
        "rename_this",
        Scope.STORY,
        ("r",),
        "rename",
        "Give the story another name",
        call="rename_story",
    ),
    Action(
        "describe_this",
        Scope.STORY,
        ("n",),
        "describe",
        "Write what the story is about",
        call="describe_story",
    ),
    Action(
        "copy_this",
        Scope.STORY,
        ("C",),
        "copy",
        "Copy the story into one of your own",
        call="copy_story",
    ),
    Action("choose_story", Scope.INTO_STORY, ("enter",), "put it in", "Put it into this story", 1),
    Action(
        "type_story", Scope.INTO_STORY, ("slash",), "type", "Type a name, new or a part of one", 2
    ),
    Action(
        "choose_version", Scope.PIN, ("enter", "space"), "choose", "Let the item play this one", 1
    ),
)
"""Part of the one registry, ``rushes.tui.actions.ACTIONS``."""
