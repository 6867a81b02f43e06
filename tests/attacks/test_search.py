"""SQL typed into every field that searches, orders or narrows: found as a text, or refused, and nothing is harmed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.central.helper import Client, person
from tests.store.samples import UNIT, add_unit
from tests.store.samples import person as known
from unitclient.clock import SystemClock
from unitclient.store import Store, staff
from unitclient.store.people import PeopleQuery, people_counts, people_ids
from unitclient.store.person_notes import catch_up, set_departments
from unitclient.store.staged import StagedQuery, staged_counts, staged_ids
from unitclient.store.staging import StagedRow, stage_items

SQL = (
    "' OR 1=1 --",
    "'; DROP TABLE item; --",
    '" OR ""="',
    "%",
    "_",
    "*",
    "\\",
    "') UNION SELECT id FROM person_note --",
    "?",
    ":unit",
    "\0",
    "0x27",
    "章' AND unit <> '",
)
OTHER = "999"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A unit with one person and one row, and another unit that nobody may see from there."""
    with Store.open(tmp_path / "home", clock=SystemClock()) as opened:
        for unit in (UNIT, OTHER):
            add_unit(opened, unit)
            with opened.write("test.fill"):
                staff.upsert_persons(opened, unit, [known(1, name="章一")])
                stage_items(opened, unit, "enrol", "1", [StagedRow("n7", "n7", "2026-02", {"name": "钱七"})])
                catch_up(opened, unit)
        yield opened


def whole(store: Store) -> list[tuple[object, ...]]:
    """What stands in the tables that could be harmed."""
    return [
        tuple(row)
        for table in ("item", "person", "person_note", "unit")
        for row in store.connection.execute(f"SELECT '{table}', * FROM {table} ORDER BY rowid")
    ]


PEOPLE = PeopleQuery(UNIT, ("enrol",))
STAGED = StagedQuery(UNIT, "enrol")
SEARCHES: dict[str, Callable[[Store, str], int]] = {
    "people by text": lambda store, text: len(people_ids(store, dataclasses.replace(PEOPLE, text=text))),
    "people of a department": lambda store, text: len(people_ids(store, dataclasses.replace(PEOPLE, department=text))),
    "people of a unit": lambda store, text: len(people_ids(store, PeopleQuery(text, ("enrol",)))),
    "people counted": lambda store, text: sum(people_counts(store, dataclasses.replace(PEOPLE, text=text)).values()),
    "people narrowed": lambda store, text: len(people_ids(store, dataclasses.replace(PEOPLE, narrow=(text,)))) - 2,
    "rows by text": lambda store, text: len(staged_ids(store, dataclasses.replace(STAGED, text=text))),
    "rows counted": lambda store, text: sum(staged_counts(store, dataclasses.replace(STAGED, text=text)).values()),
    "rows of a form": lambda store, text: len(staged_ids(store, dataclasses.replace(STAGED, form=text))),
    "rows in an order": lambda store, text: len(staged_ids(store, dataclasses.replace(STAGED, order=text))) - 1,
    "rows narrowed": lambda store, text: len(staged_ids(store, dataclasses.replace(STAGED, narrow=(text,)))) - 1,
}


@pytest.mark.parametrize("search", SEARCHES)
def test_sql_is_a_text_that_nobody_has(store: Store, search: str) -> None:
    before = whole(store)
    assert len(people_ids(store, PEOPLE)) == 2
    for text in SQL:
        assert SEARCHES[search](store, text) == 0, text
    assert whole(store) == before


def test_somebody_who_is_called_like_that_is_found(store: Store) -> None:
    name = "章' OR 1=1 --"
    with store.write("test.rename"):
        staff.upsert_persons(store, UNIT, [known(2, name=name)])
        catch_up(store, UNIT)
        set_departments(store, UNIT, {known(2).id_number: "'); DELETE FROM person; --"})
    assert len(people_ids(store, dataclasses.replace(PEOPLE, text="章'"))) == 1
    assert len(people_ids(store, dataclasses.replace(PEOPLE, department="'); DELETE FROM person; --"))) == 1
    assert len(people_ids(store, PEOPLE)) == 3


def test_the_central_service(client: Client) -> None:
    """Paths, parameters and bodies; the unit still has all it had, and nobody else's."""
    client.submit("enrol", [person(1)])
    listed = [one["submission_id"] for one in client.unit_read("/submissions")["submissions"]]
    assert len(listed) == 1
    own, free = f"/v1/units/{client.unit_number}", client.session
    for text in SQL:
        challenge = {"unit_number": text, "certificate_sha256": text}
        verify = {"acceptance_number": text, "sha256": text}
        asked = [
            client.read(f"{own}/submissions", params={"period": text}),
            client.read(f"{own}/changes", params={"cursor": text}),
            client.read(f"{own}/queries/{quote(text, safe='')}", "POST", json={"inputs": {text: text}}),
            client.read(f"{own}/documents/{quote(text, safe='')}"),
            free.get(f"{client.url}/v1/intake", params={"unit_number": text}, timeout=10),
            free.post(f"{client.url}/v1/verify", json=verify, timeout=10),
            free.post(f"{client.url}/v1/devices/challenges", json=challenge, timeout=10),
        ]
        assert [answer.status_code for answer in asked if answer.status_code >= 500] == [], text
        assert not [answer.text for answer in asked if listed[0] in answer.text]
    assert [one["submission_id"] for one in client.unit_read("/submissions")["submissions"]] == listed
