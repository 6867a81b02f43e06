"""./run: what it refuses and says before anything is installed. The set-up itself is tried on a fresh machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parent.parent / "run"


def run(*arguments: str, path: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """`./run ARGUMENTS`, with the programs in `path` found first."""
    search = os.pathsep.join([str(path), os.environ["PATH"]] if path else [os.environ["PATH"]])
    whole = {**os.environ, **environment, "PATH": search}
    return subprocess.run([RUN, *arguments], env=whole, capture_output=True, text=True, check=False)


def stub(folder: Path, name: str, script: str) -> None:
    """A program of that name that does what `script` says."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_wrong_usage() -> None:
    outcome = run("nonsense")
    assert outcome.returncode == 2
    assert "./run test" in outcome.stderr


@pytest.mark.parametrize(("arguments", "package"), [(("setup",), "fonts-wqy-zenhei"), (("test",), "poppler-utils")])
def test_missing_packages_without_the_right_to_install_them(
    tmp_path: Path, arguments: tuple[str, ...], package: str
) -> None:
    stub(tmp_path, "dpkg-query", "exit 1")
    stub(tmp_path, "id", "echo 1000")
    stub(tmp_path, "sudo", "exit 1")
    stub(tmp_path, "apt-get", "echo must not be called >&2; exit 9")
    outcome = run(*arguments, path=tmp_path)
    assert outcome.returncode == 3
    commands = [line.strip() for line in outcome.stderr.splitlines() if "apt-get" in line]
    assert len(commands) == 1
    assert commands[0].startswith("apt-get update && apt-get install -y --no-install-recommends ")
    assert package in commands[0].split()
    assert ("gcc" in commands[0].split()) == (arguments == ("test",))


@pytest.mark.parametrize(
    ("arguments", "display", "window"),
    [
        ((), ":1", True),
        (("--headless",), ":1", False),
        ((), "", False),
        (("setup",), ":1", False),
        (("test",), "", True),
    ],
)
def test_a_window_is_prepared_for_where_there_is_a_screen(
    tmp_path: Path, arguments: tuple[str, ...], display: str, window: bool
) -> None:
    stub(tmp_path, "dpkg-query", "exit 1")
    stub(tmp_path, "id", "echo 1000")
    stub(tmp_path, "sudo", "exit 1")
    outcome = run(*arguments, path=tmp_path, DISPLAY=display, WAYLAND_DISPLAY="")
    assert outcome.returncode == 3
    assert ("libxcb-cursor0" in outcome.stderr.split()) == window


def test_packages_that_are_there_are_not_asked_for(tmp_path: Path) -> None:
    stub(tmp_path, "dpkg-query", 'case "$*" in *softhsm2) exit 1 ;; *) printf installed ;; esac')
    stub(tmp_path, "id", "echo 1000")
    stub(tmp_path, "sudo", "exit 1")
    outcome = run("setup", path=tmp_path)
    assert outcome.stderr.splitlines()[3].split()[-1] == "softhsm2"


def test_an_interpreter_that_is_too_old_is_not_taken(tmp_path: Path) -> None:
    stub(tmp_path, "python-old", "exit 1")
    outcome = run("setup", path=tmp_path, UC_PYTHON="python-old", UC_NO_APT="1")
    assert outcome.returncode == 3
    assert "UC_PYTHON" in outcome.stderr


@pytest.mark.parametrize("script", ["run", ".ci/run", "packaging/lock", "packaging/audit"])
def test_scripts_are_plain_posix_shell(script: str) -> None:
    checked = subprocess.run(["sh", "-n", RUN.parent / script], capture_output=True, check=False)
    assert checked.returncode == 0
