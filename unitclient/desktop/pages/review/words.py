"""The checked month in words: headline, figures, findings, consequences, and what can be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.review.state import Act, Button, Figure, ReviewBar, ReviewState, TotalRow
from unitclient.desktop.pages.sign.words import finding_words, insurance_word, kind_word, moment, yuan
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.todo import Note
from unitclient.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unitclient.catalog.model import Form
    from unitclient.workflows.month_check import Batched, MonthCheck
    from unitclient.workflows.month_findings import Consequence, FindingGroup

NAMED = 6
"""How many persons a finding names."""
_SEVERITIES = {"error": State.ERR, "warning": State.WARN, "notice": State.INFO}
Months = tuple[tuple[str, str], ...]


def nothing(period: str, months: Months) -> ReviewState:
    """A month that is not prepared."""
    prepare = Button(Act.PREPARE, say("d-review-act-prepare"))
    return ReviewState(period, months, "", State.OFF, say("d-review-word-none"), say("d-review-none"), "", prepare, ())


def reviewed(told: MonthCheck, period: str, months: Months, forms: Mapping[str, Form]) -> ReviewState:
    """A prepared month in words."""
    known = told.declaration
    state, word, headline = _standing(told)
    main, others = _acts(told)
    return ReviewState(
        period=period,
        months=months,
        declaration=known.id,
        state=state,
        word=word,
        headline=headline,
        details=_details(told, forms),
        main=main,
        others=others,
        review=_review(told),
        figures=_figures(told),
        totals=tuple(_totals(told)),
        findings=tuple(_finding(group, place, forms) for place, group in enumerate(told.findings)),
        consequences=tuple(_consequence(one, place, forms) for place, one in enumerate(told.consequences)),
        people=len(told.people),
        changed=sum(line.change != "same" for line in told.people),
    )


def _is_open(told: MonthCheck) -> bool:
    """Whether something of the month can still be prepared anew without a correction."""
    return not told.signed or told.declaration.acceptance == "returned"


def _standing(told: MonthCheck) -> tuple[State, str, str]:
    """(state, word, headline)."""
    known, params = told.declaration, {"count": told.left_out}
    if known.acceptance == "returned":
        return State.ERR, say("acceptance-returned"), say("d-review-returned")
    if told.signed:
        word = say(f"acceptance-{known.acceptance}" if known.acceptance else f"transport-{known.transport}")
        if told.left_out and known.transport == "delivered":
            return State.WARN, word, say("d-review-after", **params)
        return State.OK, word, say("d-review-signed")
    if told.review.sent_back:
        return State.ERR, say("d-review-word-back"), say("d-review-back", name=told.review.reviewer)
    if not told.same_policy:
        return State.WARN, say("d-review-word-stale"), say("d-review-policy")
    if told.left_out:
        return State.WARN, say("d-review-word-stale"), say("d-review-stale", **params)
    if told.review.required and not told.review.passed:
        return State.INFO, say("d-review-word-review"), say("d-review-wait")
    return State.INFO, say("d-review-word-ready"), say("d-review-ready")


def _acts(told: MonthCheck) -> tuple[Button, tuple[Button, ...]]:
    """The main act, and the others."""
    again = Button(Act.PREPARE, say("d-review-act-again"))
    if told.signed and not _is_open(told):
        if told.declaration.transport != "delivered":
            return Button(Act.QUEUE, say("d-review-act-queue")), ()
        correct = Button(Act.CORRECT, say("d-review-act-correct"))
        records = Button(Act.RECORDS, say("d-review-act-records"))
        return (correct, (records,)) if told.left_out else (records, (correct,))
    if told.signed:
        return again, (Button(Act.RECORDS, say("d-review-act-records")),)
    if told.review.sent_back or not told.same_policy:
        return again, ()
    sign = Button(Act.SIGN, say("d-review-act-sign"))
    if told.left_out:
        return again, (sign,)
    if not told.review.required or told.review.passed:
        return sign, (again,)
    asked = told.review.asked_at is not None
    return Button(Act.PASS if asked else Act.ASK, say("d-review-act-pass" if asked else "d-review-act-ask")), (again,)


def _details(told: MonthCheck, forms: Mapping[str, Form]) -> str:
    known = told.declaration
    who = told.review.prepared_by or say("d-review-somebody")
    made = say("d-review-made", at=moment(known.prepared_at), name=who, kind=kind_word(known.kind))
    return f"{made}\n{say('d-review-batch', what=_batch(told.batch, forms))}" if told.batch else made


def _batch(batch: Sequence[Batched], forms: Mapping[str, Form]) -> str:
    parts = []
    for one in batch:
        title = str(forms[one.form].title) if one.form in forms else one.form
        word = title if one.kind == "original" else f"{title}（{kind_word(one.kind)}）"
        parts.append(say("d-review-batch-one", form=word, rows=one.rows))
    return say("d-dash-comma").join(parts)


def _review(told: MonthCheck) -> ReviewBar | None:
    review = told.review
    if not review.required and not review.passed:
        return None
    if review.passed and review.at is not None:
        text = say("d-review-bar-passed", name=review.reviewer, at=moment(review.at))
        return ReviewBar(State.OK, say("d-review-bar-passed-word"), text, open=False)
    if told.signed:
        return None
    if review.sent_back and review.at is not None:
        text = say("d-review-bar-back", name=review.reviewer, at=moment(review.at))
        return ReviewBar(State.ERR, say("d-review-word-back"), text, open=False)
    if review.asked_at is None:
        return ReviewBar(State.INFO, say("d-review-bar-todo-word"), say("d-review-bar-todo"), open=True)
    text = say("d-review-bar-asked", name=review.prepared_by, at=moment(review.asked_at))
    return ReviewBar(State.INFO, say("d-review-word-review"), text, open=True)


def _figures(told: MonthCheck) -> tuple[Figure, ...]:
    unit, person = sum(one.unit for one in told.totals), sum(one.person for one in told.totals)
    unit_before = sum(one.unit_before for one in told.totals)
    person_before = sum(one.person_before for one in told.totals)
    if told.last_period is None:
        first = say("d-review-first")
        changes: tuple[str, ...] = (first, first, first, first)
    else:
        moved = (unit - unit_before, person - person_before, unit + person - unit_before - person_before)
        changes = (_people_moved(told.persons - told.persons_before), *(_moved(fen) for fen in moved))
    values = (say("d-review-persons", count=f"{told.persons:,}"), yuan(unit), yuan(person), yuan(unit + person))
    told_by_title = zip(("persons", "unit", "person", "total"), values, changes, strict=True)
    return tuple(Figure(say(f"d-review-figure-{title}"), value, change) for title, value, change in told_by_title)


def _people_moved(count: int) -> str:
    return say("d-review-moved", change=f"{count:+,}") if count else say("d-review-unmoved")


def _moved(fen: int) -> str:
    return say("d-review-moved", change=f"{'+' if fen > 0 else ''}{yuan(fen)}") if fen else say("d-review-unmoved")


def _totals(told: MonthCheck) -> list[TotalRow]:
    rows = [
        TotalRow(
            insurance_word(one.insurance),
            one.persons,
            one.unit,
            one.person,
            one.unit + one.person,
            one.unit_before + one.person_before,
            one.unit + one.person - one.unit_before - one.person_before,
        )
        for one in told.totals
    ]
    sums = [sum(getattr(row, name) for row in rows) for name in ("unit", "person", "total", "before", "delta")]
    return [*rows, TotalRow(say("total"), told.persons, *sums)]


def _finding(group: FindingGroup, place: int, forms: Mapping[str, Form]) -> Note:
    why, fix = finding_words(group.finding)
    form = forms.get(group.form)
    detail = [fix] if fix else []
    if group.persons:
        detail.append(people(group.persons))
    if form is not None:
        where = say("d-review-left-out" if group.left_out else "d-review-in-form", form=str(form.title))
        detail.insert(0, where)
    state = _SEVERITIES[group.finding.severity.value]
    word = say(f"severity-{group.finding.severity.value}")
    act = say("d-review-mend") if form is not None and group.left_out else ""
    return Note(str(place), state, word, why, "\n".join(detail), act)


def _consequence(one: Consequence, place: int, forms: Mapping[str, Form]) -> Note:
    form = forms[one.form]
    return Note(str(place), State.INFO, str(form.title), form.say(one.text), people(one.persons))


def people(persons: Sequence[tuple[str, str]]) -> str:
    """Who it is about: the first few names, and how many there are."""
    names = say("d-review-pause").join(name for _, name in persons[:NAMED])
    key = "d-review-people-more" if len(persons) > NAMED else "d-review-people"
    return say(key, names=names, count=len(persons))
