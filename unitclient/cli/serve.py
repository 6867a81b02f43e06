"""`unitclient central serve`: the one place where the command line starts the central service itself."""

from __future__ import annotations

import argparse

from unitclient.central.server import TlsFiles, run
from unitclient.cli.output import Answer
from unitclient.texts import say
from unitclient.workflows.centre_process import practice_home


def serve(args: argparse.Namespace) -> Answer:
    """Serve in the foreground until told to stop."""
    tls = TlsFiles(args.tls_cert, args.tls_key) if args.tls_cert and args.tls_key else None
    if tls is None and (args.tls_cert or args.tls_key):
        args.usage_error(say("cli-tls-both"))
    run(practice_home(args.home), args.port, tls)
    return Answer({"stopped": True})
