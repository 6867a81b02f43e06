"""What a unit was called at a time: papers of earlier days keep the name they were given."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from unitclient.store.documents import find_documents
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.sync.reading import issued_at


def unit_at(store: Store, unit: Unit, at: datetime) -> Unit:
    """The unit with the name and code that it had at an instant, as the centre told of its changes since."""
    told = [json.loads(each.document) for each in find_documents(store, unit.unit_number, kind=DocumentKind.UNIT)]
    later = sorted((content for content in told if issued_at(content) > at), key=issued_at)
    if not later:
        return unit
    former = later[0]["former"]
    return replace(unit, name=str(former["name"]), uscc=str(former["uscc"]))
