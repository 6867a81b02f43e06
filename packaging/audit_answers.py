"""What pip-audit's JSON answers come to: 0 nothing known, 1 advisories (printed), 4 not every package was answered.

With --probe: 0 when the source knows the old advisory that it was asked about.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


def packages(paths: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every package of the answers; a file that is lacking or broken is one package without an answer."""
    for path in paths:
        try:
            yield from json.loads(Path(path).read_text("utf-8"))["dependencies"]
        except (OSError, ValueError, KeyError, TypeError):
            yield {"name": path, "skip_reason": "no answer"}


def main(arguments: Sequence[str]) -> int:
    """The exit code for the answers named."""
    probe = list(arguments[:1]) == ["--probe"]
    told = list(packages(arguments[1:] if probe else arguments))
    found = [f"{one['name']} {one['version']}: {each['id']}" for one in told for each in one.get("vulns", ())]
    silent = [f"{one['name']}: {one['skip_reason']}" for one in told if "skip_reason" in one]
    if probe:
        return 0 if found else 4
    counted = f"{len(told)} packages, {len(found)} advisories, {len(silent)} without an answer"
    print("\n".join([*found, *silent, counted]))
    if found:
        return 1
    return 4 if silent or not told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
