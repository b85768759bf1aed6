"""The registry of actions: no dead key, no key with two meanings, and the README as it is."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from rushes.tui.actions import ACTIONS, Scope, in_scopes, key_name, with_keys
from rushes.tui.app import RushesApp
from rushes.tui.keys_table import keys_table
from rushes.tui.screens.base import DeskScreen
from rushes.tui.screens.blind import BlindScreen
from rushes.tui.screens.clean_up import ChooseCleanUp, WayList
from rushes.tui.screens.comparison import ComparisonScreen
from rushes.tui.screens.comparisons import ComparisonList, ComparisonsDialog
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.dialog import Dialog
from rushes.tui.screens.filters import FilterList, SavedFilters
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.into_story import IntoStory, StoryChoices
from rushes.tui.screens.keep import KeepDialog, WishList
from rushes.tui.screens.order import ChooseOrder, OrderList
from rushes.tui.screens.pin import PinDialog, VersionChoices
from rushes.tui.screens.presets import PresetList, PresetsDialog
from rushes.tui.screens.profiles import ProfileFilter
from rushes.tui.screens.sources import SourcesScreen
from rushes.tui.screens.statistics import StatisticsScreen
from rushes.tui.screens.storage import StorageScreen
from rushes.tui.screens.stories import StoriesScreen
from rushes.tui.screens.story import StoryScreen
from rushes.tui.screens.tags import TagList, TagsDialog
from rushes.tui.screens.trash import TrashScreen
from rushes.tui.widgets.board import Board
from rushes.tui.widgets.history_list import HistoryList
from rushes.tui.widgets.page import Page
from rushes.tui.widgets.profile_list import ProfileList
from rushes.tui.widgets.source_list import SourceList
from rushes.tui.widgets.story_list import StoryList

SCREENS: dict[type, tuple[type, ...]] = {
    HistoryScreen: (HistoryList,),
    DetailScreen: (),
    StatisticsScreen: (Board,),
    TrashScreen: (HistoryList,),
    ProfileFilter: (ProfileList,),
    ChooseOrder: (OrderList,),
    TagsDialog: (TagList,),
    SavedFilters: (FilterList,),
    PresetsDialog: (PresetList,),
    StoriesScreen: (StoryList,),
    StoryScreen: (),
    IntoStory: (StoryChoices,),
    PinDialog: (VersionChoices,),
    StorageScreen: (Page,),
    SourcesScreen: (SourceList,),
    ChooseCleanUp: (WayList,),
    ComparisonScreen: (),
    BlindScreen: (),
    KeepDialog: (WishList,),
    ComparisonsDialog: (ComparisonList,),
}
README = Path(__file__).parents[2] / "README.md"


def reachable(screen: type) -> tuple[Scope, ...]:
    if issubclass(screen, DeskScreen):
        return screen.scopes
    assert issubclass(screen, Dialog)
    return (screen.scope, Scope.MOVE)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_that_a_screen_names_does_something_there(screen: type) -> None:
    doers = (screen, RushesApp, *SCREENS[screen])
    for action in in_scopes(ACTIONS, *reachable(screen)):
        method = f"action_{(action.call or action.id).partition('(')[0]}"
        assert any(hasattr(doer, method) for doer in doers), (screen.__name__, action.id)


@pytest.mark.parametrize("screen", SCREENS)
def test_no_key_means_two_things_on_one_screen(screen: type) -> None:
    actions = in_scopes(ACTIONS, *reachable(screen))
    for one, other in combinations(actions, 2):
        both = set(one.keys) & set(other.keys)
        # A screen's own action goes before one that is meant anywhere: d on a profile.
        assert not both or one.scope != other.scope, (one.id, other.id, both)


def test_every_action_belongs_to_some_screen() -> None:
    scopes = {scope for screen in SCREENS for scope in reachable(screen)}
    assert {action.scope for action in ACTIONS} <= scopes


def test_ids_are_unique_and_no_action_needs_a_modifier() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        plain = [key for key in action.keys if not key.startswith(("ctrl+", "alt+", "f1"))]
        needed = {"suspend", "half_down", "half_up", "part_half_down", "part_half_up"}
        assert plain or action.id in needed, action.id


def test_an_unknown_action_is_told_and_a_taken_key_moves_over() -> None:
    actions, problems = with_keys({"favorite": ("d",), "sing": ("x",)})
    by_id = {action.id: action for action in actions}
    assert by_id["favorite"].keys == ("d",)
    assert by_id["delete"].keys == ()
    assert any("sing" in problem for problem in problems)
    assert any("delete" in problem for problem in problems)


def test_a_key_of_one_screen_may_be_taken_on_another_and_moves_over_on_the_same() -> None:
    given = {"side_c": ("x",), "equal": ("j",)}
    by_id = {action.id: action for action in with_keys(given)[0]}
    assert by_id["next_side"].keys == ("tab",), "the sides are on that screen too"
    assert by_id["side_down"].keys == ("j", "down"), "that is another screen"
    assert by_id["swap"].keys == ("x",)


def test_a_key_that_is_none_or_given_twice_leaves_the_default() -> None:
    given = {"undo": ("notakey",), "favorite": ("Q",), "delete": ("Q",)}
    actions, problems = with_keys(given)
    by_id = {action.id: action for action in actions}
    assert (by_id["undo"].keys, by_id["favorite"].keys) == (("u",), ("Q",))
    assert by_id["delete"].keys == ("d",)
    assert len(problems) == 2


def test_keys_are_shown_as_people_read_them() -> None:
    shown = [key_name(key) for action in ACTIONS for key in action.keys]
    assert not [name for name in shown if name in ("slash", "question_mark", "escape")]


def test_what_a_key_does_is_one_line_of_the_help() -> None:
    assert not [action.id for action in ACTIONS if len(action.help) > 53]


def test_the_readme_has_the_keys_as_they_are() -> None:
    table = keys_table(ACTIONS)
    assert table in README.read_text(encoding="utf-8"), "run scripts/document"
