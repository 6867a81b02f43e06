"""The feed of a unit: complete, ordered, resumable; and where to start again."""

from __future__ import annotations

import base64
import concurrent.futures
import threading
import time

import requests

from tests.central.helper import Client, Json, open_client, person, problem
from unitclient.central.server import RunningCentre
from unitclient.sync.protocol import Change, SignedDocument


def whole_feed(client: Client, limit: int) -> list[Json]:
    changes: list[Json] = []
    cursor = ""
    while True:
        page = client.unit_read(f"/changes?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        changes += page["changes"]
        cursor = page["next_cursor"]
        assert len(page["changes"]) <= limit
        if not page["more"]:
            return changes


def test_pages_make_the_whole_without_gaps(client: Client) -> None:
    client.settled(client.submit("enrol", [person(n) for n in range(3)]))
    by_two, at_once = whole_feed(client, 2), whole_feed(client, 500)
    assert by_two == at_once
    assert [change["seq"] for change in by_two] == list(range(1, len(by_two) + 1))
    assert [change["kind"] for change in by_two] == ["calendar", "policies", "receipt", "acceptance"]


def test_many_writers_leave_no_gap(client: Client) -> None:
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        sent = list(pool.map(lambda n: client.submit("enrol", [person(n)]), range(12)))
    for submission_id in sent:
        client.settled(submission_id)
    changes = whole_feed(client, 5)
    assert [change["seq"] for change in changes] == list(range(1, 2 + 2 * 12 + 1))
    assert sorted(change["submission_id"] for change in changes if change["kind"] == "receipt") == sorted(sent)


def test_documents_come_along_when_asked_for(client: Client) -> None:
    client.settled(client.submit("enrol", [person(1)]))
    plain = client.unit_read("/changes")["changes"]
    full = [Change.from_wire(wire) for wire in client.unit_read("/changes?include=documents")["changes"]]
    assert all("signed" not in change for change in plain)
    for change in full:
        assert change.document is not None
        assert change.document.sha256 == change.sha256
        fetched = SignedDocument.from_wire(client.unit_read(f"/documents/{change.ref}"))
        assert fetched == change.document


def test_a_unit_cannot_read_the_documents_of_another(client: Client, shared_centre: RunningCentre) -> None:
    other = open_client(shared_centre.url)
    ref = other.unit_read("/changes")["changes"][0]["ref"]
    assert problem(client.read(f"/v1/units/{client.unit_number}/documents/{ref}")) == "not-found"
    cursor = other.unit_read("/changes")["next_cursor"]
    assert problem(client.read(f"/v1/units/{client.unit_number}/changes?cursor={cursor}")) == "cursor-expired"
    other.session.close()


def test_waiting_ends_as_soon_as_something_happens(client: Client) -> None:
    cursor = client.unit_read("/changes")["next_cursor"]
    timer = threading.Timer(0.5, lambda: client.submit("enrol", [person(1)]))
    timer.start()
    began = time.monotonic()
    page = client.unit_read(f"/changes?cursor={cursor}&wait_s=20")
    assert page["changes"]
    assert 0.4 < time.monotonic() - began < 10
    timer.join()


def test_waiting_for_nothing_ends_too(client: Client) -> None:
    cursor = client.unit_read("/changes")["next_cursor"]
    page = client.unit_read(f"/changes?cursor={cursor}&wait_s=1")
    assert page == {"changes": [], "next_cursor": cursor, "more": False}


def test_a_cursor_cannot_be_made_up(client: Client) -> None:
    cursor = client.unit_read("/changes?limit=1")["next_cursor"]
    epoch, _, mac = base64.urlsafe_b64decode(cursor + "==").decode().split(".")
    forged = base64.urlsafe_b64encode(f"{epoch}.0.{mac}".encode()).decode().rstrip("=")
    for bad in (forged, "!", "abc", cursor[:-4]):
        refused = client.read(f"/v1/units/{client.unit_number}/changes", params={"cursor": bad})
        assert (refused.status_code, problem(refused)) == (410, "cursor-expired")


def test_after_a_restore_the_snapshot_is_where_to_start(own_client: Client) -> None:
    enrolment = own_client.submit("enrol", [person(n) for n in range(3)])
    own_client.settled(enrolment)
    cursor = own_client.unit_read("/changes")["next_cursor"]
    requests.put(f"{own_client.url}/practice/epoch", timeout=10)
    refused = own_client.read(f"/v1/units/{own_client.unit_number}/changes", params={"cursor": cursor})
    assert problem(refused) == "cursor-expired"
    snapshot = own_client.unit_read("/snapshot")
    roster = own_client.content(snapshot["roster"])
    assert len(roster["persons"]) == 3
    assert [change["kind"] for change in snapshot["documents"]] == ["calendar", "policies", "receipt", "acceptance"]
    page = own_client.unit_read(f"/changes?cursor={snapshot['next_cursor']}")
    assert page["changes"] == []
    own_client.settled(own_client.submit("enrol", [person(9)]))
    page = own_client.unit_read(f"/changes?cursor={page['next_cursor']}")
    assert [change["kind"] for change in page["changes"]] == ["receipt", "acceptance"]


def test_announcements_reach_every_unit(own_client: Client) -> None:
    other = open_client(own_client.url)
    asked = {"title": "系统维护", "body": "周六 8:00 至 10:00 暂停服务。"}
    ref = requests.post(f"{own_client.url}/practice/announcements", json=asked, timeout=10).json()["ref"]
    for reader in (own_client, other):
        last = reader.unit_read("/changes")["changes"][-1]
        assert (last["kind"], last["ref"]) == ("announcement", ref)
        assert reader.content(reader.unit_read(f"/documents/{ref}"))["title"] == "系统维护"
    public = requests.get(f"{own_client.url}/v1/announcements", timeout=10).json()["announcements"]
    assert own_client.content(public[0])["body"] == asked["body"]
    other.session.close()


def test_publications_stay_the_same_bytes(client: Client) -> None:
    for name in ("calendar", "policies"):
        assert client.unit_read(f"/{name}") == client.unit_read(f"/{name}")
        assert client.content(client.unit_read(f"/{name}"))["region"] == client.unit["region"]
    assert len(client.unit_read("/changes")["changes"]) == 2


def test_the_service_describes_itself(client: Client) -> None:
    told = client.content(requests.get(f"{client.url}/v1/service", timeout=10).json())
    assert told["practice"] is True
    assert told["service"] == client.unit["service"]
