"""What is seen of every business, in the order of the clerk's day."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.businesses.walk import Walk

GOOD = 2
"""Good rows of the batch; one more is returned by the centre first and mended."""


def tell(walk: Walk) -> None:
    """Refusals on both ends, a batch with bad rows, a return that is mended, and the good rows accepted."""
    walk.come_here(GOOD + 1)
    each_reason_is_seen_by_the_centre_too(walk)
    a_batch_keeps_its_good_rows(walk)
    assert walk.sends() == "accepted"
    for register, state in walk.case.after.items():
        assert walk.comes_to(register) == state
    what_was_returned_is_mended(walk)


def each_reason_is_seen_by_the_centre_too(walk: Walk) -> None:
    """The same rules hold at the centre for what comes past the client."""
    assert walk.case.refuse, "a business has reasons to refuse"
    for reason in walk.case.refuse:
        if reason.by == "client":
            continue
        word, codes = walk.sends_unchecked(walk.case.row(GOOD + 1, reason.change))
        assert (word, reason.code in codes) == ("returned", True), (reason, word, codes)


def a_batch_keeps_its_good_rows(walk: Walk) -> None:
    """Bad rows come back alone, with the reason; the good ones wait to be declared."""
    bad = [reason for reason in walk.case.refuse if reason.by != "centre"]
    for reason in bad:
        taken = walk.imports([walk.case.row(GOOD + 1, reason.change)])
        assert taken.taken == 0, reason
        assert reason.code in {told.code for told in taken.findings}, (reason, taken.findings)
    rows = [walk.case.row(n) for n in range(1, GOOD + 1)]
    taken = walk.imports([*rows, *(walk.case.row(GOOD + 1, reason.change) for reason in bad[:1])])
    assert (taken.taken, taken.refused) == (GOOD, len(bad[:1])), taken.findings
    if bad:
        assert taken.error_workbook is not None
        given_back = cells_of(taken.error_workbook)
        key = walk.form.key[0]
        wrong = walk.case.row(GOOD + 1, bad[0].change)
        assert str(wrong.get(key, walk.case.row(GOOD + 1)[key])) in given_back or key in bad[0].change
        assert not any(str(row[key]) in given_back for row in rows if row[key] != wrong.get(key))


def cells_of(path: Path) -> set[str]:
    """Everything that stands in the first sheet of a workbook."""
    book = openpyxl.load_workbook(path)
    found = {str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None}
    book.close()
    return found


def what_was_returned_is_mended(walk: Walk) -> None:
    """The row that the centre returned is entered right, and goes through."""
    taken = walk.imports([walk.case.row(GOOD + 1)])
    assert taken.refused == 0, taken.findings
    assert walk.sends() == "accepted"
