"""The review page's presenter: prepare, read, explain, pass on. Every read and write is in the db lane."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from unitclient.desktop.pages.review.explaining import line_view
from unitclient.desktop.pages.review.source import PeopleSource
from unitclient.desktop.pages.review.state import Act, Explained, ReviewState
from unitclient.desktop.pages.review.words import nothing, reviewed
from unitclient.desktop.pages.sign.words import finding_words, yuan
from unitclient.desktop.tasks import Lane
from unitclient.errors import Cancelled, UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.desktop.tasks import TaskContext
    from unitclient.domain.period import Period
    from unitclient.workflows.explaining import LineExplained
    from unitclient.workflows.month_check import MonthCheck
    from unitclient.workflows.prepare import Prepared

MOVED = frozenset({"declarations", "items"})
_BACK, _AHEAD = 5, 2
"""How many months before and after the due one can be chosen."""


class ReviewShown(Protocol):
    """What the presenter tells its view."""

    def render_state(self, state: ReviewState, source: PeopleSource) -> None:
        """Show the month."""

    def render_person(self, explained: Explained | None) -> None:
        """Show one person's amounts, or none."""

    def told(self, text: str, word: str = "", act: Act | None = None) -> None:
        """Say what came of an act, with the next one."""

    def refused(self, refusal: UserError) -> None:
        """Say why an act was refused."""

    def reviewer(self) -> str:
        """The reviewer's name as typed."""
        ...


class ReviewPresenter:
    """Leads the review of the month in front."""

    def __init__(self, services: Services, view: ReviewShown) -> None:
        self._services = services
        self._view = view
        self._asked = 0
        self._asked_person = 0
        self._check: MonthCheck | None = None
        self.state: ReviewState | None = None
        self.source = PeopleSource()

    def refresh(self) -> None:
        """Read the month again; an older answer that comes later is dropped."""
        self._asked += 1
        number = self._asked
        period = self._services.session.period()
        self._services.tasks.run(
            Lane.DB,
            "d-review-reading",
            lambda context: _read(context, period),
            done=lambda read: self._show(read, period) if number == self._asked else None,
            failed=self._on_fault,
        )

    def choose_month(self, period: str) -> None:
        """Work on another month; whoever listens to the session reads it."""
        from unitclient.domain.period import Period

        self._services.session.set_period(Period.parse(period))

    def do(self, act: Act) -> None:
        """Do what a button says."""
        _DO[act](self)

    def main_action(self) -> None:
        """The main act of the state."""
        if self.state is not None:
            self.do(self.state.main.act)

    def explain(self, id_number: str) -> None:
        """Explain one person's amounts; an older answer that comes later is dropped."""
        self._asked_person += 1
        number, check = self._asked_person, self._check
        if check is None or not id_number:
            self._view.render_person(None)
            return
        declaration = check.declaration.id
        self._services.tasks.run(
            Lane.DB,
            "d-review-explaining",
            lambda context: _explain(context, declaration, id_number),
            done=lambda lines: self._show_person(id_number, lines) if number == self._asked_person else None,
            failed=self._on_fault,
        )

    def mend(self, key: str) -> None:
        """Go to the rows that a finding is about."""
        if self._check is None:
            return
        group = self._check.findings[int(key)]
        self._services.shell.go("business", form=group.form, filter="state:pending")

    # -- acts

    def _prepare(self, *, correct: bool = False) -> None:
        period = self._services.session.period()
        self._services.tasks.run(
            Lane.DB,
            "d-review-preparing",
            lambda context: _prepare(context, period, correct=correct),
            done=self._on_prepared,
            failed=self._on_fault,
            topics=MOVED,
        )

    def _correct(self) -> None:
        self._services.dialogs.confirm(
            "d-review-correct-title",
            say("d-review-correct-text", period=self._services.session.period()),
            "d-review-act-correct",
            lambda agreed: self._prepare(correct=True) if agreed else None,
        )

    def _ask_review(self) -> None:
        self._with_batch("d-review-asking", _ask_review, "d-review-told-asked")

    def _pass(self) -> None:
        name, state = self._view.reviewer(), self.state
        if state is None or self._check is None:
            return
        total = sum(one.unit + one.person for one in self._check.totals)
        text = say(
            "d-review-pass-text",
            name=name,
            period=state.period,
            persons=self._check.persons,
            total=yuan(total),
            count=len(self._check.batch),
        )

        def then(agreed: bool) -> None:
            if agreed:
                work = partial(_pass, name=name)
                self._with_batch("d-review-passing", work, "d-review-told-passed", Act.SIGN)

        if name:
            self._services.dialogs.confirm("d-review-pass-title", text, "d-review-act-pass", then)
        else:
            self._view.refused(UserError("review-needs-name"))

    def _send_back(self) -> None:
        name = self._view.reviewer()
        self._with_batch("d-review-returning", partial(_send_back, name=name), "d-review-told-back")

    def _with_batch(
        self, title: str, work: Callable[[TaskContext, list[str]], int], told: str, act: Act | None = None
    ) -> None:
        if self._check is None:
            return
        ids = [one.id for one in self._check.batch]
        word = say("d-review-act-sign") if act is Act.SIGN else ""
        self._services.tasks.run(
            Lane.DB,
            title,
            lambda context: work(context, ids),
            done=lambda count: self._view.told(say(told, count=count), word, act),
            failed=self._on_fault,
            topics=MOVED,
        )

    def _go(self, page: str) -> None:
        target = {"period": str(self._services.session.period())}
        if page == "records" and self._check is not None:
            target["declaration"] = self._check.declaration.id
        self._services.shell.go(page, **target)

    # -- answers

    def _show(self, read: MonthCheck | None, period: Period) -> None:
        self._check = read
        months = self._months(period)
        if read is None:
            self.source = PeopleSource()
            self.state = nothing(str(period), months)
        else:
            self.source = PeopleSource(read.people, _reasons(read))
            self.state = reviewed(read, str(period), months, self._services.session.parts().catalog.forms)
        self._view.render_state(self.state, self.source)

    def _months(self, period: Period) -> tuple[tuple[str, str], ...]:
        from unitclient.workflows.calendar import next_period

        session = self._services.session
        due = next_period(session.desk(), session.need_unit())
        months = {due + step for step in range(-_BACK, _AHEAD + 1)} | {period}
        return tuple((str(month), _month_word(month, due)) for month in sorted(months, reverse=True))

    def _show_person(self, id_number: str, lines: tuple[LineExplained, ...]) -> None:
        place = self.source.place_of(id_number)
        if place < 0:
            return
        person = self.source.people[place]
        change = say(f"change-{person.change}") if person.change != "same" else say("d-review-same")
        shown = tuple(line_view(line, gone=person.change == "gone") for line in lines)
        self._view.render_person(Explained(id_number, person.name, change, shown))

    def _on_prepared(self, made: Prepared) -> None:
        text = say("d-review-told-prepared", period=made.period, persons=made.persons, lines=made.lines)
        self._view.told(text)

    def _on_fault(self, fault: BaseException) -> None:
        if isinstance(fault, UserError):
            self._view.refused(fault)
        elif not isinstance(fault, Cancelled):
            raise fault


def _month_word(month: Period, due: Period) -> str:
    word = say("d-period", year=month.year, month=month.month)
    return say("d-period-due", period=word) if month == due else word


def _reasons(read: MonthCheck) -> Mapping[str, tuple[str, ...]]:
    """{ID number: what was found about the person}."""
    found: dict[str, tuple[str, ...]] = {}
    for group in read.findings:
        if group.finding.severity.value == "notice":
            continue
        why, _ = finding_words(group.finding)
        for number, _name in group.persons:
            found[number] = (*found.get(number, ()), why)
    return found


_DO: Mapping[Act, Callable[[ReviewPresenter], None]] = {
    Act.PREPARE: ReviewPresenter._prepare,
    Act.CORRECT: ReviewPresenter._correct,
    Act.ASK: ReviewPresenter._ask_review,
    Act.PASS: ReviewPresenter._pass,
    Act.SEND_BACK: ReviewPresenter._send_back,
    Act.SIGN: lambda presenter: presenter._go("sign"),
    Act.QUEUE: lambda presenter: presenter._go("queue"),
    Act.RECORDS: lambda presenter: presenter._go("records"),
}


def _read(context: TaskContext, period: Period) -> MonthCheck | None:
    from unitclient.workflows.month_check import month_check

    return month_check(context.desk(), context.unit(), period)


def _explain(context: TaskContext, declaration: str, id_number: str) -> tuple[LineExplained, ...]:
    from unitclient.workflows.month_check import explain_person

    return explain_person(context.desk(), context.unit(), declaration, id_number)


def _prepare(context: TaskContext, period: Period, *, correct: bool) -> Prepared:
    from unitclient.workflows.prepare import prepare_month

    return prepare_month(context.desk(), context.unit(), period, correct=correct)


def _ask_review(context: TaskContext, ids: list[str]) -> int:
    from unitclient.workflows.reviewing import ask_review

    return ask_review(context.desk(), context.unit(), ids)


def _pass(context: TaskContext, ids: list[str], name: str) -> int:
    from unitclient.workflows.reviewing import pass_review

    return pass_review(context.desk(), context.unit(), ids, name)


def _send_back(context: TaskContext, ids: list[str], name: str) -> int:
    from unitclient.workflows.reviewing import send_back

    return send_back(context.desk(), context.unit(), ids, name)
