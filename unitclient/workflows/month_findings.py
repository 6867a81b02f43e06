"""What is to be known before a month is signed: findings, each reason once, and what its stops and joins bring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unitclient.catalog.checking import recheck_row
from unitclient.catalog.model import Form
from unitclient.domain.findings import Finding, Severity, has_errors
from unitclient.domain.period import Period
from unitclient.domain.policy import MonthPolicy
from unitclient.domain.roster import ChangeKind
from unitclient.store.declarations import Declaration
from unitclient.store.items import Item, ItemState, items
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.importing import check_context
from unitclient.workflows.roster import takes_effect_by

Named = tuple[str, str]
"""(ID number, name) of a person."""


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One reason and everybody it is about; nobody when it is about the whole month.

    `left_out`: rows with it did not go into the declaration. `form` is where they are mended, "" for none.
    """

    finding: Finding
    persons: tuple[Named, ...]
    form: str = ""
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Consequence:
    """What rows of this month bring with them: the form's text `text` (`Form.say`), and for whom."""

    form: str
    text: str
    persons: tuple[Named, ...]


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


def finding_groups(
    desk: Desk, unit: Unit, period: Period, declarations: Sequence[Declaration], policy: MonthPolicy
) -> tuple[FindingGroup, ...]:
    """Findings of the rows declared, of rows left out, and of the policy used; errors first."""
    found: dict[tuple[object, ...], tuple[FindingGroup, list[Named]]] = {}

    def add(finding: Finding, person: Named | None, form: str = "", *, left_out: bool = False) -> None:
        key = (finding.code, finding.severity, form, left_out, *sorted(finding.params.items()))
        group = found.setdefault(key, (FindingGroup(finding, (), form, left_out), []))
        if person is not None and person not in group[1]:
            group[1].append(person)

    for finding in policy.findings:
        add(finding, None)
    for item in declared_items(desk, unit, declarations):
        for finding in item.findings:
            add(finding, named(item), item.form)
    for item, findings in _left_out(desk, unit, period):
        for finding in findings:
            add(finding, named(item), item.form, left_out=True)
    groups = [FindingGroup(one.finding, tuple(people), one.form, one.left_out) for one, people in found.values()]
    return tuple(sorted(groups, key=lambda group: _ORDER[group.finding.severity]))


def declared_items(desk: Desk, unit: Unit, declarations: Iterable[Declaration]) -> list[Item]:
    """Staged rows that the month's declarations hold, in their order."""
    found: list[Item] = []
    for known in declarations:
        if known.transport is not Transport.WITHDRAWN and known.kind != "void":
            found += items(desk.store, unit.unit_number, known.form, declaration_id=known.id)
    return found


def _left_out(desk: Desk, unit: Unit, period: Period) -> Iterable[tuple[Item, tuple[Finding, ...]]]:
    """Pending rows of the month that fail the checks as things are now, and why."""
    waiting: dict[str, list[Item]] = {}
    for item in items(desk.store, unit.unit_number, state=ItemState.PENDING):
        if item.form in desk.catalog.forms and takes_effect_by(item, period):
            waiting.setdefault(item.form, []).append(item)
    for form_id, rows in sorted(waiting.items()):
        form = desk.catalog.forms[form_id]
        context = check_context(desk, unit, form, period)
        for item in rows:
            findings = recheck_row(form, item.values, context).findings
            if has_errors(findings):
                yield item, findings


def consequences(
    desk: Desk, unit: Unit, period: Period, declarations: Sequence[Declaration]
) -> tuple[Consequence, ...]:
    """What the month's rows bring with them, each sentence once; stops first."""
    found: dict[tuple[str, str], list[Named]] = {}
    forms = desk.catalog.forms
    rows = [item for item in declared_items(desk, unit, declarations) if item.form in forms]
    rows.sort(key=lambda item: forms[item.form].effect is not ChangeKind.STOP)
    for item in rows:
        for text in _texts(forms[item.form], item, period):
            found.setdefault((item.form, text), []).append(named(item))
    return tuple(Consequence(form, text, tuple(people)) for (form, text), people in found.items())


def _texts(form: Form, item: Item, period: Period) -> list[str]:
    return [told.text for told in form.consequences if told.when.holds(item.values, str(period))]


def named(item: Item) -> Named:
    """The person a row is about."""
    return item.person_id, str(item.values.get("name") or "")
