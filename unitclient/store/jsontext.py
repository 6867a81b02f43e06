"""JSON as the database keeps it: one text for one value, so that texts can be compared and hashed."""

from __future__ import annotations

import json
import json.encoder
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from unitclient.domain.findings import Finding, Place, Severity


def _encoder() -> Callable[[object], str]:
    """The encoder, made once: `JSONEncoder.encode` makes its C part anew for each of ten thousand rows.

    What is kept was read from cells or JSON and holds no circles, so they are not looked for.
    """
    options = json.JSONEncoder(
        ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
    )
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return options.encode
    chunks = make(None, options.default, json.encoder.encode_basestring, None, ":", ",", True, False, False)
    return lambda value: "".join(chunks(value, 0))


_encode = _encoder()


def dump(value: object) -> str:
    """The canonical text of a JSON value: sorted keys, no blanks, characters unescaped."""
    return _encode(value)


def load(text: str) -> Any:
    """The value of a text made by `dump`; ValueError for one that is none, or is nested too deeply to be read."""
    try:
        return json.loads(text)
    except RecursionError as deep:
        raise ValueError("JSON nested too deeply") from deep


def dump_findings(findings: Iterable[Finding]) -> str:
    """Findings as a JSON list; members that are empty are left out."""
    members = [_finding_members(finding) for finding in findings]
    return _encode(members) if members else "[]"


def load_findings(text: str) -> tuple[Finding, ...]:
    """The findings of a text made by `dump_findings`."""
    return () if text == "[]" else tuple(_finding_of(members) for members in json.loads(text))


def _finding_members(finding: Finding) -> dict[str, object]:
    members: dict[str, object] = {"code": finding.code, "severity": finding.severity.value}
    if finding.field:
        members["field"] = finding.field
    if finding.value:
        members["value"] = finding.value
    if finding.params:
        members["params"] = dict(finding.params)
    if finding.place is not None:
        members["place"] = [finding.place.sheet, finding.place.row, finding.place.column]
    return members


def _finding_of(members: Mapping[str, Any]) -> Finding:
    place = members.get("place")
    return Finding(
        code=members["code"],
        severity=Severity(members["severity"]),
        field=members.get("field", ""),
        value=members.get("value", ""),
        params=members.get("params", {}),
        place=Place(*place) if place else None,
    )
