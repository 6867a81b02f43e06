"""What files a field takes, from its member `file`, and how a cell that names one is read."""

from __future__ import annotations

from typing import Any

from unitclient.catalog.cells import BadCell, cell_text
from unitclient.catalog.context import CheckContext
from unitclient.catalog.model import FILE_TYPES, Field, FieldType
from unitclient.catalog.sections import Section
from unitclient.domain.files import (
    KINDS,
    MOST_BYTES,
    FileFault,
    FileLimits,
    WhiteBorder,
    file_facts,
    file_fault,
    is_stored_name,
    stored_name,
)

_PICTURES = ("jpg", "png")


def read_limits(part: Section, kind: FieldType) -> FileLimits | None:
    """`file = { kinds, min_bytes, max_bytes, width, height, bits, white }`; a photo must say its size in pixels."""
    if kind not in FILE_TYPES:
        if part.has("file"):
            part.refuse("file", "table-not-wanted", value=kind.value)
        return None
    told = part.section("file")
    known = _PICTURES if kind is FieldType.PHOTO else KINDS
    kinds = told.texts("kinds", known)
    for word in kinds:
        if word not in known:
            told.refuse("kinds", "unknown", value=word, known=", ".join(known))
    least = 1 if kind is FieldType.PHOTO else 0
    limits = FileLimits(
        kinds=kinds,
        min_bytes=told.number("min_bytes", 1, 1, MOST_BYTES),
        max_bytes=told.number("max_bytes", MOST_BYTES, 1, MOST_BYTES),
        width=told.number("width", 0, least, 100_000),
        height=told.number("height", 0, least, 100_000),
        bits=told.number("bits", 0, 0, 64),
        white=_white(told),
    )
    told.finish()
    return limits


def _white(told: Section) -> WhiteBorder | None:
    """`white = { band, near, share }`; a picture whose size is not said is not looked into."""
    if not told.has("white"):
        return None
    part = told.section("white")
    white = WhiteBorder(
        part.number("band", 50, 1, 200), part.number("near", 225, 1, 255), part.number("share", 900, 1, 1000)
    )
    part.finish()
    return white


def photo_fault(data: bytes, limits: FileLimits) -> FileFault | None:
    """The first limit that a file does not keep, its background included, or None."""
    fault = file_fault(data, file_facts(data), limits)
    if fault is not None or limits.white is None:
        return fault
    from unitclient.catalog.white_border import white_share  # decoding pictures takes time to import

    found = white_share(data, limits.white)
    if found is None:
        return FileFault("FILE_KIND", {"kinds": ", ".join(limits.kinds).upper()})
    if found < limits.white.share:
        shown = {"found": str(found // 10), "wanted": str(limits.white.share // 10)}
        return FileFault("PHOTO_BACKGROUND", shown)
    return None


def file_value(field: Field, cell: Any, context: CheckContext) -> str:
    """The stored name of the file that a cell names. BadCell with what is wrong with it."""
    assert field.file is not None
    text = cell_text(cell)
    data = context.file(text)
    if data is None:
        raise BadCell("FILE_MISSING")
    facts = file_facts(data)
    fault = photo_fault(data, field.file)
    if fault is not None:
        raise BadCell(fault.code, fault.params)
    assert facts is not None, "what is of no kind has a fault"
    name = stored_name(data, facts.kind)
    if is_stored_name(text) and text != name:
        raise BadCell("FILE_CHANGED")
    return name
