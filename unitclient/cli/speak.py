"""How values read on the terminal: amounts, moments, differences, tracks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from unitclient.cli.findings import SHOWN, insurance_name, sentences
from unitclient.cli.output import table
from unitclient.clock import CHINA
from unitclient.domain.money import format_fen
from unitclient.texts import catalogue, say, say_outcome
from unitclient.workflows.difference import NEW, Change
from unitclient.workflows.lines import Totals
from unitclient.workflows.values import Declaration, Event


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


def outcome(code: str) -> str:
    """What came of sending; a code without words is shown as it is, for support to read."""
    return say_outcome(code)


def aside_lines(moved: Path | None) -> list[str]:
    """Where a file went that would have been overwritten."""
    return [say("moved-aside", path=moved)] if moved else []


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
    return sentences(said, note)


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
