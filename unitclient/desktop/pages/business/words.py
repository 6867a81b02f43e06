"""How values of a form read on the screen, and how they stand in an input field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from unitclient.catalog.form_file import GROUPS
from unitclient.catalog.loader import Catalog
from unitclient.catalog.model import Field, FieldType, Form
from unitclient.catalog.tables import Row, Table
from unitclient.desktop.theme.tokens import State
from unitclient.domain.files import is_stored_name
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.money import format_fen
from unitclient.domain.roster import ChangeKind
from unitclient.texts import finding_texts, language, say

STATE_OF = {Severity.ERROR: State.ERR, Severity.WARNING: State.WARN, Severity.NOTICE: State.INFO}
"""How a finding looks."""
SENSITIVE = {
    FieldType.ID_NUMBER: "id",
    FieldType.BANK_CARD: "id",
    FieldType.PHONE: "phone",
    FieldType.MONEY: "money",
}
"""Types of fields that are hidden while values are masked, and how."""
_EFFECTS = (ChangeKind.ENROL, ChangeKind.STOP, ChangeKind.WAGE, ChangeKind.BACK_PAYMENT, ChangeKind.RECORD)


def entered_forms(catalog: Catalog) -> list[Form]:
    """The businesses that are entered row by row, by group; in each those that move the roster or the wage first."""
    forms = [form for form in catalog.forms.values() if form.importable]
    places = {effect: place for place, effect in enumerate(_EFFECTS)}
    return sorted(forms, key=lambda form: (GROUPS.index(form.group), places.get(form.effect, len(places)), form.id))


def choice_label(row: Row) -> str:
    """A row of a code table with its code, where the code is one that people know."""
    code = row.national or (row.code if row.code.isdigit() else "")
    return f"{code} {row.label(language())}".strip()


def choices(field: Field) -> list[tuple[str, str]]:
    """(code, code and name) of a field's code table, in order."""
    return [(row.code, choice_label(row)) for row in field.table.rows] if field.table is not None else []


def shown(field: Field, value: Any, insurances: Table | None = None) -> str:
    """A value as it reads in a table or note; nothing for None."""
    if value is None:
        return ""
    if field.type is FieldType.MONEY and isinstance(value, int):
        return yuan(value)
    if field.table is not None and field.type is not FieldType.INSURANCES:
        return field.table.label(str(value), language())
    if field.file is not None and is_stored_name(str(value)):
        digest, _, kind = str(value).partition(".")
        return say("d-business-file-kept", kind=kind.upper(), digest=digest[:8])
    if isinstance(value, list | tuple):
        return say("d-business-list-comma").join(insurance_name(str(each), insurances) for each in value)
    return str(value)


def insurance_name(code: str, insurances: Table | None) -> str:
    """What an insurance is called."""
    return insurances.label(code, language()) if insurances is not None else code


def yuan(fen: int) -> str:
    """An amount with thousands separators and two decimals."""
    whole, _, rest = format_fen(fen).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}.{rest}"


def typed(field: Field, value: Any) -> Any:
    """A staged value as an input field starts with it: amounts in yuan, everything else as it is."""
    if field.type is FieldType.MONEY and isinstance(value, int):
        return yuan(value)
    return value


def sentence(finding: Finding, title: str, hidden: str = "") -> str:
    """What is wrong and what to do, in one line. `hidden` is shown in place of the value found."""
    why, fix = finding_texts(finding.code, {"field": title, **finding.params}, hidden or finding.value)
    return f"{why} {fix}".strip()


def titles(form: Form) -> Mapping[str, str]:
    """{field: title} in the language in use."""
    return {field.name: str(field.title) for field in form.fields}


def worst(findings: Iterable[Finding]) -> State | None:
    """How a row with these findings stands; None without any."""
    order = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)
    found = {finding.severity for finding in findings}
    return next((STATE_OF[severity] for severity in order if severity in found), None)
