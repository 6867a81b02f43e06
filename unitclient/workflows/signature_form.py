"""In which shape a unit's centre reads SM2 signatures: said in its signed description of the service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from unitclient.errors import UserError
from unitclient.seal.suites import Sm2Form
from unitclient.store.documents import latest_document
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.desk import Desk


def sm2_form(desk: Desk, unit: Unit) -> Sm2Form:
    """The form by the latest description this computer has. UserError signature-form-unknown."""
    document = latest_document(desk.store, unit.unit_number, DocumentKind.SERVICE)
    return form_in(json.loads(document.document)) if document else Sm2Form.CMS


def form_in(description: Mapping[str, Any]) -> Sm2Form:
    """The form that a description names; RFC 5652 where it names none. UserError signature-form-unknown."""
    named = description.get("sm2_form", Sm2Form.CMS)
    try:
        return Sm2Form(named)
    except ValueError as error:
        raise UserError("signature-form-unknown", form=named) from error
