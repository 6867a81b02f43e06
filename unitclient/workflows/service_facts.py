"""What the centre says of itself (document `service`), as far as the client acts by it. A service need not say it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from unitclient.store.documents import latest_document
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Paths of its time-stamp authority and OCSP responder ("" where it has none); whether it takes CAdES-LT."""

    stamps: str = ""
    status: str = ""
    long_term: bool = False


def service_facts(store: Store, unit: Unit) -> ServiceFacts:
    """By the newest description that is kept."""
    described = latest_document(store, unit.unit_number, DocumentKind.SERVICE)
    if described is None:
        return ServiceFacts()
    told = json.loads(described.document)
    return ServiceFacts(_path(told.get("stamps")), _path(told.get("status")), told.get("long_term") is True)


def _path(told: object) -> str:
    """A path of the centre itself: a whole address could lead anywhere."""
    return told if isinstance(told, str) and told.startswith("/") and not told.startswith("//") else ""
