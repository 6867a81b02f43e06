"""A finding (问题): one thing wrong, or worth knowing, at one place. Bad input is data, not an exception."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error refuses the row, a warning asks for a look, a notice only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a workbook: sheet name, 1-based row as spreadsheet programs show it, column letter ("" = the row)."""

    sheet: str
    row: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. Its sentences are `finding.<code>` in the texts, filled with `params`.

    `field` is the form field it is about ("" = the whole row), `value` what was found there, as typed.
    """

    code: str
    severity: Severity = Severity.ERROR
    field: str = ""
    value: str = ""
    params: Mapping[str, str] = dataclass_field(default_factory=dict)
    place: Place | None = None

    def at(self, place: Place) -> Finding:
        """The same finding with its place in a workbook."""
        return replace(self, place=place)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
