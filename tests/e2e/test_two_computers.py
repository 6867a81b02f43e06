"""One unit, two computers: what one declares, the other learns from the centre; what both declare, counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, ask, at_centre, id_number, office, open_unit, staff
from unitclient.app import open_desk
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.store.declarations import find_declarations
from unitclient.store.documents import find_documents
from unitclient.store.feed import cursor
from unitclient.store.items import ItemState, items
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.centre import open_engine, trust_for_signing
from unitclient.workflows.elsewhere import learn_first
from unitclient.workflows.pen import GIVE, move_pen
from unitclient.workflows.roster import roster
from unitclient.workflows.signing import sign_and_queue, to_sign
from unitclient.workflows.status import Light

Pair = tuple[Office, Office]


@pytest.fixture
def pair(centre: RunningCentre, tmp_path: Path) -> Iterator[Pair]:
    """Two homes, one certificate, one centre."""
    opened = open_unit(centre.url)
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(office(tmp_path / name, centre.url, opened)) for name in ("upstairs", "downstairs")
        )
        yield first, second


def hands_over(first: Office, second: Office) -> None:
    """The first has a draft that it will not sign: it gives the pen away, and the second hears of it."""
    move_pen(first.desk, first.unit, GIVE)
    second.syncs()


def people(clerk: Office) -> set[str]:
    return {entry.person.id_number for entry in roster(clerk.desk, clerk.unit)}


def test_the_other_computer_reads_roster_and_feed(pair: Pair) -> None:
    """It never saw the declaration: it gets the people, and keeps the documents, without inventing a declaration."""
    first, second = pair
    first.enrols(staff(3))
    month = first.declares()
    second.syncs()
    assert people(second) == people(first) == {id_number(n) for n in (1, 2, 3)}
    assert find_declarations(second.base.store, second.unit_number) == []
    slips = find_documents(second.base.store, second.unit_number, kind=DocumentKind.SLIP)
    assert [slip.submission_id for slip in slips] == [month.declaration_id]
    assert cursor(first.base.store, first.unit_number) == cursor(second.base.store, second.unit_number)


def test_a_second_month_from_the_other_computer_is_returned(centre: RunningCentre, pair: Pair) -> None:
    """At most one declaration of a month takes effect; the second comes back and says which one stands.

    It could be signed only because this computer had not heard of the first one.
    """
    first, second = pair
    first.enrols(staff(2))
    enrolment = first.prepares().others[0][0]
    first.signs(enrolment)
    first.settles()
    hands_over(first, second)
    again = second.prepares()
    second.signs()
    month = first.declares()
    second.settles()
    told = second.status(again.declaration_id)
    assert (told.declaration.acceptance, told.light) == ("returned", Light.TROUBLE)
    (reason,) = told.refusals
    assert (reason.finding.code, reason.finding.params["submission_id"]) == ("ALREADY_DECLARED", month.declaration_id)
    assert [(form, state) for form, _, state in at_centre(centre, first.unit_number)] == [
        ("enrol", "accepted"),
        ("monthly", "accepted"),
        ("monthly", "returned"),
    ]


def test_a_month_declared_elsewhere_is_found_before_signing(centre: RunningCentre, pair: Pair) -> None:
    """Prepared on both: whoever comes second is told before the key is used, and then before any work."""
    first, second = pair
    first.enrols(staff(2))
    enrolment = first.prepares().others[0][0]
    first.signs(enrolment)
    first.settles()
    hands_over(first, second)
    waiting = second.prepares()
    month = first.declares()
    learn_first(second.desk, second.unit)
    told = refusal(second.signs)
    assert (told.code, told.params["number"]) == (
        "month-declared-elsewhere",
        first.status(month.declaration_id).declaration.acceptance_number,
    )
    assert second.tracks(waiting.declaration_id) == ("checked", None, None)
    assert refusal(second.prepares).code == "month-declared-elsewhere"
    assert [form for form, _, _ in at_centre(centre, first.unit_number)] == ["enrol", "monthly"]


def test_the_other_computer_may_correct_the_month(pair: Pair) -> None:
    """The one that declared may be gone: the correction names what the centre holds, and the centre decides on it."""
    first, second = pair
    first.enrols(staff(2))
    month = first.declares()
    second.syncs()
    corrected = second.prepares(correct=True)
    second.signs()
    second.settles()
    told = second.status(corrected.declaration_id)
    assert told.declaration.supersedes == month.declaration_id
    assert [reason.finding.code for reason in told.refusals] == ["ALREADY_BILLED"], "and not ALREADY_DECLARED"


def test_people_done_elsewhere_are_found_before_signing(centre: RunningCentre, pair: Pair) -> None:
    """Both prepared the same enrolment: the second is sent back to prepare anew, and then nobody is left to declare."""
    first, second = pair
    first.enrols(staff(2))
    second.enrols(staff(2))
    second.prepares()
    enrolment = first.prepares().others[0][0]
    first.signs(enrolment)
    first.settles()
    learn_first(second.desk, second.unit)
    assert refusal(second.signs).code == "prepared-before-other"
    again = second.prepares()
    assert again.others == ()
    assert {finding.code for finding in again.findings} >= {"B201"}
    second.signs()
    second.settles()
    assert [state for _, _, state in at_centre(centre, first.unit_number)] == ["accepted", "accepted"]


def test_two_programs_on_one_home_sign_once(centre: RunningCentre, tmp_path: Path) -> None:
    """Both saw the same month waiting: whoever is second is told by name, and what was prepared anew is not signed."""
    with (
        office(tmp_path / "home", centre.url, open_unit(centre.url)) as first,
        open_desk(tmp_path / "home", first.clock) as base,
    ):
        second = Office(first.home, first.opened, base, first.clock, first.unit_number, first.signer)
        first.enrols(staff(1))
        month = first.prepares()
        seen = to_sign(second.desk, second.unit)
        first.signs()
        trust = trust_for_signing(second.unit)
        assert refusal(lambda: sign_and_queue(second.desk, second.unit, seen, second.signer, trust)).code == (
            "already-signed"
        )
        second.settles()
        assert first.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        first.prepares(MONTH + 1)
        seen = to_sign(second.desk, second.unit)
        first.prepares(MONTH + 1)
        assert refusal(lambda: sign_and_queue(second.desk, second.unit, seen, second.signer, trust)).code == (
            "sign-not-as-shown"
        )
    assert len(at_centre(centre, first.unit_number)) == 2


def refusal(act: Callable[[], object]) -> UserError:
    """What an act is refused with."""
    with pytest.raises(UserError) as refused:
        act()
    return refused.value


def test_one_row_is_refused_and_the_others_are_taken(pair: Pair) -> None:
    """Both computers enrol the same person: the second batch is accepted in part, the row comes back with reason."""
    first, second = pair
    first.enrols(staff(1))
    enrolment = first.prepares().others[0][0]
    second.enrols(staff(3))
    other = second.prepares().others[0][0]
    first.signs(enrolment)
    first.settles()
    second.signs(other)
    second.settles()
    told = second.status(other)
    assert (told.declaration.acceptance, told.light) == ("partly-accepted", Light.TROUBLE)
    assert [(refusal.row, refusal.finding.code) for refusal in told.refusals] == [(0, "B201")]
    states = {item.key: item for item in items(second.base.store, second.unit_number, "enrol")}
    assert [states[id_number(n)].state for n in (1, 2, 3)] == [
        ItemState.REFUSED,
        ItemState.ACCEPTED,
        ItemState.ACCEPTED,
    ]
    assert [finding.code for finding in states[id_number(1)].findings] == ["B201"]
    assert people(second) == {id_number(n) for n in (1, 2, 3)}
    hands_over(first, second)
    month = second.declares()
    assert (month.persons, second.tracks(month.declaration_id)) == (3, ("delivered", "accepted", "receipted"))


def test_a_month_that_leaves_somebody_out_is_accepted_in_part(pair: Pair) -> None:
    """The other computer enrolled one more after we prepared: our lines stand, and the missing person is named."""
    first, second = pair
    first.enrols(staff(2))
    month = first.prepares()
    second.enrols(staff(1, first=7))
    late = second.prepares().others[0][0]
    second.signs(late)
    second.settles()
    first.signs()
    first.settles()
    told = first.status(month.declaration_id)
    assert told.declaration.acceptance == "partly-accepted"
    assert [refusal.finding.code for refusal in told.refusals] == ["MISSING_PERSON"]
    assert told.refusals[0].finding.params["person"] == id_number(7)
    assert (told.declaration.money, told.light) == ("receipted", Light.TROUBLE)
    assert people(first) == {id_number(n) for n in (1, 2, 7)}


def test_a_restored_centre_voids_the_cursor_and_we_read_anew(own_centre: RunningCentre, own_clerk: Office) -> None:
    """After the centre's restore every cursor is void: the snapshot gives roster and a new cursor, and it goes on."""
    own_clerk.enrols(staff(2))
    own_clerk.declares()
    before = cursor(own_clerk.base.store, own_clerk.unit_number)
    ask(own_centre.url, "PUT", "/practice/epoch")
    result = own_clerk.syncs()
    assert result.trouble == ""
    after = cursor(own_clerk.base.store, own_clerk.unit_number)
    assert after not in (None, before)
    assert people(own_clerk) == {id_number(1), id_number(2)}
    own_clerk.enrols(staff(1, first=3, since="2026-12"))
    month = own_clerk.declares(MONTH + 1)
    assert own_clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")


def test_what_was_decided_before_the_cursor_expired_is_not_missed(own_centre: RunningCentre, tmp_path: Path) -> None:
    """Delivered, then the cursor expires before the decision was fetched: the tracks still come to their end."""
    with office(tmp_path / "home", own_centre.url, open_unit(own_centre.url)) as clerk:
        clerk.enrols(staff(2))
        month = clerk.prepares()
        clerk.signs()
        with open_engine(clerk.desk, clerk.unit) as engine:
            engine.send_due()
        while at_centre(own_centre, clerk.unit_number)[-1] != ("monthly", "original", "accepted"):
            pass
        ask(own_centre.url, "PUT", "/practice/epoch")
        clerk.settles()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
