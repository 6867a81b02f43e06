"""Declare one business at any time: its pending rows become a declaration of their own, apart from the month."""

from __future__ import annotations

from dataclasses import dataclass

from unitclient.domain.findings import Finding, Severity
from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.store.declarations import find_declarations, set_transport
from unitclient.store.items import ItemState, items, reopen
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.texts import finding_texts
from unitclient.workflows.correcting import correctable
from unitclient.workflows.desk import Desk, unhindered
from unitclient.workflows.pen_state import refuse_without_pen
from unitclient.workflows.prepare import UNSIGNED, declare_items
from unitclient.workflows.rights import needs


@dataclass(frozen=True, slots=True)
class FormPrepared:
    """A business prepared: the declaration, its rows, and what was found on rows that stay pending."""

    declaration_id: str
    form: str
    period: Period
    rows: int
    findings: tuple[Finding, ...]


@needs("prepare")
@unhindered()
def prepare_form(
    desk: Desk, unit: Unit, form_id: str, period: Period | None = None, *, correct: str = ""
) -> FormPrepared:
    """Make a declaration of everything pending of one business; an unsigned one of the same month is made anew.

    `correct` is the id of an accepted declaration of this business: the pending rows replace all of its rows, in its
    month (`correcting.rows_again` stages those that were right).

    UserError pen-elsewhere, form-unknown, form-by-month for a business that goes with the month only, nothing-pending
    when no row waits, pending-refused when none of those that wait is right; for a correction what `correctable`
    raises.
    """
    refuse_without_pen(desk, unit)
    form = desk.catalog.form(form_id)
    if form.effect is ChangeKind.ASSESS:
        raise UserError("form-by-month", form=str(form.title))
    target = correctable(desk, unit, form, correct) if correct else None
    month = Period.parse(target.period) if target else period or Period.of(desk.today())
    with desk.store.write("form.prepare", subject=form.id) as act:
        _drop_unsigned(desk, unit, form.id, month)
        pending = items(desk.store, unit.unit_number, form.id, ItemState.PENDING)
        declaration, taken, findings = declare_items(desk, unit, form, pending, month, (), corrects=target)
        wrong = next((told for told in findings if told.severity is Severity.ERROR), None)
        if declaration is None and wrong is not None:
            reason, fix = finding_texts(wrong.code, wrong.params, wrong.value)
            raise UserError("pending-refused", form=str(form.title), reason=reason, fix=fix)
        if declaration is None:
            raise UserError("nothing-pending", form=str(form.title))
        act.detail.update(rows=len(taken))
    return FormPrepared(declaration.id, form.id, month, len(taken), tuple(findings))


def _drop_unsigned(desk: Desk, unit: Unit, form: str, period: Period) -> None:
    for known in find_declarations(desk.store, unit.unit_number, period=str(period), form=form, payloads=False):
        if known.transport in UNSIGNED and known.kind != "void" and known.acceptance is None:
            reopen(desk.store, known.id)
            set_transport(desk.store, known.id, Transport.WITHDRAWN, note="prepared-again")
