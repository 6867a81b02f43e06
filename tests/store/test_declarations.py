"""Declarations and their tracks: which step may follow which, and whose word moves what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.store.samples import UNIT, declare, keep_document
from unitclient.store import Store
from unitclient.store.declarations import (
    add_declaration,
    events,
    find_declarations,
    get_declaration,
    set_acceptance,
    set_money,
    set_transport,
)
from unitclient.store.transport import NEXT, Transport

DECIDED = datetime(2026, 1, 6, 1, 0, tzinfo=UTC)


def test_a_declaration_comes_back_as_it_was_prepared(store: Store) -> None:
    prepared = declare(store, "d1", requires=("d0",))
    kept = get_declaration(store, "d1")
    assert kept is not None
    for name in ("payload", "totals", "requires", "prepared_at", "period", "form", "row_count", "kind", "supersedes"):
        assert getattr(kept, name) == getattr(prepared, name)
    assert (kept.transport, kept.acceptance, kept.money) == (Transport.DRAFT, None, None)
    assert [event.state for event in events(store, "d1")] == ["draft"]
    assert get_declaration(store, "none") is None


def test_the_same_id_twice_is_refused(store: Store) -> None:
    prepared = declare(store, "d1")
    with pytest.raises(Exception, match="UNIQUE"), store.write("declaration.add"):
        add_declaration(store, prepared)


def test_declarations_are_found_by_what_is_given(store: Store) -> None:
    declare(store, "d1", form="enrol")
    declare(store, "d2", upto=Transport.SIGNED)
    found = {
        "all": find_declarations(store, UNIT),
        "form": find_declarations(store, UNIT, form="enrol", period="2026-01"),
        "signed": find_declarations(store, UNIT, transport=Transport.SIGNED),
        "none": find_declarations(store, UNIT, period="2026-02"),
    }
    assert {name: [each.id for each in each_found] for name, each_found in found.items()} == {
        "all": ["d1", "d2"],
        "form": ["d1"],
        "signed": ["d2"],
        "none": [],
    }


@pytest.mark.parametrize("now", list(Transport))
@pytest.mark.parametrize("wanted", list(Transport))
def test_transport_takes_allowed_steps_only(store: Store, now: Transport, wanted: Transport) -> None:
    declare(store, "d1")
    store.connection.execute("UPDATE declaration SET transport = ?", (now.value,))
    if wanted == now or wanted in NEXT[now]:
        with store.write("transport"):
            assert set_transport(store, "d1", wanted) == (wanted != now)
    else:
        with pytest.raises(ValueError, match="transport"), store.write("transport"):
            set_transport(store, "d1", wanted)
        assert [event.state for event in events(store, "d1")] == ["draft"]


def test_the_way_of_the_house_is_open_and_delivery_is_its_end() -> None:
    way = ["draft", "checked", "reviewed", "signed", "queued", "sending", "delivered"]
    steps = zip(way, way[1:], strict=False)  # noqa: RUF007 - the pairs are what is meant
    assert all(Transport(after) in NEXT[Transport(before)] for before, after in steps)
    assert not NEXT[Transport.DELIVERED]
    assert NEXT.keys() == set(Transport)


def test_acceptance_and_money_move_by_a_stored_document_of_the_centre_only(store: Store) -> None:
    declare(store, "d1")
    for move in (set_acceptance, set_money):
        with pytest.raises(ValueError, match="stored document"), store.write("track"):
            move(store, "d1", "accepted", document_ref="a-1", at=DECIDED)
    keep_document(store, "a-1")
    with store.write("track"):
        assert set_acceptance(store, "d1", "accepted", document_ref="a-1", at=DECIDED, acceptance_number="受2026-1")
        assert set_money(store, "d1", "debit-failed", document_ref="a-1", at=DECIDED, note="K02")
    kept = get_declaration(store, "d1")
    assert kept is not None
    assert (kept.acceptance, kept.money, kept.acceptance_number) == ("accepted", "debit-failed", "受2026-1")
    last = events(store, "d1", "money")[-1]
    assert (last.state, last.at, last.source, last.document_ref, last.note) == (
        "debit-failed",
        DECIDED,
        "centre",
        "a-1",
        "K02",
    )


def test_the_same_document_twice_moves_a_track_once(store: Store) -> None:
    declare(store, "d1")
    keep_document(store, "a-1")
    keep_document(store, "a-2")
    with store.write("track"):
        set_acceptance(store, "d1", "accepted", document_ref="a-1", at=DECIDED)
        set_acceptance(store, "d1", "replaced", document_ref="a-2", at=DECIDED)
        assert not set_acceptance(store, "d1", "accepted", document_ref="a-1", at=DECIDED)
    kept = get_declaration(store, "d1")
    assert kept is not None
    assert kept.acceptance == "replaced"
    assert len(events(store, "d1", "acceptance")) == 2


def test_the_database_itself_refuses_a_local_word_on_the_other_tracks(store: Store) -> None:
    declare(store, "d1")
    forged = "INSERT INTO event VALUES (NULL, 'd1', 'acceptance', 'accepted', 't', 'local', NULL, '')"
    with pytest.raises(Exception, match="CHECK"), store.write("forge"):
        store.connection.execute(forged)


def test_content_and_history_cannot_be_changed(store: Store) -> None:
    declare(store, "d1")
    for statement in (
        "UPDATE declaration SET payload = x'00'",
        "DELETE FROM declaration",
        "UPDATE event SET state = 'signed'",
        "DELETE FROM event",
    ):
        with pytest.raises(Exception, match=r"never changes|append-only"), store.write("forge"):
            store.connection.execute(statement)


def test_a_track_of_an_unknown_declaration_is_a_fault(store: Store) -> None:
    with pytest.raises(ValueError, match="no declaration"), store.write("transport"):
        set_transport(store, "none", Transport.CHECKED)
