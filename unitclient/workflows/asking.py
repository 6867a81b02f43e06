"""Ask the centre: a query service's answer, signed, kept with its time; the last one again when there is no centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unitclient.catalog.services import Service, load_services
from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.store.answers import StoredAnswer, add_answer, newest_answer
from unitclient.store.documents import add_document
from unitclient.store.settings import get_setting
from unitclient.store.units import Unit
from unitclient.store.watches import list_watches, mark_seen
from unitclient.sync.protocol import DocumentKind
from unitclient.sync.reading import issued_at, stored
from unitclient.workflows.centre import centre_refusals, open_engine
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import PERSONS, may, needs, operator_name

PERSONAL_OPERATORS = "query.personal"
"""Setting: operators who may ask about persons, separated by commas; empty lets everybody ask."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer; `fresh` tells whether the centre gave it just now, `refusal` why it did not.

    `before` is the answer to the same question before this one; None when it was never asked.
    """

    answer: StoredAnswer
    fresh: bool
    refusal: UserError | None = None
    before: StoredAnswer | None = None

    @property
    def changed(self) -> bool | None:
        """Whether a fresh answer says something else than the one before; None where there is nothing to compare."""
        if not self.fresh or self.before is None:
            return None
        return self.before.rows != self.answer.rows


def services() -> Mapping[str, Service]:
    """Every query that the centre answers, by id."""
    return load_services(resources_root())


@needs("ask")
def ask(desk: Desk, unit: Unit, query: str, inputs: Mapping[str, str]) -> Asked:
    """The centre's answer, or the last one kept where the centre cannot be reached.

    UserError query-unknown, query-input-wrong, query-no-right; the centre's refusals when there is no earlier answer.
    """
    service = askable(desk, unit, query, inputs)
    given = {name: text for name, text in inputs.items() if text}
    kept = newest_answer(desk.store, unit.unit_number, query, given)
    try:
        answer = _from_centre(desk, unit, service, given)
    except UserError as refusal:
        if kept is None:
            raise
        _leave_trace(desk, unit, service, kept)
        return Asked(kept, fresh=False, refusal=refusal)
    return Asked(answer, fresh=True, before=kept)


def askable(desk: Desk, unit: Unit, query: str, inputs: Mapping[str, str]) -> Service:
    """The query, when whoever works here may ask it so. UserError query-unknown, query-input-wrong, query-no-right."""
    service = _service(query, inputs)
    _refuse_without_right(desk, unit, service)
    return service


@needs("ask")
def ask_for_watch(desk: Desk, unit: Unit, service: Service, inputs: Mapping[str, str], *, first: bool) -> StoredAnswer:
    """A fresh answer that nobody has looked at yet; the `first` one counts as seen. The journal has the change."""
    _refuse_without_right(desk, unit, service)
    before = newest_answer(desk.store, unit.unit_number, service.id, inputs)
    answer = _from_centre(desk, unit, service, inputs, seen=first)
    if before is not None and before.rows != answer.rows:
        detail = {"before": len(before.rows), "after": len(answer.rows)}
        with desk.store.write("query.changed", subject=service.id, detail=detail):
            pass  # whoever may see it is told by the to-do
    return answer


def _service(query: str, inputs: Mapping[str, str]) -> Service:
    service = services().get(query)
    if service is None:
        raise UserError("query-unknown", query=query, known=", ".join(services()))
    wrong = service.wrong_input(inputs)
    if wrong:
        title = next((str(one.title) for one in service.inputs if one.name == wrong), wrong)
        raise UserError("query-input-wrong", query=str(service.title), input=title)
    return service


def may_see_persons(desk: Desk, unit: Unit) -> bool:
    """Whether whoever works here may be shown persons' data: by their role, and by PERSONAL_OPERATORS."""
    if not may(desk, PERSONS):
        return False
    allowed = [name.strip() for name in str(get_setting(desk.store, PERSONAL_OPERATORS, "") or "").split(",")]
    return not any(allowed) or operator_name(desk.store, unit) in allowed


def _refuse_without_right(desk: Desk, unit: Unit, service: Service) -> None:
    if service.personal and not may_see_persons(desk, unit):
        raise UserError("query-no-right", query=str(service.title), operator=operator_name(desk.store, unit))


def _from_centre(
    desk: Desk, unit: Unit, service: Service, inputs: Mapping[str, str], *, seen: bool = True
) -> StoredAnswer:
    with centre_refusals(unit), open_engine(desk, unit) as engine:
        signed, content = engine.ask(service.id, inputs)
    answer = StoredAnswer(
        query=service.id,
        inputs=dict(inputs),
        rows=tuple(content["rows"]),
        source=str(content["source"]),
        document=signed.sha256,
        asked_by=operator_name(desk.store, unit),
        at=issued_at(content),
    )
    with desk.store.write("query.ask", subject=service.id, detail={"rows": len(answer.rows)}):
        add_document(desk.store, stored(unit.unit_number, DocumentKind.ANSWER, signed, None))
        add_answer(desk.store, unit.unit_number, answer)
        if seen:
            mark_seen(desk.store, unit.unit_number, service.id, inputs, answer.at)
    return answer


def _leave_trace(desk: Desk, unit: Unit, service: Service, kept: StoredAnswer) -> None:
    """Personal data leaves a journal entry each time it is looked at; what is watched was seen now."""
    number = unit.unit_number
    watched = any(one.asks(kept.query, kept.inputs) and one.seen != kept.at for one in list_watches(desk.store, number))
    if service.personal or watched:
        with desk.store.write("query.read", subject=service.id):
            mark_seen(desk.store, number, kept.query, kept.inputs, kept.at)
