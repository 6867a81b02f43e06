"""`unitclient central serve`: the one place where the command line starts the central service itself."""

from __future__ import annotations

import argparse

from unitclient.central.server import run
from unitclient.cli.output import Answer
from unitclient.workflows.centre_process import practice_home


def serve(args: argparse.Namespace) -> Answer:
    """Serve in the foreground until told to stop."""
    run(practice_home(args.home), args.port)
    return Answer({"stopped": True})
