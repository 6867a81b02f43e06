"""Checks of businesses that change what is known of a person: insurances, tier, name, number, day of birth, sex."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from unitclient import texts
from unitclient.catalog.cells import BadCell, read_date
from unitclient.catalog.checks.registry import Param, RowCheck, field_param, optional_field, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field
from unitclient.domain.identifiers import PERSON_KINDS, check_identifier
from unitclient.domain.insurance import MEDICAL_KINDS, Insurance
from unitclient.domain.period import Period
from unitclient.domain.roster import Person

_UNDER_AGE = "UNDER_AGE"
"""The number is right and belongs to somebody under 16."""
_ON_TOP = frozenset({Insurance.MATERNITY, Insurance.SERIOUS_ILLNESS, Insurance.LARGE_MEDICAL})
"""Insurances that come on top of a medical one."""
_ITEM_CODES = ("B101", "NUMBER_TAKEN", "DATE_FUTURE", "BAD_DATE", "BAD_CODE")
_SEXES = frozenset({"1", "2", "男", "女", "男性", "女性"})


@row_check("different", refuses=("SAME_VALUE",), first=field_param(), second=field_param())
def different(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """Two fields must not say the same: before and after a change."""
    first, second = params["first"], params["second"]

    def run(row: RowState) -> None:
        if row.values[first] == row.values[second]:
            row.refuse("SAME_VALUE", second)

    return run


@row_check("change-fits-item", refuses=_ITEM_CODES, item=field_param("item"), after=field_param("after"))
def change_fits_item(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """What a change says afterwards must be a value of its item: the item's code table says how it `reads`
    (id_number, date or sex). A new number must be valid, and nobody else's on the roster.
    """
    item, after = params["item"], params["after"]
    table = fields[item].table
    reads = {row.code: row.extra.get("reads", "") for row in table.rows} if table is not None else {}

    def run(row: RowState) -> None:
        judge = _JUDGES.get(reads.get(row.values[item], ""))
        if judge is not None:
            judge(row, after)

    return run


def _is_number(row: RowState, name: str) -> None:
    context = row.context
    found = check_identifier(row.values[name].upper(), None, today=context.today, areas=context.areas)
    if found.ok and found.kind not in PERSON_KINDS:
        row.refuse("B101", name, reason="FORMAT", detail=texts.say("catalog-id-FORMAT"))
    elif not found.ok and found.code != _UNDER_AGE:
        row.refuse("B101", name, reason=found.code, detail=texts.say(f"catalog-id-{found.code}"))
    elif context.person(found.normalized) is not None:
        row.refuse("NUMBER_TAKEN", name)


def _is_past_day(row: RowState, name: str) -> None:
    try:
        day = read_date(row.values[name])
    except BadCell as bad:
        row.refuse(bad.code, name, **bad.params)
        return
    if day > row.context.today.isoformat():
        row.refuse("DATE_FUTURE", name)


def _is_sex(row: RowState, name: str) -> None:
    if row.values[name] not in _SEXES:
        row.refuse("BAD_CODE", name)


_JUDGES: Mapping[str, Callable[[RowState, str], None]] = {
    "id_number": _is_number,
    "date": _is_past_day,
    "sex": _is_sex,
}


@row_check(
    "coverage-change",
    refuses=("B201", "NOT_COVERED", "NOTHING_LEFT", "CHANGE_BEFORE_START", "B306"),
    number=field_param("id_number"),
    month=field_param("start_month"),
    add=optional_field("add"),
    drop=optional_field("drop"),
    together=Param("words", default=("pension", "unemployment", "injury")),
    alone=Param("words", default=("injury",)),
)
def coverage_change(params: Mapping[str, Any], _fields: Mapping[str, Field]) -> RowCheck:
    """What is added must not run yet (B201), what is dropped must run, and something must be left.

    What is left must go together as far as the unit has it (B305, a warning); what comes on top of medical insurance
    does not stand without it (B306).
    """
    number, month, add, drop = (params[name] for name in ("number", "month", "add", "drop"))
    together, alone = frozenset(params["together"]), frozenset(params["alone"])

    def run(row: RowState) -> None:
        person = row.person
        if person is None:
            return
        added, dropped = set(row.values.get(add) or ()), set(row.values.get(drop) or ())
        running = {name for name, held in person.coverage.items() if held.until is None}
        left = (running | added) - dropped
        if added & running:
            row.refuse("B201", number)
        elif dropped - running or added & dropped:
            row.refuse("NOT_COVERED", drop)
        elif not left:
            row.refuse("NOTHING_LEFT", drop)
        else:
            _begun(row, person, dropped, month)
            _combination(row, month, left, (together, alone))

    return run


def _begun(row: RowState, person: Person, dropped: set[str], month: str) -> None:
    """An insurance cannot be given up from a month before it began."""
    since = [person.coverage[name].since for name in dropped]
    if since and Period.parse(row.values[month]) < max(since):
        row.refuse("CHANGE_BEFORE_START", month, earliest=str(max(since)))


def _combination(row: RowState, place: str, left: set[str], rules: tuple[frozenset[str], frozenset[str]]) -> None:
    together, alone = rules
    if left & _ON_TOP and not left & MEDICAL_KINDS:
        row.refuse("B306", place)
    wanted = together.intersection(row.context.unit_insurances)
    if not wanted.issubset(left) and not alone.issuperset(left):
        row.warn("B305", place)
