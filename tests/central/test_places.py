"""Many units book the last places of a slot at once over HTTP: never more than fit are given."""

from __future__ import annotations

import concurrent.futures
import threading
from collections import Counter

from tests.central.helper import Client, open_client
from unitclient.central.server import RunningCentre

UNITS, MOST = 16, 2


def booking(number: str, slot: str) -> dict[str, str]:
    """A row of the business `appointment`."""
    return {
        "appointment_number": number,
        "matter": "退休审批材料递交",
        "office": "02",
        "department": "02",
        "day": today(),
        "slot": slot,
        "contact": "李经办",
        "phone": "13800000000",
    }


def today() -> str:
    """The day by the centre's clock: a booking is for the next fourteen days."""
    from unitclient.clock import CHINA, SystemClock

    return SystemClock().now().astimezone(CHINA).date().isoformat()


def entries(client: Client) -> list[dict[str, str]]:
    """The unit's appointments as the desk sees them."""
    path = f"/practice/desk/units/{client.unit_number}/registers/appointment"
    found: list[dict[str, str]] = client.session.get(client.url + path, timeout=10).json()["entries"]
    return found


def at_once(clients: list[Client], slot: str, prefix: str) -> Counter[str]:
    """Every unit books the same slot at the same moment; the centre's words."""

    start = threading.Barrier(len(clients))

    def one(place: int) -> str:
        client = clients[place]
        start.wait(30)
        sent = client.submit("appointment", [booking(f"{prefix}-{place}", slot)])
        return str(client.settled(sent)["state"])

    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        return Counter(pool.map(one, range(len(clients))))


def test_the_last_places_are_given_once(own_centre: RunningCentre) -> None:
    clients = [open_client(own_centre.url) for _ in range(UNITS)]
    assert at_once(clients, "01", "A") == {"accepted": MOST, "returned": UNITS - MOST}
    held = [client for client in clients if entries(client)]
    assert len(held) == MOST
    codes = {refusal["code"] for client in clients if client not in held for refusal in _last_refusals(client)}
    assert codes == {"NO_PLACE"}
    # A place that is given back goes to exactly one of those who ask for it next.
    (number,) = [entry["key"] for entry in entries(held[0])]
    gone = held[0].submit("appointment-cancel", [{"appointment_number": number, "reason_text": "行程有变"}])
    assert held[0].settled(gone)["state"] == "accepted"
    others = [client for client in clients if client not in held]
    assert at_once(others, "01", "B") == {"accepted": 1, "returned": len(others) - 1}
    booked = [entry for client in clients for entry in entries(client) if entry["state"] == "booked"]
    assert len(booked) == MOST
    for client in clients:
        client.session.close()


def test_no_double_booking_under_load(own_centre: RunningCentre) -> None:
    """Sixteen threads want the same eight slots at the same moment, each in another order: two get each of them."""
    clients = [open_client(own_centre.url) for _ in range(UNITS)]
    slots = [f"{n:02d}" for n in range(1, 9)]
    start = threading.Barrier(UNITS)

    def wants_all(place: int) -> list[tuple[str, str]]:
        """(slot, what the centre said) of every slot; all are sent before any is waited for."""
        client, order = clients[place], slots[place % len(slots) :] + slots[: place % len(slots)]
        start.wait(30)
        sent = [client.submit("appointment", [booking(f"L-{slot}", slot)]) for slot in order]
        return [(slot, str(client.settled(one)["state"])) for slot, one in zip(order, sent, strict=True)]

    with concurrent.futures.ThreadPoolExecutor(UNITS) as pool:
        told = Counter(answer for answers in pool.map(wants_all, range(UNITS)) for answer in answers)
    assert told == {(slot, word): count for slot in slots
                    for word, count in (("accepted", MOST), ("returned", UNITS - MOST))}  # fmt: skip
    booked = Counter(entry["key"] for client in clients for entry in entries(client) if entry["state"] == "booked")
    assert booked == {f"L-{slot}": MOST for slot in slots}
    for client in clients:
        client.session.close()


def test_places_of_one_submission_count_together(own_client: Client) -> None:
    rows = [booking(f"C-{n}", "02") for n in range(4)]
    decided = own_client.decision(own_client.submit("appointment", rows))
    assert (decided["state"], decided["accepted"]) == ("partly-accepted", MOST)
    assert [refusal["code"] for refusal in decided["refused"]] == ["NO_PLACE", "NO_PLACE"]


def test_a_change_into_a_full_slot_leaves_the_old_place(own_client: Client) -> None:
    own_client.settled(own_client.submit("appointment", [booking(f"D-{n}", "03") for n in range(2)]))
    own_client.settled(own_client.submit("appointment", [booking("E-1", "04")]))
    where = {name: booking("E-1", "03")[name] for name in ("appointment_number", "office", "department", "day", "slot")}
    decided = own_client.decision(own_client.submit("appointment-change", [where]))
    assert [refusal["code"] for refusal in decided["refused"]] == ["NO_PLACE"]
    assert {entry["key"]: entry["state"] for entry in entries(own_client)}["E-1"] == "booked"


def _last_refusals(client: Client) -> list[dict[str, str]]:
    (sent,) = client.unit_read("/submissions")["submissions"]
    found: list[dict[str, str]] = client.decision(sent["submission_id"])["refused"]
    return found
