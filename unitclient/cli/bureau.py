"""`unitclient central desk ...`: the bureau's desk of the running practice centre."""

from __future__ import annotations

import argparse

from unitclient.app import open_desk
from unitclient.cli.output import Answer, table
from unitclient.errors import UserError
from unitclient.texts import say
from unitclient.workflows import centre_process, practice_desk
from unitclient.workflows.centre_process import CentreProcess


def waiting(args: argparse.Namespace) -> Answer:
    """Submissions that wait for the desk."""
    found = practice_desk.waiting(running_centre(args))
    with open_desk(args.home) as desk:
        forms = desk.catalog.forms
    rows = [
        [
            one["unit_number"],
            str(forms[one["form"]].title),
            one["period"],
            one["submission_id"],
            one["received_at"][:16],
        ]
        for one in found
    ]
    heads = [say(key) for key in ("desk-unit", "form-title", "desk-period", "desk-submission", "desk-received")]
    return Answer({"waiting": found}, tuple(table(heads, rows) if rows else [say("desk-nothing-waits")]))


def accept(args: argparse.Namespace) -> Answer:
    """Take a waiting submission."""
    practice_desk.decide(running_centre(args), args.id, returned=False)
    return Answer({"id": args.id, "returned": False}, (say("desk-accepted", id=args.id),))


def give_back(args: argparse.Namespace) -> Answer:
    """Return a waiting submission with a note."""
    practice_desk.decide(running_centre(args), args.id, returned=True, note=args.note)
    return Answer({"id": args.id, "returned": True, "note": args.note}, (say("desk-returned", id=args.id),))


def step(args: argparse.Namespace) -> Answer:
    """Move an entry of a register."""
    centre = running_centre(args)
    moved = practice_desk.take_step(centre, args.unit_number, args.register, args.key, args.step, dict(args.values))
    with open_desk(args.home) as desk:
        kind = desk.catalog.registers[args.register]
    line = say("desk-moved", register=kind.title, entry=moved["key"], state=kind.state_title(moved["state"]))
    return Answer({"register": args.register, "key": moved["key"], "state": moved["state"]}, (line,))


def standing(args: argparse.Namespace) -> Answer:
    """Decide whether the desk looks at what a unit sends."""
    practice_desk.set_standing(running_centre(args), args.unit_number, ordinary=args.standing == "ordinary")
    line = say(f"desk-standing-{args.standing}", number=args.unit_number)
    return Answer({"unit": args.unit_number, "standing": args.standing}, (line,))


def entries(args: argparse.Namespace) -> Answer:
    """A unit's entries of a register, as the centre has them."""
    found = practice_desk.entries(running_centre(args), args.unit_number, args.register)
    with open_desk(args.home) as desk:
        kind = desk.catalog.registers.get(args.register)
    rows = [[one["key"], kind.state_title(one["state"]) if kind else one["state"]] for one in found]
    lines = table([say("register-key"), say("state")], rows) if rows else [say("desk-no-entries")]
    return Answer({"entries": found}, tuple(lines))


def running_centre(args: argparse.Namespace) -> CentreProcess:
    """The practice centre of this home; UserError practice-not-running."""
    found = centre_process.running(args.home)
    if found is None:
        raise UserError("practice-not-running")
    return found
