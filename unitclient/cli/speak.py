"""How values read on the terminal: amounts, findings, tracks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from unitclient.cli.output import table
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.money import format_fen
from unitclient.store.declarations import Declaration
from unitclient.texts import finding_texts, say
from unitclient.workflows.difference import NEW, Change
from unitclient.workflows.lines import Totals

SHOWN = 20
"""How many rows of a long list are shown; all of them are in the JSON answer or the file that is named."""
ROWS_NAMED = 8


def yuan(fen: int) -> str:
    """An amount with thousands separators."""
    whole, _, rest = format_fen(fen).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}.{rest}"


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
    """Errors one by one with place, reason and what to do; warnings and notices that say the same thing once."""
    told = list(findings)
    errors = [finding for finding in told if finding.severity is Severity.ERROR]
    lines = [_finding_line(finding) for finding in errors[:limit]]
    if len(errors) > limit:
        lines.append(say("and-more", count=len(errors) - limit))
    same: dict[tuple[str, str], list[Finding]] = {}
    for finding in told:
        if finding.severity is not Severity.ERROR:
            same.setdefault((finding.code, str(sorted(finding.params.items()))), []).append(finding)
    return lines + [_same_line(alike) for alike in same.values()]


def _same_line(alike: list[Finding]) -> str:
    rows = [str(finding.place.row) for finding in alike if finding.place]
    if len(rows) < 2:
        return _finding_line(alike[0])
    named = "、".join(rows[:ROWS_NAMED]) + (say("rows-etc") if len(rows) > ROWS_NAMED else "")
    reason, fix = finding_texts(alike[0].code, alike[0].params, alike[0].value)
    mark = say(f"severity-{alike[0].severity.value}")
    return f"  [{mark}] {say('place-rows', count=len(rows), rows=named)}{reason} {fix}"


def _finding_line(finding: Finding) -> str:
    reason, fix = finding_texts(finding.code, finding.params, finding.value)
    mark = say(f"severity-{finding.severity.value}")
    where = ""
    if finding.place:
        where = say("place-cell" if finding.place.column else "place-row", row=finding.place.row,
                    column=finding.place.column)  # fmt: skip
    return f"  [{mark}] {where}{reason} {fix}".rstrip()


def totals_table(totals: Totals) -> list[str]:
    """Amounts by insurance and side, with a sum."""
    rows = [
        [insurance_name(name), yuan(sides["unit"]), yuan(sides["person"]), yuan(sides["unit"] + sides["person"])]
        for name, sides in sorted(totals.items())
    ]
    unit = sum(sides["unit"] for sides in totals.values())
    person = sum(sides["person"] for sides in totals.values())
    rows.append([say("total"), yuan(unit), yuan(person), yuan(unit + person)])
    return table([say("insurance"), say("unit-part"), say("person-part"), say("sum")], rows, right=(1, 2, 3))


def difference_lines(changes: Iterable[Change], limit: int = SHOWN) -> list[str]:
    """How the month differs from the last one: counts by kind, then the persons (not for a first month of many)."""
    told = list(changes)
    if not told:
        return [say("difference-none")]
    counts: dict[str, int] = {}
    for change in told:
        counts[change.change] = counts.get(change.change, 0) + 1
    summary = "  " + say("comma").join(say(f"change-{kind}-count", count=count) for kind, count in counts.items())
    if set(counts) == {NEW} and len(told) > limit:
        return [summary]
    rows = [
        [change.name, say(f"change-{change.change}"), yuan(change.before), yuan(change.after)]
        for change in told[:limit]
    ]
    lines = [summary, *table([say("name"), say("change"), say("before"), say("after")], rows, right=(2, 3))]
    if len(told) > limit:
        lines.append(say("and-more", count=len(told) - limit))
    return lines


def tracks(known: Declaration) -> str:
    """The three tracks of a declaration in words."""
    parts = [say(f"transport-{known.transport.value}")]
    if known.acceptance:
        parts.append(say(f"acceptance-{known.acceptance}"))
    if known.money:
        parts.append(say(f"money-{known.money}"))
    return " · ".join(parts)


def named(known: Declaration, titles: Mapping[str, str]) -> str:
    """A declaration as people name it: form and period."""
    return say("declaration-named", form=titles.get(known.form, known.form), period=known.period)
