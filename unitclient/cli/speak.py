"""How values read on the terminal: amounts, moments, findings, tracks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from unitclient.cli.output import columns, table, wrap
from unitclient.clock import CHINA
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.money import format_fen
from unitclient.texts import catalogue, finding_texts, language, say, say_outcome
from unitclient.workflows.difference import NEW, Change
from unitclient.workflows.lines import Totals
from unitclient.workflows.values import Declaration, Event

SHOWN = 20
"""How many rows of a long list are shown; all of them are in the JSON answer or the file that is named."""
ROWS_NAMED = 8
_INSURANCE = "insurance"


def yuan(fen: int) -> str:
    """An amount with thousands separators."""
    whole, _, rest = format_fen(fen).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}.{rest}"


def moment(at: datetime | str) -> str:
    """An instant (or its RFC 3339 text) in China's time, to the second."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def day(at: datetime) -> str:
    """The day of an instant in China."""
    return f"{at.astimezone(CHINA):%Y-%m-%d}"


def joined(words: Iterable[str]) -> str:
    """A list as the language in use writes it."""
    return say("list-comma").join(words)


def insurance_name(insurance: str) -> str:
    """What an insurance is called on the screen."""
    return say(f"insurance-{insurance}")


def outcome(code: str) -> str:
    """What came of sending; a code without words is shown as it is, for support to read."""
    return say_outcome(code)


def aside_lines(moved: Path | None) -> list[str]:
    """Where a file went that would have been overwritten."""
    return [say("moved-aside", path=moved)] if moved else []


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
    return wrap(f"  [{mark}] {where}{sentences(reason, fix)}", columns(), " " * 9)


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


def event_words(event: Event) -> str:
    """One step of a declaration, with the bank's or the centre's reason when there is one."""
    said = say(f"{event.track}-{event.state}")
    note = _note(event)
    return f"{said} {note}" if note else said


def _note(event: Event) -> str:
    """The reason behind a step; how we marked our own steps is nobody's business."""
    texts = catalogue()["text"]
    if event.track == "money":
        return say(f"bank-{event.note}") if f"bank-{event.note}" in texts else ""
    if event.source == "local" and f"outcome-{event.note}" in texts:
        return say("in-brackets", text=outcome(event.note))
    return ""


def named(known: Declaration, titles: Mapping[str, str]) -> str:
    """A declaration as people name it: form and period."""
    return say("declaration-named", form=titles.get(known.form, known.form), period=known.period)
