"""``rushes ssh``: the server's screens and their sound in one go."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from rushes.library import Library
from rushes.media.decode import read_pcm16
from tests.listening.conftest import Laptop, MakeWav, until
from tests.listening.server import Server
from tests.terminal import Terminal
from tests.tui.driving import take

LOGGED_IN = "Accepted publickey"


def test_the_screens_open_with_their_sound_and_both_end_together(
    laptop: Laptop, server: Server, make_wav: MakeWav
) -> None:
    path = make_wav()
    with Library.open(server.home / "takes") as library:
        take(library, "a line", audio=path)
    before = (server.folder / "sshd.log").read_text().count(LOGGED_IN)
    command = [sys.executable, "-P", "-m", "rushes", "ssh", *server.client]
    command += ["--screens", "sh -lc 'exec rushes --library ~/takes'", "home"]
    with Terminal(command, env=laptop.env) as terminal:
        terminal.until("a line")
        terminal.until("(listening)")
        terminal.press(" ")
        until(lambda: np.array_equal(laptop.heard(), read_pcm16(path).samples.ravel()))
        terminal.press("q")
        assert terminal.ended() == 0
        assert b"Traceback" not in terminal.output
        assert b"asked twice" not in terminal.output
    after = (server.folder / "sshd.log").read_text().count(LOGGED_IN)
    assert after - before == 1, "one authentication serves both"
    until(lambda: not server.relay_socket.exists())


def test_where_ssh_cannot_share_a_connection_it_says_so_and_works(
    laptop: Laptop, server: Server
) -> None:
    """An ssh without control connections, as on Windows: a script that refuses to be a master."""
    with Library.open(server.home / "takes2") as library:
        take(library, "a line")
    bin_ = laptop.folder / "bin"
    bin_.mkdir()
    (bin_ / "ssh").write_text(
        '#!/bin/sh\ncase "$*" in *ControlMaster=yes*)\n'
        '  exec /usr/bin/ssh -F "$RUSHES_TEST_CLIENT" home true;;\nesac\nexec /usr/bin/ssh "$@"\n'
    )
    (bin_ / "ssh").chmod(0o755)
    env = {
        **laptop.env,
        "PATH": f"{bin_}:{laptop.env['PATH']}",
        "RUSHES_TEST_CLIENT": server.client[1],
    }
    command = [sys.executable, "-P", "-m", "rushes", "ssh", *server.client]
    command += ["--screens", "sh -lc 'exec rushes --library ~/takes2'", "home"]
    with Terminal(command, env=env) as terminal:
        terminal.until("you may be asked twice")
        terminal.until("(listening)")
        terminal.press("q")
        assert terminal.ended() == 0


def test_a_host_that_is_not_there_is_told_in_one_line(laptop: Laptop, server: Server) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "rushes", "ssh", *server.client, "-p", "1", "home"],
        env=laptop.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("rushes: ssh doesn't reach home")
