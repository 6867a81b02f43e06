"""`python -m unitclient.central --home DIR [--port N]`: run a practice centre."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from unitclient import texts
from unitclient.central import server
from unitclient.errors import UserError


def main(arguments: list[str] | None = None) -> int:
    """Run until stopped; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m unitclient.central", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder of the centre's database and keys")
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        server.run(chosen.home, chosen.port)
    except UserError as refusal:
        sys.stderr.write(" ".join(texts.error_texts(refusal.code, refusal.params)) + "\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
