"""Templates: the workbook to fill in for a form, with the roster already in it where that helps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unitclient.errors import UserError
from unitclient.sheets.template import write_template
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import keep_aside, refuse_unwritable
from unitclient.workflows.rights import PERSONS, need
from unitclient.workflows.roster import RosterEntry, roster

_GONE = "terminated"


@dataclass(frozen=True, slots=True)
class TemplateWritten:
    """What was written. `moved_aside` is where the file that was there before lies now."""

    form: str
    path: Path
    prefilled: int
    moved_aside: Path | None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "form": self.form,
            "template": str(self.path),
            "prefilled": self.prefilled,
            "moved_aside": str(self.moved_aside) if self.moved_aside else None,
        }


def known_forms(desk: Desk) -> list[dict[str, Any]]:
    """The businesses of the catalogue: {"form", "version", "title", "importable"}."""
    return [
        {"form": form.id, "version": form.version, "title": str(form.title), "importable": form.importable}
        for form in desk.catalog.forms.values()
    ]


def make_template(desk: Desk, form_id: str, out: Path, prefill_for: Unit | None = None) -> TemplateWritten:
    """Write the template of a form, with the roster of a unit when one is given.

    UserError form-unknown, form-not-importable, template-not-xlsx, file-unwritable.
    A file that is there already is moved aside.
    """
    form = desk.catalog.form(form_id)
    if not form.importable:
        raise UserError("form-not-importable", form=str(form.title))
    if out.suffix.lower() != ".xlsx":
        raise UserError("template-not-xlsx", path=out)
    refuse_unwritable(out)
    if prefill_for:
        need(desk, PERSONS)
    rows = [_row(entry) for entry in roster(desk, prefill_for) if entry.state != _GONE] if prefill_for else []
    aside = keep_aside(out, desk.now())
    try:
        write_template(form, out, prefill=rows)
    except OSError as failure:
        raise UserError("file-unwritable", path=out) from failure
    return TemplateWritten(form.id, out, len(rows), aside)


def _row(entry: RosterEntry) -> dict[str, object]:
    return {
        "id_number": entry.person.id_number,
        "id_kind": entry.person.id_kind,
        "name": entry.person.name,
        "old_wage": entry.person.wage_fen,
    }
