"""The ways out for sound with the listener before all others, and a player that uses them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rushes.logs import logger
from rushes.playback.clip import Clip, Source
from rushes.playback.listening.ahead import Ahead
from rushes.playback.listening.place import relay_socket
from rushes.playback.listening.remote import Remote
from rushes.playback.listening.sink import ListenerSink
from rushes.playback.player import Player
from rushes.playback.routes import HelperWays, Ways, silence
from rushes.playback.sink import Sink, Tell
from rushes.playback.state import AUTO, LISTENER, PlayerState, Route

FIRST_LOOK = 1.0
"""Seconds in which a relay must have answered when a way out is first chosen; without a relay's
socket the answer is there at once."""

_NOBODY_LISTENS = (
    "Nobody listens. On the machine you sit at type: rushes listen USER@HOST, as for ssh"
)
_log = logger(__name__)


class ListeningWays:
    """The listener where one answers, else the ways out of this machine.

    ``wanted`` is "auto" or "listener"; ``inner`` are this machine's ways, None for no other way.
    """

    def __init__(self, remote: Remote, inner: Ways | None, ahead: Ahead) -> None:
        self._remote = remote
        self._inner = inner
        self._ahead = ahead

    def choose(self, tell: Tell) -> tuple[Route, Sink | None]:
        """See :class:`rushes.playback.routes.Ways`."""
        self._remote.begin()
        laptop = self._remote.settled(FIRST_LOOK)
        if laptop is not None:
            _log.info("sound goes to the listener on %s", laptop.host)
            route = Route(LISTENER, f"{laptop.host} (listening)", heard=True)
            return route, ListenerSink(self._remote, tell)
        problem = self._remote.problem
        if self._inner is None:
            return silence(problem or _NOBODY_LISTENS), None
        route, sink = self._inner.choose(tell)
        if sink is None and (problem or _sits_elsewhere(os.environ)):
            route = replace(route, hint=problem or _NOBODY_LISTENS)
        return route, sink

    def signs(self) -> object:
        """See :class:`rushes.playback.routes.Ways`."""
        self._remote.begin()
        laptop = self._remote.settled(FIRST_LOOK)
        if laptop is not None:
            return laptop.host
        return self._remote.problem, self._inner.signs() if self._inner is not None else None

    def close(self) -> None:
        """See :class:`rushes.playback.routes.Ways`."""
        self._remote.close()
        self._ahead.close()
        if self._inner is not None:
            self._inner.close()


class HomePlayer(Player):
    """A player that plays at the listener's where one answers, and changes over by itself.

    Arguments as those of :class:`rushes.playback.player.Player`; ``relay`` is the path of the
    relay's socket, the fixed one unless given.
    """

    def __init__(
        self,
        *,
        route: str = AUTO,
        on_change: Callable[[PlayerState], None] | None = None,
        log: Path | None = None,
        relay: Path | None = None,
    ) -> None:
        self._to_listener: ListenerSink | None = None
        self._sends_ahead = Ahead(self._send_ahead)
        if route not in (AUTO, LISTENER):
            super().__init__(route=route, on_change=on_change, log=log)
            return
        remote = Remote(relay or relay_socket())
        inner = HelperWays(route, log) if route == AUTO else None
        ways = ListeningWays(remote, inner, self._sends_ahead)
        super().__init__(ways=ways, on_change=on_change, load=self._sends_ahead.load)
        remote.changed = self.look_again

    def expect(self, sources: Sequence[Source]) -> None:
        """Say what is likely to be played next; it is sent ahead where the way out is far."""
        route = self.state.route
        if route is not None and route.name == LISTENER:
            self._sends_ahead.expect(sources)

    def _send_ahead(self, clips: Sequence[Clip]) -> None:
        sink = self.sink
        if isinstance(sink, ListenerSink):
            sink.expect(clips)


def ways_to_listener() -> Ways:
    """The way to whoever listens, and no other."""
    return ListeningWays(Remote(relay_socket()), None, Ahead(lambda _: None))


def who_listens() -> str:
    """The name of the machine whose listener answers now; empty where nobody listens."""
    remote = Remote(relay_socket())
    try:
        remote.begin()
        laptop = remote.settled(FIRST_LOOK)
        return laptop.host if laptop is not None else ""
    finally:
        remote.close()


def _sits_elsewhere(environment: Mapping[str, str]) -> bool:
    """Whether the person came by ssh, and hasn't chosen another way for the sound."""
    return "SSH_CONNECTION" in environment and "PULSE_SERVER" not in environment
