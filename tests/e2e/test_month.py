"""One month, from the spreadsheet to the bank slip, and the amounts and names that go through it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.office import MONTH, Office, faults, id_number, office, open_unit, staff
from unitclient.central.server import RunningCentre
from unitclient.store.documents import latest_document
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.lines import total_fen
from unitclient.workflows.roster import roster
from unitclient.workflows.statements import write_papers
from unitclient.workflows.status import Light

ORDER = {
    "transport": ["draft", "checked", "signed", "queued", "sending", "delivered"],
    "acceptance": ["received", "accepted"],
    "money": ["assessed", "billed", "debiting", "debited", "posted", "receipted"],
}


REGIONS = ("110000", "320500", "320583", "370100", "420100", "430700", "510100")


def told(clerk: Office, kind: DocumentKind, declaration_id: str) -> dict[str, object]:
    document = latest_document(clerk.base.store, clerk.unit_number, kind, declaration_id)
    assert document is not None
    loaded: dict[str, object] = json.loads(document.document)
    return loaded


def test_the_whole_month_to_the_bank_slip(clerk: Office) -> None:
    """Three tracks, each in its order; and one sum in all four places, to the fen."""
    clerk.enrols(staff(5))
    month = clerk.declares()
    done = clerk.status(month.declaration_id)
    assert (done.light, clerk.tracks(month.declaration_id)) == (Light.DONE, ("delivered", "accepted", "receipted"))
    for track, states in ORDER.items():
        assert [state for of, state in clerk.history(month.declaration_id) if of == track] == states
    assessment, bill, slip = (
        told(clerk, kind, month.declaration_id)
        for kind in (DocumentKind.ASSESSMENT, DocumentKind.BILL, DocumentKind.SLIP)
    )
    ours = total_fen(month.totals)
    assert ours > 0
    assert (assessment["total_fen"], assessment["difference_fen"]) == (ours, 0)
    assert (bill["total_fen"], slip["amount_fen"]) == (ours, ours)
    for insurance, sides in month.totals.items():
        theirs = assessment["totals"][insurance]  # type: ignore[index]  # a JSON object
        assert (theirs["unit"], theirs["person"]) == (sides["unit"], sides["person"])
    assert all(event.source == "centre" for event in done.history if event.track != "transport")


@pytest.mark.parametrize("region", REGIONS)
def test_both_ends_come_to_the_same_sum_in_every_region(centre: RunningCentre, tmp_path: Path, region: str) -> None:
    """Below the floor, above the cap, and odd fen in between: what we declare is what the centre assesses."""
    wages = ["1000.01", "4077.77", "5678.91", "9999.99", "12345.67", "50000"]
    people = [[f"员工{'甲乙丙丁戊己'[n]}", id_number(n), "2026-11", wage] for n, wage in enumerate(wages)]
    with office(tmp_path / "home", centre.url, open_unit(centre.url, region=region)) as clerk:
        clerk.enrols(people)
        month = clerk.declares()
        assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
        assessment = told(clerk, DocumentKind.ASSESSMENT, month.declaration_id)
        assert (assessment["total_fen"], assessment["difference_fen"]) == (total_fen(month.totals), 0)


def test_sent_is_never_shown_as_accepted(own_clerk: Office) -> None:
    """While the centre has received but not decided, the light waits and the track says received."""
    faults(own_clerk.unit.centre_url, hold=["accept"])
    own_clerk.enrols(staff(3))
    month = own_clerk.prepares()
    enrolment = month.others[0][0]
    own_clerk.signs()
    assert own_clerk.tracks(enrolment) == ("queued", None, None)
    own_clerk.syncs()
    assert own_clerk.tracks(enrolment) == ("delivered", "received", None)
    assert own_clerk.status(enrolment).light is Light.WAITING
    assert not own_clerk.syncs().settled
    faults(own_clerk.unit.centre_url)
    own_clerk.settles()
    assert own_clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")


def test_a_roster_of_zero(clerk: Office) -> None:
    """An empty month is said, signed, accepted, and owes nothing."""
    month = clerk.declares()
    assert (month.lines, [finding.code for finding in month.findings if finding.code == "EMPTY_MONTH"]) == (
        0,
        ["EMPTY_MONTH"],
    )
    assert clerk.status(month.declaration_id).light is Light.DONE
    assert clerk.tracks(month.declaration_id)[:2] == ("delivered", "accepted")
    papers = write_papers(clerk.desk, clerk.unit, month.declaration_id, clerk.desk.exports)
    assert "settlement" not in papers


NAMES = {
    id_number(1): "张𬭚",
    id_number(2): "王䶮",
    id_number(3): "李〇",
    id_number(4): "阿依古丽·买买提",
    "911398199012310021": "MARIA LOPEZ",
}


def test_names_of_one_two_three_and_four_byte_characters(clerk: Office) -> None:
    """A name is the same characters in the sheet, the signed bytes and the centre's roster."""
    assert {len(character.encode()) for name in NAMES.values() for character in name} == {1, 2, 3, 4}
    clerk.enrols([[name, number, "2026-11", 8000] for number, name in NAMES.items()])
    month = clerk.declares()
    assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
    declared = clerk.status(month.declaration_id).declaration
    confirmed = {entry.person.id_number: entry.person.name for entry in roster(clerk.desk, clerk.unit)}
    assert confirmed == NAMES
    for name in NAMES.values():
        assert f'"{name}"'.encode() in declared.payload


@pytest.mark.parametrize("name", ["张𬭚·䶮〇 Ñ 公司", "演练用人单位"])
def test_the_papers_can_be_searched(centre: RunningCentre, tmp_path: Path, name: str) -> None:
    """pdftotext finds the unit's name (of one to four bytes a character), the acceptance number and the sum."""
    with office(tmp_path / "home", centre.url, open_unit(centre.url, name)) as clerk:
        clerk.enrols(staff(2))
        month = clerk.declares()
        papers = write_papers(clerk.desk, clerk.unit, month.declaration_id, tmp_path)
        assert set(papers) == {"receipt", "summary", "settlement"}
        total = f"{total_fen(month.totals) / 100:,.2f}"
        number = clerk.status(month.declaration_id).declaration.acceptance_number or "?"
        for paper, path in papers.items():
            text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
            flat = "".join(text.split())
            assert name.replace(" ", "") in flat, paper
            assert number in flat
            assert total in text or paper == "receipt"


def test_the_second_month_shows_what_changed(clerk: Office) -> None:
    """Next month: one joins; the difference names that person and nobody else."""
    clerk.enrols(staff(3))
    clerk.declares()
    joiner = staff(1, first=9, since="2026-12")
    clerk.enrols(joiner)
    following = clerk.prepares(MONTH + 1)
    assert [(change.id_number, change.change) for change in following.difference] == [(joiner[0][1], "new")]
    assert following.difference[0].before == 0
    clerk.signs()
    clerk.settles()
    assert clerk.tracks(following.declaration_id) == ("delivered", "accepted", "receipted")
