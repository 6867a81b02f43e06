"""`unitclient central desk ...`: what the bureau publishes, and its figures, in the running practice centre."""

from __future__ import annotations

import argparse
from datetime import datetime

from unitclient.app import open_desk
from unitclient.cli.bureau import running_centre
from unitclient.cli.output import Answer, table
from unitclient.cli.speak import moment, yuan
from unitclient.texts import say
from unitclient.workflows import practice_desk
from unitclient.workflows.registers import register_named


def announce(args: argparse.Namespace) -> Answer:
    """Announce something to every unit."""
    ref = practice_desk.announce(running_centre(args), args.title, args.body, args.topic)
    return Answer({"ref": ref}, (say("desk-announced", title=args.title),))


def notice(args: argparse.Namespace) -> Answer:
    """Announce one of the prepared notices to every unit."""
    title, ref = practice_desk.publish_notice(running_centre(args), args.name)
    return Answer({"ref": ref, "name": args.name, "title": title}, (say("desk-announced", title=title),))


def article(args: argparse.Namespace) -> Answer:
    """Publish a knowledge article, a newer revision of one, or take one away."""
    told = {"article_id": args.id, "title": args.title, "body": args.body, "withdrawn": args.withdraw}
    found_by = {"words": args.word, "forms": args.form, "findings": args.finding}
    ref = practice_desk.publish_article(running_centre(args), {**told, **found_by})
    key = "desk-article-withdrawn" if args.withdraw else "desk-article-published"
    return Answer({"ref": ref, "id": args.id}, (say(key, title=args.title),))


def dates(args: argparse.Namespace) -> Answer:
    """Set the dates of a month and tell the region's units."""
    told = {"deadline": args.deadline.isoformat(), "notice": args.notice}
    if args.late_fee_from:
        told["late_fee_from"] = args.late_fee_from.isoformat()
    practice_desk.set_dates(running_centre(args), args.region, str(args.period), told)
    line = say("desk-dates", region=args.region, period=args.period, deadline=args.deadline)
    return Answer({"region": args.region, "period": str(args.period), **told}, (line,))


def close(args: argparse.Namespace) -> Answer:
    """Shut the intake for upkeep."""
    told = practice_desk.close_intake(running_centre(args), args.minutes, args.notice)
    return Answer(told, (say("desk-closed", until=moment(datetime.fromisoformat(told["until"]))),))


def reopen(args: argparse.Namespace) -> Answer:
    """Open the intake again."""
    told = practice_desk.close_intake(running_centre(args), 0, "")
    return Answer(told, (say("desk-open"),))


def hold(args: argparse.Namespace) -> Answer:
    """Hold postings or slips back, or let them go on."""
    held = practice_desk.hold_back(running_centre(args), args.what, held=not args.release)
    names = "、".join(say(f"desk-held-{name}") for name in held)
    return Answer({"held": held}, (say("desk-held", what=names) if held else say("desk-held-none"),))


def statistics(args: argparse.Namespace) -> Answer:
    """Figures of every unit."""
    found = practice_desk.statistics(running_centre(args))
    names = ("unit_number", "submissions", "returned", "waiting", "open_tickets", "messages", "paid_fen", "open_fen")
    rows = [[yuan(one[name]) if name.endswith("_fen") else str(one[name]) for name in names] for one in found]
    heads = [say(f"desk-figure-{name}") for name in names]
    return Answer({"units": found}, tuple(table(heads, rows, range(1, len(names)))))


def messages(args: argparse.Namespace) -> Answer:
    """What the simulated SMS and e-mail gateway has of a unit."""
    told = practice_desk.messages(running_centre(args), args.unit_number)
    heads = [say(key) for key in ("desk-message-at", "desk-message-to", "desk-message-body")]
    rows = [[one["at"][:16], one["address"], one["body"]] for one in told["messages"]]
    lines = table(heads, rows) if rows else [say("desk-no-messages")]
    return Answer(told, (told["gateway"], *lines))


def steps(args: argparse.Namespace) -> Answer:
    """The steps that the desk takes with entries of a register, or of all of them."""
    with open_desk(args.home) as desk:
        known = desk.catalog.registers
        chosen = [register_named(desk, args.register)] if args.register else list(known.values())
    told = [
        {"register": one.name, "step": step.name, "title": str(step.title), "from": sorted(step.sources),
         "to": step.target, "asks": list(step.asks)}
        for one in chosen for step in one.steps.values()
    ]  # fmt: skip
    heads = [say(key) for key in ("desk-register", "desk-step-name", "desk-step-title", "desk-step-asks")]
    rows = [[str(one["register"]), str(one["step"]), str(one["title"]), " ".join(one["asks"])] for one in told]
    return Answer({"steps": told}, tuple(table(heads, rows)))
