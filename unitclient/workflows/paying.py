"""Ask for the debit again once the reason of its failure is mended. The centre decides; nothing here says paid."""

from __future__ import annotations

import json
from typing import Any

from unitclient.errors import UserError
from unitclient.store.declarations import get_declaration
from unitclient.store.documents import latest_document
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind, Money
from unitclient.workflows.centre import centre_refusals, open_engine
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs


@needs("pay")
def ask_again(desk: Desk, unit: Unit, declaration_id: str) -> dict[str, Any]:
    """Ask the centre to debit the bill of a declaration again; {"bill_id", "number", "total_fen"}.

    UserError declaration-unknown, debit-not-failed when its last debit did not fail.
    """
    known = get_declaration(desk.store, declaration_id)
    if known is None or known.unit != unit.unit_number:
        raise UserError("declaration-unknown", id=declaration_id)
    document = latest_document(desk.store, unit.unit_number, DocumentKind.BILL, declaration_id)
    if document is None or known.money != Money.DEBIT_FAILED:
        raise UserError("debit-not-failed", id=declaration_id)
    bill = json.loads(document.document)
    with open_engine(desk, unit) as engine, centre_refusals(unit):
        engine.client.retry_debit(unit.unit_number, bill["bill_id"])
    return {"bill_id": bill["bill_id"], "number": bill["number"], "total_fen": bill["total_fen"]}
