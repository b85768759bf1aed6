"""A server to listen to: a real sshd of its own on loopback, where forwarding is forbidden."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
PATIENCE = 20.0

_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/user_key.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
DisableForwarding {forbidden}
PermitRootLogin yes
SetEnv HOME={home} XDG_STATE_HOME={home}/state
"""
_CLIENT = """
Host home
    HostName 127.0.0.1
    Port {port}
    User {user}
    IdentityFile {folder}/user_key
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile {folder}/known_hosts
    StrictHostKeyChecking accept-new
    LogLevel ERROR
"""


@dataclass
class Server:
    """The running sshd. ``home`` is the folder of whoever logs in, ``client`` ssh's options."""

    folder: Path
    home: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def client(self) -> list[str]:
        return ["-F", str(self.folder / "client")]

    @property
    def relay_socket(self) -> Path:
        from rushes.playback.listening.place import host_name

        return self.home / "state" / "rushes" / "relay" / f"{host_name()}.sock"

    def through(self, port: int) -> list[str]:
        """The options for a way there through another port."""
        return [*self.client, "-p", str(port)]

    def sessions(self) -> set[int]:
        """The processes that sshd has started for those who are logged in."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(number) for number in task.read_text().split()}

    def close(self) -> None:
        for session in self.sessions():
            os.kill(session, 15)
        self.process.terminate()
        self.process.wait()


def start_server(folder: Path, *, forwarding: bool = False) -> Server:
    """Starts sshd, whose users find rushes in their ~/.local/bin."""
    home = folder / "server-home"
    bin_ = home / ".local" / "bin"
    bin_.mkdir(parents=True)
    rushes = bin_ / "rushes"
    rushes.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m rushes "$@"\n')
    rushes.chmod(0o755)
    # What a login shell reads; and something that a login prints.
    (home / ".profile").write_text('PATH="$HOME/.local/bin:$PATH"\necho "Welcome, 3 updates"\n')
    for name in ("host_key", "user_key"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    port = free_port()
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    forbidden = "no" if forwarding else "yes"
    facts = {"folder": folder, "home": home, "port": port, "user": user, "forbidden": forbidden}
    (folder / "sshd").write_text(_CONFIG.format(**facts))
    (folder / "client").write_text(_CLIENT.format(**facts))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    assert SSHD is not None
    process = subprocess.Popen(
        [SSHD, "-D", "-f", str(folder / "sshd"), "-E", str(folder / "sshd.log")],
        stdin=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        assert process.poll() is None, (folder / "sshd.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return Server(folder, home, port, process)


def answers(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
