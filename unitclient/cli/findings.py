"""How findings read on the terminal: the grave ones first, and what many rows have in common said once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from unitclient.cli.output import columns, wrap
from unitclient.domain.findings import Finding, Severity
from unitclient.texts import finding_texts, language, say

SHOWN = 20
"""How many rows of a long list are shown; all of them are in the JSON answer or the file that is named."""
ROWS_NAMED = 8
_INSURANCE = "insurance"


def joined(words: Iterable[str]) -> str:
    """A list as the language in use writes it."""
    return say("list-comma").join(words)


def insurance_name(insurance: str) -> str:
    """What an insurance is called on the screen."""
    return say(f"insurance-{insurance}")


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding for machines, with its sentences in the language in use."""
    reason, fix = finding_texts(finding.code, finding.params, finding.value)
    place = finding.place
    return {
        "sheet": place.sheet if place else None,
        "row": place.row if place else None,
        "column": place.column if place else None,
        "code": finding.code,
        "severity": finding.severity.value,
        "field": finding.field,
        "value": finding.value,
        "reason": reason,
        "fix": fix,
    }


def finding_lines(findings: Iterable[Finding], limit: int = SHOWN) -> list[str]:
    """Errors first, then warnings and notices; what several rows or insurances have in common is said once."""
    order = list(Severity)
    told = sorted(findings, key=lambda finding: order.index(finding.severity))
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in told:
        groups.setdefault(_alike(finding), []).append(finding)
    lines = [line for alike in list(groups.values())[:limit] for line in _group_lines(alike)]
    hidden = sum(len(alike) for alike in list(groups.values())[limit:])
    return [*lines, say("and-more", count=hidden)] if hidden else lines


def _alike(finding: Finding) -> tuple[object, ...]:
    params = {name: value for name, value in finding.params.items() if name != _INSURANCE or finding.place}
    place = (finding.place.sheet, finding.place.column) if finding.place else None
    return finding.code, finding.severity, place, tuple(sorted(params.items()))


def _group_lines(alike: list[Finding]) -> list[str]:
    first = alike[0]
    params = dict(first.params)
    if len(alike) > 1 and _INSURANCE in params:
        params[_INSURANCE] = joined(insurance_name(finding.params[_INSURANCE]) for finding in alike)
    reason, fix = finding_texts(first.code, params, first.value)
    return said_lines(first.severity, _where(alike), reason, fix)


def said_lines(severity: Severity, where: str, reason: str, fix: str) -> list[str]:
    """One finding as a paragraph: how grave, where, what is wrong, what to do."""
    mark = say(f"severity-{severity.value}")
    return wrap(f"  [{mark}] {where}{sentences(reason, fix)}", columns() - 2, " " * 9)


def sentences(*told: str) -> str:
    """Sentences one after the other; Chinese has no blank between them."""
    return ("" if language() == "zh" else " ").join(sentence for sentence in told if sentence)


def _where(alike: list[Finding]) -> str:
    places = [finding.place for finding in alike if finding.place]
    if not places:
        return ""
    column = places[0].column
    if len(places) == 1:
        return say("place-cell" if column else "place-row", row=places[0].row, column=column)
    rows = joined(str(place.row) for place in places[:ROWS_NAMED]) + (say("rows-etc") if places[ROWS_NAMED:] else "")
    return say("place-cells" if column else "place-rows", rows=rows, count=len(places), column=column)
