"""The clerk: does the month by the program's own commands, and after a crash does again what had not been finished."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from tests.crash.stage import PERIOD, STEPS, Stage, library
from unitclient.cli.main import main

Json = dict[str, Any]
ROUNDS = 4
"""How often the clerk sends and fetches before giving up."""


class Stuck(AssertionError):  # noqa: N818 - says where the clerk is
    """A clerk cannot go on by the commands there are."""


def command(stage: Stage, *arguments: object) -> tuple[int, Json]:
    """Run `unitclient --json ...` in this process; (exit code, what it told)."""
    told, said = io.StringIO(), io.StringIO()
    with redirect_stdout(told), redirect_stderr(said):
        code = main(["--home", str(stage.home), "--json", *map(str, arguments)])
    answer: Json = json.loads(told.getvalue())
    return code, answer


def must(stage: Stage, *arguments: object, codes: Sequence[int] = (0,)) -> Json:
    """Run a command that has to succeed."""
    code, told = command(stage, *arguments)
    if code not in codes:
        raise Stuck(f"{' '.join(map(str, arguments))}: {code} {json.dumps(told, ensure_ascii=False)[:600]}")
    return told


def _enrol(stage: Stage) -> None:
    pin = ("--pin-file", stage.root / "pin")
    must(stage, "unit", "enrol", "--centre", stage.url, "--cert", library(), "--ca", stage.root / "ca.pem", *pin)


def _import(stage: Stage) -> None:
    errors = stage.desk / "staff-errors.xlsx"
    told = must(stage, "import", "enrol", stage.desk / "staff.xlsx", "--errors", errors, "--period", PERIOD, codes=(1,))
    assert told["refused"] == 1, told


def _prepare(stage: Stage) -> None:
    """The clerk looks first: a month that is prepared is not prepared again."""
    if not must(stage, "status")["declarations"]:
        must(stage, "prepare", PERIOD)


def _sign(stage: Stage) -> None:
    must(stage, "sign", "--all", "--pin-file", stage.root / "pin")


def _sync(stage: Stage) -> None:
    for _ in range(ROUNDS):
        code, told = command(stage, "sync", "--until-settled", "--timeout", 15)
        if code == 0 and told["settled"]:
            return
        for row in must(stage, "outbox")["outbox"]:
            if row["state"] in ("queued", "unknown", "parked"):
                must(stage, "outbox", "retry", row["id"])
    raise Stuck(f"sync: {json.dumps(told, ensure_ascii=False)[:900]}")


def _papers(stage: Stage) -> None:
    """Of the enrolment only: a paper takes half a second to set, and all of them are fetched and written alike."""
    known = next(one for one in must(stage, "status")["declarations"] if one["form"] == "enrol")
    told = must(stage, "statement", known["id"], stage.desk / "papers")
    if not told["all_signed"]:
        raise Stuck(f"statement: {sorted(told['papers'])}")


def _export(stage: Stage) -> None:
    must(stage, "export-data", stage.desk / "export")


def _backup(stage: Stage) -> None:
    code, told = command(stage, "backup", stage.desk / "month.ucbackup")
    if code and told["error"]["code"] == "backup-exists":
        code, told = command(stage, "backup", stage.desk / "month-2.ucbackup")
    assert code == 0, told


def _restore(stage: Stage) -> None:
    must(stage, "restore", stage.desk / "month.ucbackup")


DOES: dict[str, Callable[[Stage], None]] = {
    "enrol": _enrol,
    "import": _import,
    "prepare": _prepare,
    "sign": _sign,
    "sync": _sync,
    "papers": _papers,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
}
assert tuple(DOES) == STEPS
