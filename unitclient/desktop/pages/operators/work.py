"""What the operators page does in the lanes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.desktop.pages.operators.state import Act, OperatorLine, OperatorsState
from unitclient.desktop.pages.sign.work import OpenHelper
from unitclient.store.keys import needs_passphrase
from unitclient.tokens.keyref import KeyRef, PinPrompt
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows import operators, recovering
from unitclient.workflows.journal_files import JournalReport, check_journal, check_journal_file, export_journal

if TYPE_CHECKING:
    from unitclient.desktop.tasks import TaskContext

__all__ = ["OpenHelper", "allow_certificate", "check", "check_file", "do", "export", "make_code", "read"]


def read(context: TaskContext) -> OperatorsState:
    """All operators, and the ways back in."""
    desk = context.desk()
    lines = tuple(
        OperatorLine(one.name, one.role, one.blocked, one.must_change, one.deputy_for, one.deputy_until,
                     mine=one.name == desk.store.operator)
        for one in operators.operators(desk)
    )  # fmt: skip
    state = OperatorsState(reading=False, operators=lines, ways=recovering.ways(desk.home))
    return replace(state, opens_alone=not needs_passphrase(desk.home))


def do(context: TaskContext, act: Act, name: str) -> None:
    """Block, let in again, or end standing in: what needs no further word."""
    desk = context.desk()
    if act is Act.END:
        operators.stand_in(desk, name, "", None)
    else:
        operators.block_operator(desk, name, act is Act.BLOCK)


def make_code(context: TaskContext) -> str:
    """A new recovery code."""
    return recovering.make_code(context.desk())


def allow_certificate(context: TaskContext, helper: KeyHelper, prompt: PinPrompt) -> None:
    """Let the key of the unit in front open the database."""
    desk, unit = context.desk(), context.unit()
    with helper, helper.open_signer(KeyRef.from_dict(unit.key_ref), prompt) as signer:
        recovering.allow_certificate(desk, unit, signer)


def check(context: TaskContext) -> JournalReport:
    """Check the journal in the database."""
    return check_journal(context.desk())


def check_file(context: TaskContext, path: Path) -> JournalReport:
    """Check an exported journal, and whether the database holds the same."""
    return check_journal_file(path, context.desk())


def export(context: TaskContext, path: Path) -> JournalReport:
    """Write the journal into a file."""
    return export_journal(context.desk(), path)
