"""Doing one business after another at one office, for tests that follow what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.businesses.cases import Case
from tests.businesses.walk import Walk
from tests.e2e.office import MONTH, Office, ask
from unitclient.domain.period import Period
from unitclient.store.declarations import find_declarations
from unitclient.workflows.bills import Bill, bills
from unitclient.workflows.declaring import prepare_form


def does(clerk: Office, form: str, row: Mapping[str, Any], period: Period = MONTH) -> str:
    """Import one row, declare, send; the centre's word. The desk takes what it is asked about."""
    walk = Walk(clerk, Case(form, row, (), (), {}))
    taken = walk.imports([row], period)
    assert taken.refused == 0, (form, taken.findings)
    return walk.sends(period)


def refused(clerk: Office, form: str, row: Mapping[str, Any]) -> set[str]:
    """Codes for which a row is not even taken here."""
    taken = Walk(clerk, Case(form, row, (), (), {})).imports([row])
    assert taken.refused == 1
    return {finding.code for finding in taken.findings}


def sends_off(clerk: Office, form: str, row: Mapping[str, Any]) -> str:
    """Import one row, declare and send it, and ask nobody to decide; the declaration's id."""
    taken = Walk(clerk, Case(form, row, (), (), {})).imports([row])
    assert taken.refused == 0, (form, taken.findings)
    declaration = prepare_form(clerk.desk, clerk.unit, form, MONTH).declaration_id
    clerk.signs(declaration)
    clerk.syncs()
    return declaration


def bank(clerk: Office, behaviour: str) -> None:
    """What the bank does with this unit's debits from now on."""
    ask(clerk.unit.centre_url, "PUT", f"/practice/bank/{clerk.unit_number}", {"behaviour": behaviour})


def desk_step(clerk: Office, register: str, key: str, step: str, values: Mapping[str, str]) -> None:
    """The bureau's desk moves an entry, and this computer hears of it."""
    body = {"register_name": register, "key": key, "step": step, "values": dict(values)}
    ask(clerk.unit.centre_url, "POST", f"/practice/desk/units/{clerk.unit_number}/steps", body)
    clerk.syncs()


def only_bill(clerk: Office) -> Bill:
    """The unit's one bill as it is now."""
    clerk.settles()
    (bill,) = bills(clerk.desk, clerk.unit)
    return bill


def last_of(clerk: Office, form: str) -> str:
    """The newest declaration of a form."""
    return find_declarations(clerk.base.store, clerk.unit_number, form=form)[-1].id


def text_of(path: Path) -> str:
    """What can be read on a paper, without blanks."""
    from tests.documents.papers import text_of as read

    return read(path.read_bytes(), path.parent)
