"""Units, settings, feed cursor, signed documents."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.store.samples import UNIT, keep_document, unit
from unitclient.errors import UserError
from unitclient.store import Store, feed, settings
from unitclient.store.documents import StoredDocument, add_document, find_documents, get_document, latest_document
from unitclient.store.units import add_unit, get_unit, list_units, select_unit, selected_unit


def test_a_unit_comes_back_as_it_was_added(store: Store) -> None:
    kept = get_unit(store, UNIT)
    assert kept.created_at == datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    for name in ("name", "uscc", "key_ref", "certificate_der", "insurances", "device_key", "practice", "ca_pem"):
        assert getattr(kept, name) == getattr(unit(), name)
    assert "device_key" not in repr(kept)


def test_no_unit_is_in_front_until_one_is_selected(store: Store) -> None:
    with pytest.raises(UserError) as refusal:
        selected_unit(store)
    assert refusal.value.code == "no-unit"
    with store.write("unit.select"):
        select_unit(store, UNIT)
    assert selected_unit(store).unit_number == UNIT


def test_selecting_another_unit_puts_it_in_front_alone(store: Store) -> None:
    with store.write("unit.add"):
        add_unit(store, unit("2"))
        select_unit(store, UNIT)
        select_unit(store, "2")
    assert [(each.unit_number, each.selected) for each in list_units(store)] == [("2", True), (UNIT, False)]
    with pytest.raises(UserError), store.write("unit.select"):
        select_unit(store, "3")


def test_replacing_a_unit_keeps_when_it_came_and_that_it_is_selected(store: Store) -> None:
    with store.write("unit.renew"):
        select_unit(store, UNIT)
        add_unit(store, unit(certificate_der=b"new", selected=False))
    assert selected_unit(store).certificate_der == b"new"
    assert len(list_units(store)) == 1


def test_settings_hold_any_json(store: Store) -> None:
    with store.write("setting.put"):
        settings.put_setting(store, "clock.offset_ms", -1500)
        settings.put_setting(store, "clock.offset_ms", -1600)
        settings.put_setting(store, "proxy", {"url": "http://代理:3128"})
    assert settings.all_settings(store) == {"clock.offset_ms": -1600, "proxy": {"url": "http://代理:3128"}}
    assert settings.get_setting(store, "none", 7) == 7


def test_the_cursor_moves_with_what_it_covers_or_not_at_all(store: Store) -> None:
    def torn_page() -> None:
        with store.write("feed.page"):
            feed.set_cursor(store, UNIT, "c1")
            get_unit(store, "nobody")

    with pytest.raises(UserError):
        torn_page()
    assert feed.cursor(store, UNIT) is None
    for cursor in ("c1", "c2"):
        with store.write("feed.page"):
            feed.set_cursor(store, UNIT, cursor)
    assert feed.cursor(store, UNIT) == "c2"


def test_a_document_is_kept_once_byte_for_byte(store: Store) -> None:
    first = keep_document(store, "a-1", submission_id="s1")
    with store.write("document.add"):
        assert not add_document(store, first)
    kept = get_document(store, UNIT, "a-1")
    assert kept is not None
    assert (kept.document, kept.cms, kept.sha256) == (first.document, first.cms, first.sha256)
    assert get_document(store, UNIT, "a-2") is None


def test_other_bytes_under_a_used_name_are_refused(store: Store) -> None:
    keep_document(store, "a-1")
    with pytest.raises(UserError) as refusal, store.write("document.add"):
        add_document(store, StoredDocument(UNIT, "a-1", "acceptance", b"other", b"cms"))
    assert refusal.value.code == "document-changed"


def test_documents_are_found_by_kind_and_submission_in_the_order_they_came(store: Store) -> None:
    for ref, kind, submission in (("b", "bill", "s1"), ("a", "bill", "s2"), ("c", "calendar", None)):
        keep_document(store, ref, kind, submission)
    assert [each.ref for each in find_documents(store, UNIT, kind="bill")] == ["b", "a"]
    assert [each.ref for each in find_documents(store, UNIT)] == ["b", "a", "c"]
    latest = latest_document(store, UNIT, "bill")
    assert latest is not None
    assert latest.ref == "a"
    assert latest_document(store, UNIT, "bill", "s1") != latest
    assert latest_document(store, UNIT, "slip") is None


def test_a_stored_document_cannot_be_changed(store: Store) -> None:
    keep_document(store, "a-1")
    with pytest.raises(Exception, match="never changes"), store.write("forge"):
        store.connection.execute("UPDATE document SET document = x'00'")
