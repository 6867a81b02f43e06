"""How people, their changes and what was found read on the roster page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from unitclient.catalog.loader import Catalog
from unitclient.catalog.model import FieldType, Form
from unitclient.desktop.masking import HIDDEN, mask
from unitclient.desktop.theme.tokens import State
from unitclient.domain.findings import Finding, Severity
from unitclient.store.items import Item
from unitclient.store.person_notes import ARRIVING
from unitclient.texts import catalogue, finding_texts, say

STATE_OF = {Severity.ERROR: State.ERR, Severity.WARNING: State.WARN, Severity.NOTICE: State.INFO}
"""How a finding looks."""
LOOKS: Mapping[str, tuple[State, str]] = {
    ARRIVING: (State.INFO, "＋"),
    "suspended": (State.OFF, "○"),
    "terminated": (State.OFF, "－"),
}
"""State and sign of people who are not simply insured; those who are need no colour."""
_MASKS = {FieldType.ID_NUMBER: "id", FieldType.BANK_CARD: "id", FieldType.PHONE: "phone", FieldType.MONEY: "money"}


def state_word(state: str) -> str:
    """How somebody stands."""
    return say(f"d-roster-state-{state}")


def insurances(names: Iterable[str]) -> str:
    """Insurances by their short names."""
    return say("d-roster-comma").join(_insurance(name) for name in names)


def _insurance(name: str) -> str:
    key = f"insurance-{name}"
    return say(key) if key in catalogue()["text"] else name


def changes(rows: Sequence[Item], catalog: Catalog) -> str:
    """Rows on their way: form and how far each is."""
    return say("d-roster-comma").join(
        say("d-roster-change-of", form=form_title(catalog, row.form), state=say(f"d-item-{row.state.value}"))
        for row in rows
    )


def form_title(catalog: Catalog, form_id: str) -> str:
    """The title of a form, or its id when this version has no such form."""
    form = catalog.forms.get(form_id)
    return str(form.title) if form is not None else form_id


def sentence(finding: Finding, form: Form | None, *, masked: bool = False) -> str:
    """What is wrong and what to do now. While values are masked, the value found is masked like its cell."""
    field = form.by_name.get(finding.field) if form is not None else None
    value = finding.value
    if masked and field is not None and field.type in _MASKS:
        value = mask(_MASKS[field.type], value) if value else value
    if finding.code not in catalogue()["finding"]:
        return say("d-roster-finding-unknown", code=finding.code, value=HIDDEN if masked else value)
    title = str(field.title) if field is not None else ""
    why, fix = finding_texts(finding.code, {"field": title, **finding.params}, value)
    return f"{why} {fix}".strip()


def worst(states: Iterable[State]) -> State | None:
    """The gravest of some states."""
    found = set(states)
    return next((state for state in (State.ERR, State.WARN, State.INFO) if state in found), None)
