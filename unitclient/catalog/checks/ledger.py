"""Checks against what was billed and what arrived. The centre alone knows: without a ledger they say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.catalog.checks.registry import RowCheck, field_param, optional_field, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field
from unitclient.domain.money import format_fen


@row_check(
    "not-more-than-arrived",
    refuses=("B702", "REFUND_TOO_MUCH"),
    number=field_param("id_number"),
    insurance=field_param("insurance"),
    month=field_param("month"),
    amount=field_param("amount"),
    side=optional_field("side"),
)
def not_more_than_arrived(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Nothing is given back that never came (B702), and no more than came (REFUND_TOO_MUCH).

    `side` is a code field: "unit" or "person" compares with that part alone, anything else with both.
    """
    insurance, month, amount, side = (params[name] for name in ("insurance", "month", "amount", "side"))

    def run(row: RowState) -> None:
        ledger, values = row.context.ledger, row.values
        if ledger is None or not row.person_id:
            return
        most = ledger.arrived(row.person_id, values[insurance], values[month]).part(values.get(side))
        if not most:
            row.refuse("B702", amount, month=values[month])
        elif values[amount] > most:
            row.refuse("REFUND_TOO_MUCH", amount, most=format_fen(most))

    return run


@row_check("month-billed", refuses=("MONTH_NOT_BILLED",), month=field_param("month"))
def month_billed(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """The month must have a bill."""
    month = params["month"]

    def run(row: RowState) -> None:
        ledger = row.context.ledger
        if ledger is not None and not ledger.is_billed(row.values[month]):
            row.refuse("MONTH_NOT_BILLED", month)

    return run
