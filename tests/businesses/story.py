"""What is seen of every business, in the order of the clerk's day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.businesses.cases import Refuse
from tests.businesses.walk import Walk
from tests.e2e.office import MONTH, ask
from unitclient.catalog.model import Desk
from unitclient.catalog.reasons import reasons_of
from unitclient.store.items import ItemState, items
from unitclient.workflows.declaring import prepare_form

GOOD = 2
"""Good rows of the batch; one more is returned first and mended."""
NOT_CORRECTED = tomllib.loads((Path(__file__).parent / "reasons.toml").read_text("utf-8"))["not-corrected"]
"""Businesses whose accepted rows are not replaced, and why."""
_OF_TYPES = frozenset({"BAD_CODE", "BAD_DATE", "B101", "B103", "NAME_CHARS"})
"""What a cell may be refused for by its type, in any business."""


def tell(walk: Walk) -> None:
    """Refusals on both ends, a batch with bad rows, what is returned and mended, and what was accepted corrected."""
    what_is_refused(walk, [reason for reason in walk.case.refuse if reason.first])
    walk.come_here(GOOD + 1)
    what_is_refused(walk, [reason for reason in walk.case.refuse if not reason.first])
    made = a_batch_keeps_its_good_rows(walk)
    for register, state in walk.case.after.items():
        assert walk.comes_to(register) == state
    what_was_accepted_is_corrected(walk, made)
    what_is_returned_is_mended(walk)


def what_is_refused(walk: Walk, reasons: Iterable[Refuse]) -> None:
    """The same rules hold here and at the centre, for what comes past the client."""
    assert walk.case.refuse, "a business has reasons to refuse"
    known = reasons_of(walk.form, walk.clerk.desk.catalog.registers) | _OF_TYPES
    for reason in reasons:
        assert reason.code in known, f"{walk.form.id}: nothing in the form gives {reason.code}"
        row = walk.case.row(GOOD + 1, reason.change)
        if reason.by != "centre":
            taken = walk.imports([row])
            assert taken.taken == 0, reason
            assert reason.code in {told.code for told in taken.findings}, (reason, taken.findings)
        if reason.by != "client":
            told = walk.sends_other_file(row, reason.of_file) if reason.of_file else walk.sends_unchecked(row)
            assert (told[0], reason.code in told[1]) == ("returned", True), (reason, told)


def a_batch_keeps_its_good_rows(walk: Walk) -> str:
    """Bad rows come back alone, with the reason, and so does one that is there twice; the good ones are declared.

    Who is declared and not decided yet is not declared again. The declaration's id.
    """
    bad = next(reason for reason in walk.case.refuse if reason.by != "centre" and not reason.first)
    wrong = walk.case.row(GOOD + 1, bad.change)
    rows = [walk.case.row(n) for n in range(1, GOOD + 1)]
    taken = walk.imports([*rows, wrong, walk.case.twin(GOOD, walk.form)])
    assert (taken.taken, taken.refused) == (GOOD, 2), taken.findings
    assert {bad.code, "DUPLICATE_ROW"} <= {told.code for told in taken.findings}
    only_these_are_given_back(walk, taken.error_workbook, wrong)
    made = prepare_form(walk.clerk.desk, walk.clerk.unit, walk.form.id, MONTH).declaration_id
    walk.clerk.signs(made)
    again = walk.imports([walk.case.twin(1, walk.form)])
    assert again.taken == 0
    assert {"B203", "B303"} & {told.code for told in again.findings}, again.findings
    assert walk.follow(made) == "accepted"
    return made


def only_these_are_given_back(walk: Walk, workbook: Path | None, wrong: dict[str, object]) -> None:
    """The workbook of what was refused has the wrong row, and not the first good one."""
    assert workbook is not None
    given_back, key = cells_of(workbook), walk.form.key[0]
    good = walk.case.row(1)[key]
    assert key not in wrong or str(wrong[key]) in given_back
    assert good in (wrong.get(key), walk.case.row(GOOD)[key]) or str(good) not in given_back


def cells_of(path: Path) -> set[str]:
    """Everything that stands in the first sheet of a workbook."""
    book = openpyxl.load_workbook(path)
    found = {str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None}
    book.close()
    return found


def what_is_returned_is_mended(walk: Walk) -> None:
    """What the desk gives back waits again, is mended and goes through; without a desk the row is but the next one."""
    clerk, form = walk.clerk, walk.form
    if form.desk is not Desk.NEVER:
        ask(clerk.unit.centre_url, "PUT", f"/practice/desk/units/{clerk.unit_number}/standing", {"ordinary": True})
        assert walk.imports([walk.case.row(GOOD + 1)]).refused == 0
        made = prepare_form(clerk.desk, clerk.unit, form.id, MONTH).declaration_id
        word = walk.follow(made, desk_returns=True)
        assert word == "returned", (word, clerk.status(made).refusals)
        assert len(items(clerk.base.store, clerk.unit_number, form.id, ItemState.PENDING)) == 1
    taken = walk.imports([walk.case.twin(GOOD + 1, form)])
    assert (taken.taken, taken.refused) == (1, 0), taken.findings
    assert walk.sends() == "accepted"


def what_was_accepted_is_corrected(walk: Walk, made: str) -> None:
    """The rows of the batch replace themselves (更正申报); of two equal ones the centre gives one back.

    What cannot be undone any more (reasons.toml) is not replaced: that is said here or by the centre.
    """
    clerk, rows = walk.clerk, [walk.case.row(n) for n in range(1, GOOD + 1)]
    if walk.form.id in NOT_CORRECTED:
        assert corrects_nothing(walk, rows, made)
        return
    taken = walk.imports(rows, correct=made)
    assert (taken.taken, taken.refused) == (GOOD, 0), taken.findings
    second = prepare_form(clerk.desk, clerk.unit, walk.form.id, MONTH, correct=made).declaration_id
    assert walk.follow(second) == "accepted", clerk.status(second).refusals
    assert clerk.status(made).declaration.acceptance == "replaced"
    word, codes = walk.sends_unchecked(*rows, rows[-1], correct=second)
    assert (word, "DUPLICATE_ROW" in codes) == ("partly-accepted", True), (word, codes)


def corrects_nothing(walk: Walk, rows: Sequence[Mapping[str, Any]], made: str) -> bool:
    """Whether a correction is refused, with a reason, and the accepted declaration stands."""
    word, codes = walk.sends_unchecked(*rows, correct=made)
    stands = walk.clerk.status(made).declaration.acceptance == "accepted"
    return word == "returned" and bool(codes) and stands
