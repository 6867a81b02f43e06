"""Synthetic units, persons, declarations and submissions."""

from __future__ import annotations

from datetime import UTC, datetime

from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person
from unitclient.store import Store, outbox, units
from unitclient.store.declarations import Declaration, add_declaration, set_transport
from unitclient.store.documents import StoredDocument, add_document
from unitclient.store.transport import Transport

UNIT = "510100000001"
AT = datetime(2026, 1, 4, 2, 30, tzinfo=UTC)


def unit(number: str = UNIT, **changes: object) -> units.Unit:
    members: dict[str, object] = {
        "unit_number": number,
        "uscc": "91510100MA61RGXX0A",
        "name": "成都市𠮷祥餐饮有限公司",
        "region": "510100",
        "centre_url": "http://127.0.0.1:1/",
        "service": "practice",
        "ca_pem": "-----BEGIN CERTIFICATE-----",
        "practice": True,
        "key_ref": {"kind": "pkcs12", "path": "keys/unit.p12"},
        "certificate_der": b"\x30\x00",
        "insurances": ("pension", "injury"),
        "device_id": "d1",
        "device_key": bytes(32),
        "operator": "经办",
    }
    return units.Unit(**{**members, **changes})  # type: ignore[arg-type]  # names and types as above


def add_unit(store: Store, number: str) -> None:
    with store.write("unit.add", subject=number):
        units.add_unit(store, unit(number))


def person(number: int, **changes: object) -> Person:
    members: dict[str, object] = {
        "id_number": f"99000019900101{number:04d}",
        "name": f"张测{number}",
        "wage_fen": 500_000 + number,
        "coverage": {"pension": Coverage(Period(2025, 3)), "injury": Coverage(Period(2025, 3), Period(2025, 11))},
        "since": Period(2025, 3),
        "wage_since": Period(2025, 7),
    }
    return Person(**{**members, **changes})  # type: ignore[arg-type]  # names and types as above


def declare(
    store: Store,
    declaration_id: str,
    *,
    upto: Transport = Transport.DRAFT,
    form: str = "monthly",
    requires: tuple[str, ...] = (),
) -> Declaration:
    """Record a declaration and walk it to `upto` (draft, checked or signed)."""
    declaration = Declaration(
        id=declaration_id,
        unit=UNIT,
        form=form,
        form_version="2026",
        period="2026-01",
        payload=b'{"header":{}}',
        row_count=2,
        prepared_at=AT,
        requires=requires,
        totals={"pension": {"unit": 80_000, "person": 40_000}},
    )
    with store.write("declaration.add", subject=declaration_id):
        add_declaration(store, declaration)
        for state in (Transport.CHECKED, Transport.SIGNED):
            if upto is Transport.DRAFT:
                break
            set_transport(store, declaration_id, state)
            if upto is state:
                break
    return declaration


def enqueue(
    store: Store,
    declaration_id: str,
    *,
    deadline: datetime | None = None,
    total_fen: int = 0,
    form: str = "monthly",
    requires: tuple[str, ...] = (),
) -> bytes:
    """A signed declaration in the outbox; gives its container."""
    declare(store, declaration_id, upto=Transport.SIGNED, form=form, requires=requires)
    container = f"container of {declaration_id}".encode()
    with store.write("outbox.queue", subject=declaration_id):
        outbox.queue(store, declaration_id, UNIT, container, deadline=deadline, total_fen=total_fen)
    return container


def keep_document(store: Store, ref: str, kind: str = "acceptance", submission_id: str | None = None) -> StoredDocument:
    document = StoredDocument(UNIT, ref, kind, f'{{"ref":"{ref}"}}'.encode(), b"cms", submission_id)
    with store.write("document.add", subject=ref):
        add_document(store, document)
    return document
