"""`unitclient pen ...`: which computer of the unit writes."""

from __future__ import annotations

import argparse

from unitclient.app import open_unit_desk
from unitclient.cli.output import Answer
from unitclient.cli.speak import moment
from unitclient.texts import say
from unitclient.workflows.pen import ASK, GIVE, TAKE, move_pen
from unitclient.workflows.pen_state import Pen


def show(args: argparse.Namespace) -> Answer:
    """Who holds the pen."""
    return _moved(args, "")


def ask(args: argparse.Namespace) -> Answer:
    """Ask the other computer for it."""
    return _moved(args, ASK)


def take(args: argparse.Namespace) -> Answer:
    """Take it: when it is free, or the other did not answer."""
    return _moved(args, TAKE)


def give(args: argparse.Namespace) -> Answer:
    """Give it to who asked, or lay it down."""
    return _moved(args, GIVE)


def _moved(args: argparse.Namespace, act: str) -> Answer:
    with open_unit_desk(args.home) as (desk, unit):
        pen = move_pen(desk, unit, act)
    return Answer({"pen": pen.to_json()}, tuple(_lines(pen)))


def _lines(pen: Pen) -> list[str]:
    if pen.mine:
        lines = [say("pen-mine")]
        return [*lines, say("pen-wanted", name=pen.asked_by)] if pen.asked_by else lines
    if not pen.holder:
        return [say("pen-free")]
    lines = [say("pen-held", holder=pen.holder)]
    return [*lines, say("pen-take-at", at=moment(pen.may_take_at))] if pen.may_take_at else lines
