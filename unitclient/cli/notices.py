"""`unitclient notices ...`: the centre's announcements."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.cli.output import Answer, table
from unitclient.texts import say
from unitclient.workflows.announcements import announcements, read_announcement


def list_all(args: argparse.Namespace) -> Answer:
    """Announcements, the newest first."""
    with open_unit_desk(args.home) as (desk, unit):
        found = announcements(desk, unit)
    heads = [say(key) for key in ("state", "notice-published", "notice-ref", "notice-title")]
    cells = [[say("notice-read" if one.read else "notice-unread"), one.published, one.ref, one.title] for one in found]
    lines = table(heads, cells) if cells else [say("notice-none")]
    return Answer({"notices": [one.to_json() for one in found]}, tuple(lines))


def read(args: argparse.Namespace) -> Answer:
    """One announcement; it counts as read, and its receipt waits for the next declaration."""
    with open_unit_desk(args.home) as (desk, unit):
        found, staged = read_announcement(desk, unit, args.ref)
    lines = (found.title, found.published, "", *found.body.splitlines(), *([say("notice-receipt")] if staged else []))
    return Answer({**found.to_json(), "read": True, "receipt_staged": staged}, lines)
