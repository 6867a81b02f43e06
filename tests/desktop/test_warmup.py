"""Warming up: what is whole before more than one thread imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import unitclient

PACKAGE = Path(unitclient.__file__).parent
APART = ("central", "cli")
"""Rooms that the window does not import."""
FIRST = """
import sys
from importlib import import_module
from unitclient.desktop import warmup
for name in warmup.MODULES:
    import_module(name)
print(*sys.modules)
"""


def test_what_two_threads_could_import_by_halves_is_whole_before_there_are_two() -> None:
    """A package that imports its own modules is a circle: of two threads in it one gets a half of it, and fails."""
    outcome = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True, timeout=60)
    assert circles() - set(outcome.stdout.split()) == set()


def circles() -> set[str]:
    """Packages whose own `__init__` imports modules that lie in them."""
    found = set()
    for path in PACKAGE.rglob("__init__.py"):
        name = ".".join(("unitclient", *path.parent.relative_to(PACKAGE).parts))
        imports = (one for one in ast.parse(path.read_text("utf-8")).body if isinstance(one, ast.ImportFrom))
        inside = any(str(one.module).startswith(f"{name}.") for one in imports)
        if inside and name.split(".")[1:2] not in [[room] for room in APART]:
            found.add(name)
    return found
