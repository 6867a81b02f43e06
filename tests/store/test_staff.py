"""The confirmed roster."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.store.conftest import StandingClock
from tests.store.samples import UNIT, add_unit, person
from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person, PersonState
from unitclient.store import Store, staff


def _upsert(store: Store, *persons: Person) -> int:
    with store.write("roster.upsert"):
        return staff.upsert_persons(store, UNIT, persons)


def test_a_person_comes_back_equal_with_the_insurances_in_their_order(store: Store) -> None:
    coverage = {"pension": Coverage(Period(2025, 3)), "injury": Coverage(Period(2024, 1), Period(2025, 1))}
    kept = person(1, name="𠮷", coverage=coverage, state=PersonState.SUSPENDED)
    _upsert(store, kept)
    loaded = staff.person(store, UNIT, kept.id_number)
    assert loaded == kept
    assert list(loaded.coverage) == ["pension", "injury"]
    assert staff.person(store, UNIT, "none") is None


def test_only_persons_that_differ_are_written(store: Store, clock: StandingClock) -> None:
    everyone = [person(number) for number in range(20)]
    assert _upsert(store, *everyone) == 20
    clock.forward(days=1)
    assert _upsert(store, *everyone) == 0
    everyone[3] = replace(everyone[3], wage_fen=1)
    assert _upsert(store, *everyone) == 1
    stamps = store.connection.execute("SELECT count(*) FROM person WHERE updated_at LIKE '2026-01-06%'").fetchone()
    assert stamps == (1,)


def test_persons_by_state_and_by_unit(store: Store) -> None:
    add_unit(store, "2")
    gone = person(2, state=PersonState.TERMINATED)
    _upsert(store, person(3), gone, person(1))
    with store.write("roster.upsert"):
        staff.upsert_persons(store, "2", [person(9)])
    assert [each.name for each in staff.persons(store, UNIT)] == ["张测1", "张测2", "张测3"]
    assert staff.persons(store, UNIT, PersonState.TERMINATED) == [gone]
    assert (staff.count(store, UNIT), staff.count(store, UNIT, PersonState.ACTIVE), staff.count(store, "2")) == (
        3,
        2,
        1,
    )


def test_replacing_the_roster_removes_who_is_not_in_it(store: Store) -> None:
    add_unit(store, "2")
    with store.write("roster.upsert"):
        staff.upsert_persons(store, "2", [person(1)])
    _upsert(store, person(1), person(2), person(3))
    with store.write("roster.replace"):
        change = staff.replace_roster(store, UNIT, [person(2), person(3, wage_fen=7), person(4)])
    assert change == staff.RosterChange(written=2, removed=1)
    assert [each.name for each in staff.persons(store, UNIT)] == ["张测2", "张测3", "张测4"]
    assert staff.count(store, "2") == 1
    with store.write("roster.replace"):
        assert staff.replace_roster(store, UNIT, []) == staff.RosterChange(written=0, removed=3)
    assert staff.persons(store, UNIT) == []


_periods = st.builds(Period, st.integers(1900, 2199), st.integers(1, 12))
_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
_persons = st.builds(
    Person,
    id_number=_text,
    name=_text,
    wage_fen=st.integers(0, 2**62),
    id_kind=_text,
    state=st.sampled_from(PersonState),
    coverage=st.dictionaries(_text, st.builds(Coverage, _periods, st.none() | _periods), max_size=4),
    since=st.none() | _periods,
    wage_since=st.none() | _periods,
)


@given(_persons)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_person_comes_back_equal(store: Store, kept: Person) -> None:
    _upsert(store, kept)
    assert staff.person(store, UNIT, kept.id_number) == kept
