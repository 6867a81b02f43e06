"""What the bytes of a declaration say, read inside the database, is what the interpreter reads in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.samples import UNIT
from unitclient.store.declarations import Declaration, add_declaration
from unitclient.store.payloads import payload_facts, payload_rows
from unitclient.store.store import Store
from unitclient.sync import protocol
from unitclient.sync.protocol import Header

CELLS = st.one_of(
    st.none(), st.integers(-(2**53), 2**53), st.text(max_size=8), st.lists(st.text(max_size=4), max_size=3)
)
ROWS = st.lists(st.tuples(st.sampled_from(["1", "2", "3", "甲"]), CELLS, CELLS), max_size=8)
"""Number, and two cells of any kind."""


def put(store: Store, name: str, columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> Declaration:
    """A declaration in the store."""
    header = Header(
        submission_id=name, service="s", unit_number=UNIT, uscc="", form="enrol", form_version="1",
        period="2026-11", prepared_at="2026-11-10T12:00:00+08:00", operator="经办人", row_count=len(rows),
        totals={"pension": {"unit": 160, "person": 80}}, requires=("x",),
    )  # fmt: skip
    payload = protocol.Declaration(header, columns, rows).to_bytes()
    made = Declaration(name, UNIT, "enrol", "1", "2026-11", payload, len(rows), store.now())
    with store.write("test.declaration"):
        add_declaration(store, made)
    return made


_names = iter(range(10**9))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_facts_and_rows(store: Store, rows: list[tuple[Any, ...]]) -> None:
    name = f"d{next(_names)}"
    made = put(store, name, ("id_number", "wage", "insurances"), tuple(rows))
    told = protocol.Declaration.from_bytes(made.payload)
    facts = payload_facts(store, name)
    assert (facts.rows, facts.columns) == (len(rows), told.columns)
    assert facts.persons == len({row[0] for row in rows})
    assert facts.header["totals"] == told.header.totals
    assert tuple(facts.header["requires"]) == told.header.requires
    found = payload_rows(store, name, [0, 2, 99])
    assert found == {
        place: dict(zip(told.columns, told.rows[place], strict=True)) for place in (0, 2) if place < len(rows)
    }


def test_a_form_without_persons_counts_rows(store: Store) -> None:
    put(store, "p", ("bank", "account"), (("a", "1"), ("a", "2")))
    assert payload_facts(store, "p").persons == 2


def test_one_that_is_not_here(store: Store) -> None:
    with pytest.raises(KeyError):
        payload_facts(store, "nothing")
    assert payload_rows(store, "nothing", [0]) == {}
