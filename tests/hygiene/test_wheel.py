"""rushes as somebody installs it: built, installed elsewhere, run from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import wave
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.terminal import Terminal

PROJECT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True, slots=True)
class Installed:
    """A wheel, and a virtual environment of its own that it is installed in."""

    wheel: Path
    folder: Path

    def python(self, code: str) -> str:
        return run(self.folder / "bin" / "python", "-c", code, cwd=self.folder)

    def rushes(self, *arguments: str | Path) -> str:
        return run(self.folder / "bin" / "rushes", *arguments, cwd=self.folder)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    dist = tmp_path_factory.mktemp("dist")
    # The source archive is built first and the wheel from it, so both are proved whole.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, PROJECT, cwd=dist)
    (wheel,) = dist.glob("rushes-*.whl")
    folder = tmp_path_factory.mktemp("some where else")
    venv.create(folder, with_pip=False)
    # The dependencies are those of the tests. A folder named in a .pth file brings its packages,
    # but not the .pth files in it: the checkout stays out of sight.
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    dependencies = site / "site-packages" / "dependencies.pth"
    dependencies.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel, cwd=dist)
    return Installed(wheel, folder)


def test_the_wheel_runs_where_it_is_installed(installed: Installed) -> None:
    assert installed.rushes("--version").startswith("rushes ")
    where = installed.python("import rushes; print(rushes.__file__)")
    assert Path(where.strip()).is_relative_to(installed.folder)


def test_the_installed_program_finds_its_own_styles(installed: Installed) -> None:
    code = "from rushes.paths import styles_dir; import json, os; d = styles_dir(); "
    code += "print(json.dumps([str(d), sorted(p.name for p in d.glob('*.tcss'))]))"
    folder, names = json.loads(installed.python(code))
    assert Path(folder).is_relative_to(installed.folder)
    assert names == sorted(path.name for path in (PROJECT / "styles").glob("*.tcss"))


def test_the_installed_program_records_and_shows_it_on_its_screens(
    installed: Installed, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.wav"
    with wave.open(str(clip), "wb") as file:
        file.setparams((1, 2, 24_000, 0, "NONE", ""))
        file.writeframes(bytes(4_800))
    takes = str(tmp_path / "takes")
    installed.rushes("--library", takes, "add", "--profile", "Anna", "--text", "Lighthouse", clip)
    command = [str(installed.folder / "bin" / "rushes"), "--library", takes]
    with Terminal(command) as terminal:
        terminal.until("Lighthouse")
        terminal.press("q")
        assert terminal.ended() == 0


def test_the_wheel_holds_the_program_its_licence_and_no_tests(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    assert "rushes/py.typed" in names
    page = PROJECT / "src" / "rushes" / "api" / "page" / "static"
    assert {f"rushes/api/page/static/{path.name}" for path in page.iterdir()} <= set(names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"rushes"}
    assert not [name for name in names if "test" in name]
