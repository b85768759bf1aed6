"""What an action is, and where it is meant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where an action is meant: a screen or a part of one takes the actions of its scopes."""

    APP = "anywhere"
    MOVE = "moving"
    DECK = "the deck"
    LISTEN = "listening"
    ROW = "the row, or the marked rows"
    HISTORY = "the history"
    DETAIL = "one generation"
    SIDES = "the sides of a comparison"
    COMPARISON = "comparing"
    BLIND = "comparing blind"
    KEEP = "keeping the winner"
    COMPARISONS = "the comparisons"
    PRESETS = "the presets"
    STORIES = "the stories"
    STORY = "a story"
    INTO_STORY = "putting into a story"
    PIN = "the version in a story"
    TRASH = "the trash"
    PROFILES = "the profile filter"
    STATISTICS = "the statistics"
    ORDER = "the order"
    TAGS = "the tags"
    FILTERS = "the saved filters"
    STORAGE = "storage and health"
    SOURCES = "the linked sources"
    CLEAN_UP = "the clean-up"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do; ``id`` names it in the configuration.

    ``keys`` are Textual's key names. ``footer`` is its place in the footer, 0 to leave it out.
    ``call`` is what Textual runs, the id itself where it is empty.
    """

    id: str
    scope: Scope
    keys: tuple[str, ...]
    label: str
    help: str
    footer: int = 0
    call: str = ""
