"""Operators: each opens the home by their own password, nobody without one, and the journal says who did what."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import unitclient
from tests.e2e.office import Office, staff
from tests.workflows.bench import bench, parts
from tests.workflows.staffed import CHEAP, FIRST, NAMES, WORDS, opened, signed_in, staff_home
from unitclient.app import open_desk
from unitclient.errors import UserError
from unitclient.store import keys
from unitclient.store.journal import entries
from unitclient.store.operators import list_operators
from unitclient.store.tries import FREE, delay
from unitclient.workflows.operators import (
    add_operator,
    block_operator,
    change_password,
    give_role,
    note_sign_in,
    recover,
    set_password,
    stand_in,
)
from unitclient.workflows.pending import pending_rows
from unitclient.workflows.rights import may, need

PACKAGE = Path(unitclient.__file__).parent


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with bench(tmp_path / "home") as clerk:
        staff_home(clerk)
        yield clerk


def _refused(work: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(UserError) as refusal:
        work(*arguments, **named)
    return refusal.value.code


def _opens(office: Office, name: str, word: str | None) -> str:
    """The code with which opening is refused, or "open"."""
    try:
        with open_desk(office.home, office.clock, parts=parts(), passphrase=word, operator=name):
            return "open"
    except UserError as refusal:
        return refusal.code


def test_each_password_opens_and_nothing_else_does(office: Office) -> None:
    assert [_opens(office, NAMES[role], WORDS[role]) for role in NAMES] == ["open"] * 4
    assert _opens(office, "", None) == "store-operator-needed"
    assert _opens(office, NAMES["clerk"], None) == "store-operator-needed"
    assert _opens(office, NAMES["clerk"], WORDS["reviewer"]) == "operator-refused"
    assert _opens(office, "谁也不是", WORDS["reviewer"]) == "operator-refused"
    assert _opens(office, f" {NAMES['clerk']} ", WORDS["clerk"]) == "open"
    assert _opens(office, NAMES["clerk"], FIRST.format(role="clerk")) == "operator-refused"


def test_the_key_file_names_nobody_and_holds_no_password(office: Office) -> None:
    raw = keys.key_path(office.home).read_bytes()
    assert office.base.store.key.hex() not in raw.decode()
    for said in (*NAMES.values(), *WORDS.values()):
        assert said.encode() not in raw
        assert json.dumps(said).encode() not in raw
    assert len(json.loads(raw)["slots"]) == 4


def test_the_first_is_a_manager(clerk: Office) -> None:
    assert _refused(add_operator, clerk.base, "甲", "clerk", WORDS["clerk"], cost=CHEAP) == "operator-first-manager"
    assert _refused(add_operator, clerk.base, "甲", "chef", WORDS["clerk"], cost=CHEAP) == "operator-role"
    assert _refused(add_operator, clerk.base, " ", "manager", WORDS["clerk"], cost=CHEAP) == "operator-name"
    assert not keys.needs_operator(clerk.home)
    assert list_operators(clerk.base.store) == []


def test_names_are_given_once(office: Office) -> None:
    with signed_in(office, "manager") as desk:
        assert _refused(add_operator, desk, "  经办甲", "clerk", "Brett%Molke/17", cost=CHEAP) == "operator-known"


def test_whoever_got_a_password_from_somebody_else_changes_it_first(office: Office) -> None:
    with signed_in(office, "manager") as desk:
        set_password(desk, NAMES["clerk"], "Brett%Molke/17", cost=CHEAP)
    with open_desk(
        office.home, office.clock, parts=parts(), passphrase="Brett%Molke/17", operator=NAMES["clerk"]
    ) as desk:
        assert _refused(need, desk, "enter") == "operator-must-change"
        assert _refused(change_password, desk, "falsch", "x", cost=CHEAP) == "operator-refused"
        assert _refused(change_password, desk, "Brett%Molke/17", "Brett%Molke/17", cost=CHEAP) == "password-same"
        change_password(desk, "Brett%Molke/17", WORDS["clerk"], cost=CHEAP)
        need(desk, "enter")
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "open"


def test_blocked_counts_at_once_and_is_taken_back_with_the_same_password(office: Office) -> None:
    with opened(office, "clerk") as at_work:
        need(at_work, "enter")
        with signed_in(office, "manager") as desk:
            block_operator(desk, NAMES["clerk"])
        assert _refused(need, at_work, "enter") == "operator-blocked"
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "operator-refused"
    with signed_in(office, "manager") as desk:
        block_operator(desk, NAMES["clerk"], False)
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "open"


def test_a_new_password_lets_a_blocked_one_in_and_the_old_one_is_gone(office: Office) -> None:
    with signed_in(office, "manager") as desk:
        block_operator(desk, NAMES["clerk"])
        set_password(desk, NAMES["clerk"], "Brett%Molke/17", cost=CHEAP)
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "operator-refused"
    assert _opens(office, NAMES["clerk"], "Brett%Molke/17") == "open"


def test_the_last_manager_stays(office: Office) -> None:
    with signed_in(office, "manager") as desk:
        assert _refused(block_operator, desk, NAMES["manager"]) == "operator-last-manager"
        assert _refused(give_role, desk, NAMES["manager"], "clerk") == "operator-last-manager"
        give_role(desk, NAMES["reviewer"], "manager")
        give_role(desk, NAMES["manager"], "reviewer")
        assert _refused(block_operator, desk, NAMES["clerk"]) == "right-missing"


def test_standing_in_has_an_end(office: Office) -> None:
    today = office.desk.today()
    with signed_in(office, "manager") as desk:
        assert _refused(stand_in, desk, NAMES["clerk"], NAMES["clerk"], today) == "operator-same"
        assert _refused(stand_in, desk, NAMES["clerk"], NAMES["reviewer"], today - timedelta(1)) == "operator-until"
        assert _refused(stand_in, desk, NAMES["clerk"], NAMES["reviewer"], today + timedelta(200)) == "operator-until"
        stand_in(desk, NAMES["clerk"], NAMES["reviewer"], today + timedelta(2))
    with signed_in(office, "clerk") as desk:
        assert may(desk, "review")
        assert may(desk, "prepare")
        office.waits(2 * 86400)
        assert may(desk, "review")
        office.waits(12 * 3600)
        assert not may(desk, "review")
        assert _refused(need, desk, "review") == "right-missing"
        assert may(desk, "prepare")


def test_standing_in_can_be_ended(office: Office) -> None:
    with signed_in(office, "manager") as desk:
        stand_in(desk, NAMES["clerk"], NAMES["reviewer"], office.desk.today())
        stand_in(desk, NAMES["clerk"], "", None)
    with signed_in(office, "clerk") as desk:
        assert not may(desk, "review")


def test_wrong_passwords_wait_also_after_a_restart(office: Office) -> None:
    for _ in range(FREE):
        assert _opens(office, NAMES["clerk"], "wrong") == "operator-refused"
    # Every opening above was a program of its own, as far as the key file knows.
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "operator-wait"
    assert _opens(office, NAMES["reviewer"], WORDS["reviewer"]) == "open"
    office.waits(-86400)  # the clock set back, or forward, buys nothing
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "operator-wait"
    office.waits(delay(FREE).total_seconds() - 1)
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "operator-wait"
    office.waits(1)
    assert _opens(office, NAMES["clerk"], "wrong") == "operator-refused"
    office.waits(delay(FREE).total_seconds())
    assert _opens(office, NAMES["clerk"], WORDS["clerk"]) == "operator-wait", "the second wait is longer"
    office.waits(delay(FREE + 1).total_seconds())
    with opened(office, "clerk") as desk:
        assert note_sign_in(desk) == FREE + 1
        assert note_sign_in(desk) == 0
    told = [entry for entry in entries(office.base.store) if entry.act == "operator.sign-in"]
    assert [(entry.actor, entry.detail) for entry in told] == [
        (NAMES["clerk"], {"failures": FREE + 1}), (NAMES["clerk"], {"failures": 0})]  # fmt: skip


def test_the_wait_grows_to_a_quarter_of_an_hour() -> None:
    waits = [delay(count).total_seconds() for count in range(20)]
    assert waits[:6] == [0, 0, 0, 15, 30, 60]
    assert waits == sorted(waits)
    assert waits[-1] == 900


def test_recovery_is_for_managers_and_not_for_who_is_signed_in(office: Office) -> None:
    store = office.base.store
    with signed_in(office, "clerk") as desk:
        assert _refused(recover, desk, NAMES["manager"], "Brett%Molke/17", cost=CHEAP) == "operator-recover-signed-in"
    store.operator = ""
    assert _refused(recover, office.base, NAMES["clerk"], "Brett%Molke/17", cost=CHEAP) == "operator-not-manager"
    recover(office.base, NAMES["manager"], "Brett%Molke/17", cost=CHEAP)
    assert _opens(office, NAMES["manager"], "Brett%Molke/17") == "open"
    assert _opens(office, NAMES["manager"], WORDS["manager"]) == "operator-refused"


def test_the_journal_names_who_did_it(office: Office) -> None:
    acts = [(entry.act, entry.subject, entry.actor) for entry in entries(office.base.store)]
    assert ("operator.add", NAMES["manager"], NAMES["manager"]) in acts
    assert ("operator.add", NAMES["clerk"], NAMES["manager"]) in acts
    assert ("operator.changed", NAMES["clerk"], NAMES["clerk"]) in acts


OLD_DEFAULTS = (
    lambda number: number[-6:],
    lambda number: number[-8:],
    lambda number: number[6:14],
    lambda number: f"ab{number[-6:]}",
    lambda number: f"{number[-8:]}Aa!",
    lambda number: number,
)


@pytest.mark.parametrize("make", OLD_DEFAULTS)
def test_no_operator_gets_the_digits_of_an_id_number(office: Office, make: Any) -> None:
    """The default password of the first-generation systems is refused for a new operator, a reset and one's own."""
    with signed_in(office, "clerk") as desk:
        office.enrols(staff(3))
        assert staff(3)[0][1] in [one.person_id for one in pending_rows(desk, office.unit)]
    word = make(str(staff(3)[0][1]))
    with signed_in(office, "manager") as desk:
        assert _refused(add_operator, desk, "新人", "clerk", word, cost=CHEAP) == "password-weak"
        assert _refused(set_password, desk, NAMES["clerk"], word, cost=CHEAP) == "password-weak"
        assert _refused(change_password, desk, WORDS["manager"], word, cost=CHEAP) == "password-weak"


def test_there_is_no_default_password_anywhere() -> None:
    """No parameter that takes a password has a value of its own, but None for "there is none"."""
    words = re.compile(r"pass(word|phrase)|^new$|^word$")
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                given = [*zip(reversed(node.args.args), reversed(node.args.defaults), strict=False),
                         *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]  # fmt: skip
                for argument, default in given:
                    if words.search(argument.arg) and isinstance(default, ast.Constant):
                        assert default.value in (None, False, True, ""), f"{path}: {node.name}({argument.arg})"
