"""Anki and Vorta, for their first paint only: installed from the package index into environments below build/.

They are never a dependency of anything. What they need to start (a profile, folders of their own) is made once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.desktop.homes import BUILD

PINS = {"anki": ("anki==26.9.3", "aqt==26.9.3", "PyQt6==6.11.0", "PyQt6-Qt6==6.11.2", "PyQt6-WebEngine==6.11.0"),
        "vorta": ("vorta==0.11.6", "PyQt6==6.8.1", "PyQt6-Qt6==6.8.2")}  # fmt: skip
"""Vorta runs on our own Qt; Anki's needs WebEngine and takes the one it asks for."""
_ANKI_PROFILE = """
import sys
from pathlib import Path
import anki.lang
from aqt.profiles import ProfileManager
anki.lang.set_lang("en_US")
profiles = ProfileManager(Path(sys.argv[1]))
profiles.setupMeta()
profiles.create("Bench")
profiles.openProfile("Bench")
profiles.setLang("en_US")
profiles.meta.update(firstRun=False, updates=False, suppressUpdate=True)
profiles.save()
"""


@dataclass(frozen=True)
class Peer:
    """How a peer is started by first_paint.py; without a `python` it could not be installed, and `lacking` says why."""

    name: str
    python: Path | None
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    lacking: str = ""


def peers() -> list[Peer]:
    """Both, ready to be started."""
    return [_ready(name, prepare) for name, prepare in (("anki", _anki), ("vorta", _vorta))]


def _ready(name: str, prepare: Callable[[Path, Path], Peer]) -> Peer:
    folder = BUILD / name
    try:
        return prepare(_installed(name, folder / "venv"), folder / "home")
    except subprocess.CalledProcessError as fault:
        return Peer(name, None, lacking=_last_line(fault.stderr) or f"{fault.cmd[0]} ended with {fault.returncode}")


def _installed(name: str, venv: Path) -> Path:
    python, stamp = venv / "bin" / "python", venv / "installed"
    if not stamp.exists() or stamp.read_text() != "\n".join(PINS[name]):
        print(f"installing {name} for comparison", file=sys.stderr)
        _run([sys.executable, "-m", "venv", "--clear", str(venv)])
        _run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PINS[name]])
        stamp.write_text("\n".join(PINS[name]))
    return python


def _anki(python: Path, home: Path) -> Peer:
    if not (home / "prefs21.db").exists():
        home.mkdir(parents=True, exist_ok=True)
        _run([str(python), "-c", _ANKI_PROFILE, str(home)])
    # Started by an administrator, WebEngine does without its sandbox.
    return Peer("anki", python, ("-b", str(home), "-p", "Bench"), {"QTWEBENGINE_DISABLE_SANDBOX": "1"})


def _vorta(python: Path, home: Path) -> Peer:
    home.mkdir(parents=True, exist_ok=True)
    places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    return Peer("vorta", python, (), {**places, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"})


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True,
                   env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})  # fmt: skip


def _last_line(told: str | None) -> str:
    lines = (told or "").strip().splitlines()
    return lines[-1] if lines else ""
