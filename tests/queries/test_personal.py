"""Queries about persons: each asking leaves a trace, and nobody without the right is shown an answer, kept or fresh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.office import Office, id_number, office, open_unit, practice_centre
from tests.workflows.staffed import NAMES, signed_in, staff_home
from unitclient.errors import UserError
from unitclient.store.answers import StoredAnswer, add_answer, list_answers
from unitclient.store.journal import entries
from unitclient.workflows.asking import ask, services
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import PERSONS, roles

PERSONAL = sorted(name for name, service in services().items() if service.personal)
ABOUT = {"id_number", "person"}
"""Inputs that name a person."""


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A unit with an operator of each role, and a kept answer to every query."""
    folder = tmp_path_factory.mktemp("personal")
    with (
        practice_centre(folder / "centre") as centre,
        office(folder / "home", centre.url, open_unit(centre.url)) as made,
    ):
        for name in services():
            keep(made, name)
        staff_home(made)
        made.moves_to("http://127.0.0.1:9")
        yield made


def question(query: str) -> dict[str, str]:
    return {one.name: _ASKED.get(one.name, "") for one in services()[query].inputs if one.required}


_ASKED = {name: id_number(1) for name in ABOUT} | {
    "plate": "湘J12345", "engine_tail": "A1B2C3", "day": "2026-11-12", "certificate_number": "20261110000001",
    "verify_code": "ABCD2345", "issued_on": "2026-11-10",
}  # fmt: skip


def keep(clerk: Office, query: str) -> None:
    """An answer from before, as it is read off line."""
    with clerk.base.store.write("test.answer"):
        rows = ({services()[query].columns[0]: "机密"},)
        told = StoredAnswer(query, question(query), rows, "演练", "0" * 64, "经办人甲", clerk.desk.now())
        add_answer(clerk.base.store, clerk.unit_number, told)


def journal(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one.act, one.subject, one.actor) for one in entries(desk.store)]


def test_what_asks_for_a_person_is_personal() -> None:
    named = {name for name, service in services().items()
             if ABOUT & {one.name for one in service.inputs} or ABOUT & set(service.columns)}  # fmt: skip
    assert named <= set(PERSONAL)
    assert len(PERSONAL) >= 7


@pytest.mark.parametrize("query", PERSONAL)
def test_every_personal_query_leaves_an_entry(query: str, staffed: Office) -> None:
    """Who looked at what, also off line, and no number of the person in it."""
    with signed_in(staffed, "clerk") as desk:
        before = len(journal(desk))
        assert not ask(desk, staffed.unit, query, question(query)).fresh
        (left,) = journal(desk)[before:]
    assert left == ("query.read", query, NAMES["clerk"])
    assert id_number(1) not in "".join(f"{one.subject}{one.detail}" for one in entries(staffed.base.store))


@pytest.mark.parametrize("role", sorted(roles()))
@pytest.mark.parametrize("query", sorted(services()))
def test_an_answer_is_for_those_with_the_right(query: str, role: str, staffed: Office) -> None:
    """By the roles of resources/roles.toml: `ask` for any query, and `persons` for one about persons."""
    service = services()[query]
    may = "ask" in roles()[role] and (not service.personal or PERSONS in roles()[role])
    with signed_in(staffed, role) as desk:
        if may:
            assert ask(desk, staffed.unit, query, question(query)).answer.rows[0][service.columns[0]] == "机密"
            return
        with pytest.raises(UserError) as refused:
            ask(desk, staffed.unit, query, question(query))
    assert refused.value.code in ("right-missing", "query-no-right")
    assert "机密" not in str(refused.value.params)
    assert len(list_answers(staffed.base.store, staffed.unit_number, query)) == 1
