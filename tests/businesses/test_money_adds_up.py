"""After a long random walk of businesses every fen is found again: lines, accounts, and the bank's book agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.businesses.cases import Case
from tests.businesses.doing import bank, does
from tests.businesses.walk import Walk
from tests.e2e.office import Office, id_number, office, open_unit
from unitclient.central.server import RunningCentre
from unitclient.domain.insurance import ACCOUNT_INSURANCES
from unitclient.domain.period import Period
from unitclient.store.staff import persons
from unitclient.workflows.bills import bills
from unitclient.workflows.prepare import prepare_void

STEPS = 40
PEOPLE = 3


class Wanderer:
    """A clerk who does one thing after another, some of them wrong."""

    def __init__(self, clerk: Office, centre: RunningCentre, seed: int) -> None:
        self.clerk = clerk
        self.centre = centre
        self.dice = Random(seed)
        self.month = Period(2026, 11)
        self.number = 100
        self.done: dict[str, int] = {}
        self.declared = 1
        """Months from October on that were declared; the next one is still open."""

    def goes(self) -> None:
        """One step, whatever the centre says to it."""
        acts: tuple[Callable[[], object], ...] = (
            self.declares, self.refunds, self.refunds, self.corrects, self.pays, self.renumbers, self.voids,
            self.retries,
        )  # fmt: skip
        bank(self.clerk, self.dice.choice(("ok", "ok", "ok", "frozen", "insufficient")))
        self.dice.choice(acts)()
        self.clerk.settles()

    def person(self) -> dict[str, str]:
        found = self.dice.choice(persons(self.clerk.base.store, self.clerk.unit_number))
        return {"name": found.name, "id_number": found.id_number}

    def sends(self, form: str, row: dict[str, str]) -> str:
        word, _ = Walk(self.clerk, Case(form, row, (), (), {})).sends_unchecked(row)
        self.done[f"{form} {word}"] = self.done.get(f"{form} {word}", 0) + 1
        return word

    def declares(self) -> None:
        self.clerk.declares(self.month)
        self.month += 1
        self.declared += 1

    def refunds(self) -> None:
        side = self.dice.choice(("个人部分", "单位部分"))
        insurance = self.dice.choice(("养老", "失业", "医疗（含生育）"))
        self.sends("refund", {
            **self.person(), "insurance": insurance, "month": self.some_month(),
            "side": side, "amount": str(self.dice.choice((1, "33.33", 100, 500, 9999))), "refund_reason": "误报多缴",
            "evidence": "更正说明", "receiver": "本人" if side == "个人部分" else "单位", "account_name": "收款人",
            "bank_name": "演练银行", "bank_account": "62220200000000001"})  # fmt: skip

    def corrects(self) -> None:
        self.sends("period-correction", {
            **self.person(), "insurance": self.dice.choice(("养老", "失业")), "month": self.some_month(),
            "right_month": f"2026-0{self.dice.randint(1, 9)}", "amount": str(self.dice.choice(("0.01", "77.77", 200))),
            "fix_reason": "申报时所属期选错", "evidence": "工资表"})  # fmt: skip

    def pays(self) -> None:
        self.number += 1
        person = {"name": "灵活员", "id_number": id_number(self.number)}
        joins = {**person, "start_month": "2026-11", "tier": "最低档", "phone": "13800000000"}
        assert does(self.clerk, "individual-enrolment", joins) == "accepted"
        span = {"from_month": "2014-01", "to_month": f"2014-0{self.dice.randint(1, 9)}"}
        does(self.clerk, "individual-payment", {**person, "tier": "最低档", **span})

    def renumbers(self) -> None:
        from tests.businesses.doing import desk_step

        self.number += 1
        person, after = self.person(), id_number(self.number)
        row = {**person, "item": "证件号码", "after": after, "proof": "公安机关证明"}
        if self.sends("identity-change", row) == "accepted":
            desk_step(self.clerk, "identity-change", f"{person['id_number']}|AAC147", "carry-out", {})

    def voids(self) -> None:
        rows = self.centre.state.core.database.read().execute(
            "SELECT submission_id FROM submission WHERE unit_number = ? AND form IN ('refund', 'period-correction')"
            " AND effective = 1 ORDER BY submission_id",
            (self.clerk.unit_number,),
        )
        found = [row[0] for row in rows]
        if found:
            void = prepare_void(self.clerk.desk, self.clerk.unit, self.dice.choice(found))
            Walk(self.clerk, Case("refund", {}, (), (), {})).follow(void.id)

    def retries(self) -> None:
        for bill in bills(self.clerk.desk, self.clerk.unit):
            if bill.payable:
                does(self.clerk, "arrears-payment", {"bill_number": bill.number, "remark": "账户已补足"})
                return

    def some_month(self) -> str:
        """Mostly one that is declared; now and then one that is not."""
        return str(Period(2026, 10) + self.dice.randint(0, self.declared))


def one(centre: RunningCentre, query: str, *arguments: str) -> int:
    row = centre.state.core.database.read().execute(query, arguments).fetchone()
    return int(row[0] or 0)


def waits_for_the_bank(centre: RunningCentre, clerk: Office) -> None:
    """Until nothing of the unit is on its way."""
    for _ in range(200):
        clerk.settles()
        query = "SELECT count(*) FROM submission WHERE unit_number = ? AND step NOT IN ('', 'desk')"
        if not one(centre, query, clerk.unit_number):
            return
    raise AssertionError("the centre is not done")


def adds_up(centre: RunningCentre, unit: str) -> None:
    """Arrived lines = debits less late fees less refunds; credits = the persons' share; no month below nothing."""
    moved = one(centre, "SELECT sum(amount_fen) FROM bank_transaction WHERE unit_number = ? AND code = 'K00'", unit)
    billed = one(centre, "SELECT sum(total_fen) FROM bill WHERE unit_number = ? AND state = 'debited'", unit)
    refunded = one(centre, "SELECT sum(amount_fen) FROM refund_order WHERE unit_number = ? AND state = 'paid'", unit)
    assert moved == billed - refunded
    arrived = one(centre, "SELECT sum(unit_fen + person_fen) FROM arrived WHERE unit_number = ?", unit)
    assert arrived == moved - late_fees(centre, unit)
    low = "SELECT count(*) FROM (SELECT 1 FROM arrived WHERE unit_number = ? GROUP BY id_number, insurance, period"
    assert one(centre, f"{low} HAVING sum(unit_fen) < 0 OR sum(person_fen) < 0)", unit) == 0
    credited = one(centre, "SELECT sum(amount_fen) FROM credited WHERE unit_number = ?", unit)
    marks = json.dumps(sorted(ACCOUNT_INSURANCES))
    persons_part = one(
        centre,
        "SELECT sum(person_fen) FROM arrived WHERE unit_number = ? AND submission_id NOT IN"
        " (SELECT submission_id FROM charge) AND insurance IN (SELECT value FROM json_each(?))",
        unit,
        marks,
    )
    charged = one(
        centre,
        "SELECT sum(c.account_fen) FROM charge c JOIN bill b USING (unit_number, submission_id)"
        " WHERE c.unit_number = ? AND b.state = 'debited'",
        unit,
    )
    assert credited == persons_part + charged


def late_fees(centre: RunningCentre, unit: str) -> int:
    rows = centre.state.core.database.read().execute(
        "SELECT d.document FROM document d JOIN bill b ON b.unit_number = d.unit_number"
        " AND b.submission_id = d.submission_id WHERE d.unit_number = ? AND d.kind = 'bill' AND b.state = 'debited'"
        " ORDER BY d.rowid",
        (unit,),
    )
    newest = {content["bill_id"]: content for content in (json.loads(row[0]) for row in rows)}
    items = [item for content in newest.values() for item in content["items"]]
    return sum(item["unit_fen"] for item in items if item["pay_kind"] == "late-fee")


@pytest.mark.parametrize("seed", [4, 11])
def test_every_fen_is_found_again(centre: RunningCentre, tmp_path: Path, seed: int) -> None:
    with office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk:
        names = "一二三四五六七八九"
        for n in range(1, PEOPLE + 1):
            wage = f"{6000 + 777 * n}"
            joins = {"name": f"员工{names[n]}", "id_number": id_number(n), "start_month": "2026-10", "wage": wage}
            assert does(clerk, "enrol", joins) == "accepted"
        clerk.declares(Period(2026, 10))
        wanderer = Wanderer(clerk, centre, seed)
        for _ in range(STEPS):
            wanderer.goes()
            waits_for_the_bank(centre, clerk)
            adds_up(centre, clerk.unit_number)
        bank(clerk, "ok")
        came_true = {"refund accepted", "period-correction accepted", "identity-change accepted", "refund returned"}
        assert came_true <= wanderer.done.keys(), wanderer.done
