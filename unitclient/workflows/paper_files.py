"""What all papers share: the name of the centre on them, and how they are written."""

from __future__ import annotations

import json
from pathlib import Path

from unitclient.drafts import write_whole
from unitclient.errors import UserError
from unitclient.store.documents import latest_document
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.desk import Desk


def centre_name(desk: Desk, unit: Unit) -> str:
    """What the centre calls itself in its signed description."""
    document = latest_document(desk.store, unit.unit_number, DocumentKind.SERVICE)
    return str(json.loads(document.document)["name"]) if document else unit.service


def write_file(path: Path, data: bytes) -> Path:
    """Write a paper; its path. UserError file-unwritable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as failure:
        raise UserError("file-unwritable", path=path) from failure
    return path
