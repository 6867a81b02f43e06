"""The employer units this computer declares for, and which one is in front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from unitclient.errors import UserError
from unitclient.store import jsontext
from unitclient.store.models import UnitRow
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. `ca_pem` are the trust anchors of its centre, `device_key` the raw Ed25519 private key that reads there.

    `key_ref` says which signing key is the unit's (never a handle, never a PIN); `insurances` are the domain's words.
    `created_at` and `selected` are the store's to set.
    """

    unit_number: str
    uscc: str
    name: str
    region: str
    centre_url: str
    service: str
    ca_pem: str
    practice: bool = False
    key_ref: Mapping[str, Any] = field(default_factory=dict)
    certificate_der: bytes = b""
    insurances: tuple[str, ...] = ()
    device_id: str = ""
    device_key: bytes = field(default=b"", repr=False)
    operator: str = ""
    created_at: datetime | None = None
    selected: bool = False


def add_unit(store: Store, unit: Unit) -> None:
    """Add a unit, or replace everything about a known one but when it was made and whether it is selected."""
    known = store.row(UnitRow.select().where(UnitRow.unit_number == unit.unit_number))
    columns = _columns(unit)
    if known is None:
        store.change(UnitRow.insert({**columns, "created_at": to_text(store.now()), "selected": False}))
    else:
        store.change(UnitRow.update(columns).where(UnitRow.unit_number == unit.unit_number))


def list_units(store: Store) -> list[Unit]:
    """All units, by name."""
    return [_unit(row) for row in store.rows(UnitRow.select().order_by(UnitRow.name, UnitRow.unit_number))]


def get_unit(store: Store, unit_number: str) -> Unit:
    """One unit; UserError unit-unknown."""
    row = store.row(UnitRow.select().where(UnitRow.unit_number == unit_number))
    if row is None:
        raise UserError("unit-unknown", unit=unit_number)
    return _unit(row)


def selected_unit(store: Store) -> Unit:
    """The unit the commands are about; UserError no-unit when none was selected."""
    row = store.row(UnitRow.select().where(UnitRow.selected == True))  # noqa: E712 - builds SQL
    if row is None:
        raise UserError("no-unit")
    return _unit(row)


def select_unit(store: Store, unit_number: str) -> None:
    """Put a unit in front; UserError unit-unknown."""
    get_unit(store, unit_number)
    store.change(UnitRow.update(selected=False).where(UnitRow.selected == True))  # noqa: E712 - builds SQL
    store.change(UnitRow.update(selected=True).where(UnitRow.unit_number == unit_number))


def _columns(unit: Unit) -> dict[str, Any]:
    texts = ("unit_number", "uscc", "name", "region", "centre_url", "service", "ca_pem", "practice",
             "certificate_der", "device_id", "device_key", "operator")  # fmt: skip
    columns = {name: getattr(unit, name) for name in texts}
    return {**columns, "key_ref": jsontext.dump(dict(unit.key_ref)), "insurances": jsontext.dump(unit.insurances)}


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(
        **{
            **row,
            "key_ref": jsontext.load(row["key_ref"]),
            "insurances": tuple(jsontext.load(row["insurances"])),
            "certificate_der": bytes(row["certificate_der"]),
            "device_key": bytes(row["device_key"]),
            "created_at": from_text(row["created_at"]),
        }
    )
