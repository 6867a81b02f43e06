"""The roster's rows: ids by SQL, rows with their changes, bases and findings written on the cells they are about."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unitclient.catalog.model import Form
from unitclient.desktop.models.columns import yuan
from unitclient.desktop.models.rows import MARKS, Mark, QuerySpec, RowData
from unitclient.desktop.pages.roster import columns as col
from unitclient.desktop.pages.roster.words import LOOKS, STATE_OF, changes, insurances, sentence, state_word, worst
from unitclient.desktop.theme.tokens import State
from unitclient.domain.contribution import used_base
from unitclient.domain.findings import Finding
from unitclient.domain.insurance import Insurance
from unitclient.domain.period import Period
from unitclient.domain.policy import InsuranceRule, MonthPolicy
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.store.items import Item, ItemState
from unitclient.store.people import CHANGING, WITH_FINDINGS, Listed, PeopleQuery, people, people_counts, people_ids
from unitclient.store.people import troubled_ids as troubled_in_store
from unitclient.store.units import Unit
from unitclient.texts import say
from unitclient.workflows.desk import Desk
from unitclient.workflows.roster_edits import ENROL_FORM, WAGE_FORM


@dataclass(frozen=True, slots=True)
class Draft:
    """A cell as somebody typed it and it was not taken: the text stays in the cell with the reasons on it."""

    text: str
    form: str
    findings: tuple[Finding, ...]


Drafts = dict[str, dict[str, Draft]]
"""{ID number: {column: draft}}."""


@dataclass
class RosterSource:
    """A RowSource over the people of a unit in a month. Lives on the thread of its desk."""

    desk: Desk
    unit: Unit
    period: Period
    masked: bool = False
    drafts: Drafts = field(default_factory=dict)
    _policy: MonthPolicy | None = field(default=None, init=False)
    _asked_policy: bool = field(default=False, init=False)

    def ids(self, query: QuerySpec) -> array[int]:
        """See RowSource."""
        return people_ids(self.desk.store, self.people_query(query))

    def counts(self, query: QuerySpec) -> dict[str, int]:
        """See RowSource: by chip id."""
        found = people_counts(self.desk.store, self.people_query(query))
        return {("show" if name in (CHANGING, WITH_FINDINGS) else "state") + f":{name}": n for name, n in found.items()}

    def rows(self, ids: Sequence[int]) -> list[RowData]:
        """See RowSource."""
        found = people(self.desk.store, self.unit.unit_number, ids)
        return [self._row(found[one]) if one in found else {} for one in ids]

    def troubled(self) -> set[int]:
        """Ids of people with findings in the database."""
        return troubled_in_store(self.desk.store, self.people_query(QuerySpec()))

    def people_query(self, query: QuerySpec) -> PeopleQuery:
        """A query of the page in the store's words."""
        narrow = tuple(value for name, value in query.filters if name in ("state", "show"))
        department = next((value for name, value in query.filters if name == "department"), "")
        order = query.order
        return PeopleQuery(
            self.unit.unit_number,
            self._arriving(),
            query.text,
            narrow,
            department,
            order.column if order else "name",
            bool(order and order.descending),
        )

    def _arriving(self) -> tuple[str, ...]:
        forms = self.desk.catalog.forms.values()
        return tuple(sorted(form.id for form in forms if form.effect is ChangeKind.ENROL)) or (ENROL_FORM,)

    def _row(self, one: Listed) -> RowData:
        open_rows = [row for row in one.rows if row.state is not ItemState.REFUSED]
        wages = [row for row in open_rows if row.form in (WAGE_FORM, ENROL_FORM)]
        last = wages[-1] if wages else None
        person = one.person
        wage = last.values.get("wage") if last is not None else one.wage_fen
        base, mark = self._base(wage, one)
        row: dict[str, Any] = {
            "id": one.id,
            col.NAME: one.name,
            col.ID: one.id_number,
            col.STATE: state_word(one.state),
            col.WAGE: one.wage_fen,
            col.NEW_WAGE: last.values.get("wage") if last is not None else None,
            col.EFFECT: last.effect_month or None if last is not None else None,
            col.BASE: base,
            col.INSURANCES: insurances(person.active_in(self.period) if person is not None else _wanted(open_rows)),
            col.SINCE: one.since,
            col.DEPARTMENT: one.department or None,
            col.CHANGE: changes(one.rows, self.desk.catalog) or None,
            "state_code": one.state,
        }
        marks = self._marks(one)
        if mark is not None and col.BASE not in marks:
            marks[col.BASE] = mark
        for key, draft in self.drafts.get(one.id_number, {}).items():
            row[key] = draft.text
            marks[key] = self._mark(draft.form, draft.findings)
        row[MARKS] = marks
        return row

    def _marks(self, one: Listed) -> dict[str, Mark]:
        found: dict[str, list[tuple[Finding, str]]] = {}
        for row in one.rows:
            for finding in row.findings:
                found.setdefault(col.column_of_field(finding.field), []).append((finding, row.form))
        marks = {
            key: Mark(
                worst(STATE_OF[finding.severity] for finding, _ in told) or State.INFO,
                tuple(self._sentence(finding, form) for finding, form in told),
            )
            for key, told in found.items()
        }
        if any(row.state is ItemState.REFUSED for row in one.rows):
            before = marks.get(col.CHANGE)
            marks[col.CHANGE] = Mark(State.ERR, (say("d-roster-returned"), *(before.reasons if before else ())))
        if one.state in LOOKS:
            look, sign = LOOKS[one.state]
            marks[col.STATE] = Mark(look, (), sign)
        return marks

    def _mark(self, form: str, findings: Sequence[Finding]) -> Mark:
        state = worst(STATE_OF[finding.severity] for finding in findings) or State.ERR
        return Mark(state, tuple(self._sentence(finding, form) for finding in findings))

    def _sentence(self, finding: Finding, form: str) -> str:
        return sentence(finding, self._form(form), masked=self.masked)

    def _form(self, form: str) -> Form | None:
        return self.desk.catalog.forms.get(form)

    def _base(self, wage: int | None, one: Listed) -> tuple[int | None, Mark | None]:
        """The pension base of the month, and a note when floor or cap made it; nothing for who is not insured then."""
        rule = self._rule()
        if rule is None or wage is None or (one.person is not None and not one.person.active_in(self.period)):
            return None, None
        base, limit = used_base(wage, rule)
        if not limit:
            return base, None
        told = say(f"d-roster-base-{limit}", base=yuan(base), month=str(self.period))
        return base, Mark(State.INFO, (told,))

    def _rule(self) -> InsuranceRule | None:
        if not self._asked_policy:
            self._asked_policy = True
            try:
                self._policy = self.desk.policy(self.unit, self.period)
            except UserError:
                self._policy = None
        return self._policy.rules.get(Insurance.PENSION) if self._policy is not None else None


def _wanted(rows: Sequence[Item]) -> tuple[str, ...]:
    """Insurances that an arriving person is to have."""
    wanted: Mapping[str, None] = {name: None for row in rows for name in row.values.get("insurances") or ()}
    return tuple(wanted)
