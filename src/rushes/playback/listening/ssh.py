"""The person's own ssh: its command line, and the process that carries the frames."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.errors import BadInput, PlaybackError

RELAY = "sh -lc 'exec rushes relay'"
"""What runs on the server: a login shell, so that ~/.local/bin is on its PATH."""

_WITH_VALUE = frozenset("BbcDEeFIiJLlmOoPpQRSWw")  # of ssh's options, see ssh(1)
_OWN = ("-T", "-o", "ClearAllForwardings=yes", "-o", "EscapeChar=none")


@dataclass(frozen=True, slots=True)
class Address:
    """Where ssh is to go: its ``options`` as they were given, and the ``host`` among its words."""

    options: tuple[str, ...]
    host: str

    def command(self, remote: str, *more: str) -> list[str]:
        """A command line of ssh; ``more`` options go before the person's own."""
        return ["ssh", *more, *self.options, "--", self.host, remote]

    def for_frames(self, remote: str, *more: str) -> list[str]:
        """The same for a command that speaks to us and to no terminal."""
        return self.command(remote, *_OWN, *more)

    @property
    def label(self) -> str:
        """The host's name as people say it."""
        host = self.host.removeprefix("ssh://")
        return host.rpartition("@")[2]


def address(words: Sequence[str]) -> Address:
    """What the words after ``rushes listen`` mean: ssh's options, and where to.

    Raises:
        BadInput: there is no host, or more than that.
    """
    options: list[str] = []
    hosts: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word == "-":
            hosts.append(word)
            continue
        if word == "--":
            hosts += rest
            break
        options.append(word)
        letter = next((letter for letter in word[1:] if letter in _WITH_VALUE), "")
        if letter and word.endswith(letter):
            if not rest:
                raise BadInput(f"ssh's option {word} lacks its value")
            options.append(rest.pop(0))
    if not hosts:
        raise BadInput("no host was given", "", "Type: rushes listen USER@HOST")
    if len(hosts) > 1:
        raise BadInput(
            f"one host is meant, not “{' '.join(hosts)}”",
            "",
            "A remote command is given by --command.",
        )
    return Address(tuple(options), hosts[0])


class Ssh:
    """A running ssh, with its standard input and output as descriptors.

    Raises:
        PlaybackError: it can't be started.
    """

    def __init__(self, command: Sequence[str], *, quiet: bool = False) -> None:
        try:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if quiet else None,
            )
        except OSError as error:
            why = error.strerror or str(error)
            raise PlaybackError(f"{command[0]} can't be started", why, "Install ssh.") from None

    def take_pipes(self) -> tuple[int, int]:
        """The descriptors to read from and to write to, the caller's own."""
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        pipes = os.dup(self._process.stdout.fileno()), os.dup(self._process.stdin.fileno())
        self._process.stdout.close()
        self._process.stdin.close()
        return pipes

    def end(self) -> None:
        """Have it end; doesn't wait."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def wait(self, patience: float) -> int:
        """Wait for its end, and end it after ``patience`` seconds; give its exit code.

        That of the remote command, or 255 where ssh itself failed.
        """
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.end()
            return self._process.wait()
