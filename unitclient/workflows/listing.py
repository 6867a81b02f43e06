"""Papers of businesses with rows to sign and registers that issue: a declaration's list, and the certificates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unitclient.catalog.model import Field, FieldType, Form
from unitclient.clock import CHINA
from unitclient.documents.capital import figures
from unitclient.documents.certificate import render_certificate
from unitclient.documents.issued import NUMBER, certificate_data, certificate_title
from unitclient.documents.listing import render_list
from unitclient.documents.model import ListColumn, ListData, Marks, UnitHead
from unitclient.domain.period import Period
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.store.declarations import Declaration, get_declaration
from unitclient.store.registers import get_entry, list_entries
from unitclient.store.units import Unit
from unitclient.sync import protocol
from unitclient.texts import catalogue, language, say
from unitclient.workflows.desk import Desk
from unitclient.workflows.paper_files import centre_name, write_file
from unitclient.workflows.papers import document_of_entry, signed_certificate
from unitclient.workflows.rights import needs

_LEAST_WIDTH = {FieldType.ID_NUMBER: 30, FieldType.BANK_CARD: 30}
"""Numbers that must not be broken over two lines on the portrait page."""


@needs("export")
def write_list(desk: Desk, unit: Unit, declaration_id: str, folder: Path) -> Path:
    """Write the list of a declaration's rows, as the business prints them ([print]); it may be signed or sent or not.

    UserErrors declaration-unknown, file-unwritable, font-missing.
    """
    known = get_declaration(desk.store, declaration_id)
    if known is None or known.unit != unit.unit_number:
        raise UserError("declaration-unknown", id=declaration_id)
    name, paper = list_file(desk, unit, known)
    return write_file(folder / name, paper)


def has_list(desk: Desk, known: Declaration) -> bool:
    """Whether the business prints its rows to be signed; the month has a summary of its own."""
    form = desk.catalog.form(known.form, known.form_version)
    return bool(form.print.signatures) and form.effect is not ChangeKind.ASSESS


def list_file(desk: Desk, unit: Unit, known: Declaration) -> tuple[str, bytes]:
    """(file name, PDF) of a declaration's list."""
    form = desk.catalog.form(known.form, known.form_version)
    number = known.acceptance_number or known.id
    return f"list-{known.form}-{number}.pdf", render_list(_list(desk, unit, form, known, number))


def _list(desk: Desk, unit: Unit, form: Form, known: Declaration, number: str) -> ListData:
    declared = protocol.Declaration.from_bytes(known.payload)
    rows = [dict(zip(declared.columns, row, strict=True)) for row in declared.rows]
    fields = [form.field(name) for name in form.print.columns]
    sums = tuple(_sum(field, rows) if field.name in form.print.sums else "" for field in fields)
    return ListData(
        unit=_head(unit),
        period=Period.parse(known.period),
        marks=_marks(desk, unit),
        title=str(form.print.title),
        number=number,
        columns=tuple(ListColumn(str(field.title), _LEAST_WIDTH.get(field.type, field.width)) for field in fields),
        rows=tuple(tuple(cell_words(field, row.get(field.name)) for field in fields) for row in rows),
        sums=sums if form.print.sums else (),
        signatures=tuple(str(who) for who in form.print.signatures),
        rows_per_page=form.print.rows_per_page,
    )


def cell_words(field: Field, value: Any) -> str:
    """A row's value as people read it: codes and insurances by their names, money in yuan."""
    if value is None:
        return ""
    if field.table is not None:
        return field.table.label(str(value), language())
    if field.type is FieldType.MONEY:
        return figures(value)
    if field.type is FieldType.INSURANCES:
        return say("document-comma").join(_insurance(name) for name in value)
    return str(value)


def _insurance(name: str) -> str:
    key = f"insurance-{name}"
    return say(key) if key in catalogue()["text"] else name


def _sum(field: Field, rows: list[dict[str, Any]]) -> str:
    total = sum(row.get(field.name) or 0 for row in rows)
    return figures(total) if field.type is FieldType.MONEY else str(total)


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that the centre issued, as it is listed. `state` is the word of its register; days are "YYYY-MM-DD"."""

    register: str
    key: str
    title: str
    name: str
    number: str
    state: str
    valid: bool
    issued_on: str
    valid_until: str


def certificates(desk: Desk, unit: Unit) -> list[Issued]:
    """Every paper that the centre issued to the unit, the newest first."""
    today = desk.now().astimezone(CHINA).date().isoformat()
    found = []
    for register in desk.catalog.registers.values():
        if register.issue is None:
            continue
        for entry, _ in list_entries(desk.store, unit.unit_number, register.name):
            told = entry.values
            if NUMBER in told:
                valid = entry.state == register.issue.state and today <= told["valid_until"]
                found.append(
                    Issued(register.name, entry.key, certificate_title(desk.catalog, entry), told.get("name", ""),
                           told[NUMBER], entry.state, valid, told["issued_on"], told["valid_until"])
                )  # fmt: skip
    return sorted(found, key=lambda one: one.number, reverse=True)


@needs("export")
def write_certificate(desk: Desk, unit: Unit, register: str, key: str, folder: Path) -> Path:
    """Write a paper that the centre issued from one of its registers. UserErrors certificate-none, file-unwritable."""
    entry = get_entry(desk.store, unit.unit_number, register, key)
    signed = document_of_entry(desk, unit, register, key)
    if entry is None or signed is None or NUMBER not in entry.values:
        raise UserError("certificate-none")
    data = certificate_data(desk.catalog, entry, _head(unit), _marks(desk, unit), signed.sha256)
    return write_file(folder / f"certificate-{data.number}.pdf", render_certificate(data))


@needs("export")
def write_best_certificate(
    desk: Desk, unit: Unit, register: str, key: str, folder: Path
) -> tuple[Path, UserError | None]:
    """Write a certificate as the centre signed it, or where that cannot be had a print; (path, why it is a print).

    UserErrors certificate-none, file-unwritable.
    """
    try:
        pdf = signed_certificate(desk, unit, register, key)
    except UserError as refusal:
        return write_certificate(desk, unit, register, key, folder), refusal
    entry = get_entry(desk.store, unit.unit_number, register, key)
    assert entry is not None, "a certificate has an entry"
    return write_file(folder / f"certificate-{entry.values[NUMBER]}-signed.pdf", pdf), None


def _head(unit: Unit) -> UnitHead:
    return UnitHead(unit.name, unit.unit_number, unit.uscc)


def _marks(desk: Desk, unit: Unit) -> Marks:
    return Marks(centre_name(desk, unit), desk.now(), practice=unit.practice)
