"""What the screens may ask of the application; the application itself is wiring only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import App
    from textual.dom import DOMNode

    from rushes.tui.actions import Action
    from rushes.tui.colours import Colours
    from rushes.tui.desk import Desk
    from rushes.tui.tape import Tape


class Host(Protocol):
    """The application as a screen sees it."""

    desk: Desk
    colours: Colours
    ascii: bool
    actions: Sequence[Action]
    tape: Tape

    def key(self, action_id: str) -> str:
        """Give the key of an action, as people read it."""

    def say(self, text: str) -> None:
        """Tell the person something in one line."""

    def trouble(self, error: BaseException) -> None:
        """Tell the person what went wrong, and what to do."""

    def start(
        self,
        node: DOMNode,
        work: Callable[[], Awaitable[None]],
        *,
        group: str,
        exclusive: bool = True,
    ) -> None:
        """Run ``work`` as a worker of ``node``; its failure is told, never raised.

        With ``exclusive`` it takes the place of the one that runs in the same group.
        """


@runtime_checkable
class Follower(Protocol):
    """A screen that shows what lies in the library, a dialog or a full one."""

    def library_changed(self) -> None:
        """Take up what this or another process changed in the library."""


@runtime_checkable
class TypedAhead(Protocol):
    """A field that takes text."""

    def insert_text_at_cursor(self, text: str) -> None:
        """Put text where the cursor stands."""


def host_of(app: App[Any]) -> Host:
    """Give the application as its screens see it."""
    return cast("Host", app)
