"""The walk of every business through the real centre: good rows, refusals on both ends, mended after a return."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.businesses.cases import Case, filled
from tests.businesses.pictures import lay_out
from tests.e2e.office import MONTH, Office, ask
from unitclient.catalog.checking import check_row
from unitclient.domain.files import stored_name
from unitclient.domain.period import Period
from unitclient.domain.registers import Entry
from unitclient.seal.container import ATTACHMENTS, DECLARATION, build_container
from unitclient.store.declarations import add_declaration, get_declaration, set_transport
from unitclient.store.outbox import queue
from unitclient.store.registers import get_entry, list_entries
from unitclient.store.transport import Transport
from unitclient.workflows.attachments import Drawer
from unitclient.workflows.bills import PAID, bills
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.importing import ImportResult, check_context
from unitclient.workflows.prepare import UNSIGNED, new_declaration

ROUNDS = 40
ROWS = range(1, 4)
"""Numbers of the rows that a walk has."""


class Walk:
    """One office, one business."""

    def __init__(self, clerk: Office, case: Case) -> None:
        self.clerk = clerk
        self.case = case
        self.form = clerk.desk.catalog.form(case.form)
        if self.form.files and not (clerk.home / "photo.jpg").exists():
            lay_out(clerk.home)

    def come_here(self, count: int) -> None:
        """Everything that must have happened before, for persons 1 to `count`."""
        for told in self.case.before:
            if "bank" in told or "declare" in told:
                self._money_before(told)
                continue
            for n in range(1, 2 if told.get("once") else count + 1):
                if "form" not in told:
                    self._desk_step(told, n)
                elif told.get("unpaid"):
                    self._unpaid_before(told, n)
                else:
                    self._accepted_before(told, n)
        self._find_bills()
        for n in range(1, count + 1):
            for place in {value for value in self.case.good.values() if str(value).startswith("@kept:")}:
                self.case.known[place, n] = self._kept(place, n, self.case.row(n).get("id_number"))

    def _money_before(self, told: Mapping[str, Any]) -> None:
        self.clerk.settles()
        if "bank" in told:
            url = self.clerk.unit.centre_url
            ask(url, "PUT", f"/practice/bank/{self.clerk.unit_number}", {"behaviour": told["bank"]})
        else:
            self.clerk.declares()

    def _find_bills(self) -> None:
        """The unit's bills under the names by which the cases know them, when the bank had a say before."""
        if not any("bank" in told for told in self.case.before):
            self._find_paid_bill()
            return
        self.clerk.settles()
        found = list(reversed(bills(self.clerk.desk, self.clerk.unit)))
        now = [bill.number for bill in found if bill.payable and bill.period == str(MONTH)]
        earlier = [bill.number for bill in found if bill.payable and bill.period != str(MONTH)]
        paid = [bill.number for bill in found if bill.state in PAID]
        places = {"@bill": now[:3], "@spare-bill": now[3:], "@earlier-bill": earlier, "@paid-bill": paid}
        for name, numbers in places.items():
            self.case.known.update({(name, n + 1): number for n, number in enumerate(numbers)})

    def _find_paid_bill(self) -> None:
        """One bill that was debited, for the cases that ask for it."""
        if any("@paid-bill" in reason.change.values() for reason in self.case.refuse):
            self.clerk.settles()
            found = [bill.number for bill in bills(self.clerk.desk, self.clerk.unit) if bill.state in PAID]
            self.case.known.update({("@paid-bill", n): number for number in found[:1] for n in ROWS})

    def _accepted_before(self, told: Mapping[str, Any], n: int) -> None:
        if any(str(value).endswith("bill") for value in told["row"].values()):
            self._find_bills()
        other = Walk(self.clerk, Case(told["form"], told["row"], (), (), {}, known=self.case.known))
        month = Period.parse(filled(told["period"], n)) if "period" in told else MONTH
        row = other.case.row(n)
        kept = {name: self._kept(value, n, row["id_number"]) for name, value in row.items()
                if str(value).startswith("@kept:")}  # fmt: skip
        taken = other.imports([{**row, **kept}], month)
        assert taken.refused == 0, (told["form"], taken.findings)
        assert other.sends(month) == "accepted", told["form"]

    def _unpaid_before(self, told: Mapping[str, Any], n: int) -> None:
        bank = f"/practice/bank/{self.clerk.unit_number}"
        ask(self.clerk.unit.centre_url, "PUT", bank, {"behaviour": "insufficient"})
        self._accepted_before(told, n)
        self.clerk.settles()
        ask(self.clerk.unit.centre_url, "PUT", bank, {"behaviour": "ok"})
        number = bills(self.clerk.desk, self.clerk.unit)[0].number
        places = [("@spare-bill", each) for each in ROWS] if told.get("once") else [("@bill", n)]
        self.case.known.update(dict.fromkeys(places, number))

    def _kept(self, place: str, n: int, id_number: Any) -> Any:
        """ "@kept:<register>:<value>" of the n-th person or bill, once the money has moved."""
        _, register, value = place.split(":")
        self.clerk.settles()
        self.clerk.syncs()
        whose = {self.case.known.get(("@bill", n)), id_number}
        found = list_entries(self.clerk.desk.store, self.clerk.unit_number, register)
        return next(entry.values[value] for entry, _ in found if whose.intersection(entry.key.split("|")))

    def _desk_step(self, told: Mapping[str, Any], n: int) -> None:
        body = {"register_name": told["register"], "key": filled(told["key"], n), "step": told["step"]}
        ask(self.clerk.unit.centre_url, "POST", f"/practice/desk/units/{self.clerk.unit_number}/steps",
            {**body, "values": {name: filled(value, n) for name, value in told.get("values", {}).items()}})  # fmt: skip
        self.clerk.syncs()

    def imports(self, rows: Sequence[Mapping[str, Any]], period: Period = MONTH, *, correct: str = "") -> ImportResult:
        """A workbook with these rows, under the form's own titles."""
        names = [name for name in self.form.by_name if name in self.case.good or any(name in row for row in rows)]
        titles = [self.form.field(name).title.zh for name in names]
        cells = [[row.get(name, "") for name in names] for row in rows]
        return self.clerk.imports(self.form.id, titles, cells, period=period, correct=correct)

    def sends(self, period: Period = MONTH) -> str:
        """Prepare what is pending, sign, send; the centre's word. The desk takes what it is asked about."""
        declaration = prepare_form(self.clerk.desk, self.clerk.unit, self.form.id, period).declaration_id
        return self.follow(declaration)

    def sends_unchecked(self, *rows: Mapping[str, Any], correct: str = "") -> tuple[str, set[str]]:
        """Sign and send rows past the client's checks; the centre's word and its reasons.

        A cell that this computer cannot read goes as it was typed. `correct` is the id of what the rows replace.
        """
        desk, unit = self.clerk.desk, self.clerk.unit
        drawer = Drawer(desk.store, unit.unit_number, self.clerk.home)
        context = replace(check_context(desk, unit, self.form, MONTH), file=drawer.read)
        columns = tuple(field.name for field in self.form.fields if not field.local)
        taken = [as_sent(check_row(self.form, row, context).values, row) for row in rows]
        sent = tuple(tuple(map(values.get, columns)) for values in taken)
        more = {"kind": "correction", "supersedes": correct} if correct else {}
        made = new_declaration(desk, unit, self.form, MONTH, columns, sent, **more)
        with desk.store.write("test.unchecked"):
            for values in taken:
                drawer.keep(self.form, values)
            add_declaration(desk.store, made)
            set_transport(desk.store, made.id, Transport.CHECKED)
        return self._word_on(made.id)

    def sends_other_file(self, row: Mapping[str, Any], field: str) -> tuple[str, set[str]]:
        """Send the good row with a file in the container that is not what this computer had checked.

        The row names the file that does not fit; one that is not there is left out of the container.
        """
        limits = self.form.field(field).file
        assert limits is not None
        fitting = "photo.jpg" if limits.width else "proof.pdf"
        named = stored_name((self.clerk.home / fitting).read_bytes(), fitting.rpartition(".")[2])
        assert self.imports([{**row, field: fitting}]).refused == 0
        made = prepare_form(self.clerk.desk, self.clerk.unit, self.form.id, MONTH).declaration_id
        wrong = self.clerk.home / str(row[field])
        files = {name: (self.clerk.home / file).read_bytes() for name, file in self._files(row, field).items()}
        queue_changed(self.clerk, made, {**files, **({named: wrong.read_bytes()} if wrong.exists() else {})})
        return self._word_on(made)

    def _files(self, row: Mapping[str, Any], but: str) -> dict[str, str]:
        """{name it is kept under: file} of the other files of a row."""
        others = [str(row[name]) for name in self.form.files if name != but and row.get(name)]
        return {stored_name((self.clerk.home / file).read_bytes(), file.rpartition(".")[2]): file for file in others}

    def _word_on(self, declaration: str) -> tuple[str, set[str]]:
        word = self.follow(declaration)
        return word, {refusal.finding.code for refusal in self.clerk.status(declaration).refusals}

    def entry_state(self, n: int) -> Mapping[str, str]:
        """{register: state} of what the n-th good row moved, as this computer knows it."""
        return {name: entry.state if entry else "" for name, entry in self._entries(n)}

    def comes_to(self, register: str) -> str:
        """The state of what the first good row moved there; where the bank has a word in it, once it is known."""
        wanted = self.case.after[register]
        for _ in range(ROUNDS):
            if self.entry_state(1)[register] == wanted:
                break
            self.clerk.syncs()
            time.sleep(0.05)
        return self.entry_state(1)[register]

    def entry_values(self, n: int) -> Mapping[str, Mapping[str, Any]]:
        """{register: values of the entry} of what the n-th good row moved."""
        return {name: entry.values for name, entry in self._entries(n) if entry is not None}

    def _entries(self, n: int) -> Iterator[tuple[str, Entry | None]]:
        context = check_context(self.clerk.desk, self.clerk.unit, self.form, MONTH)
        values = check_row(self.form, self.case.row(n), context).values
        for move in self.form.moves:
            yield (
                move.register,
                get_entry(self.clerk.desk.store, self.clerk.unit_number, move.register, move.key_of(values)),
            )

    def follow(self, declaration: str, *, desk_returns: bool = False) -> str:
        """Sign what is not signed yet, send, and go on until it is decided; the desk takes what it is asked about, or
        gives it back.
        """
        if self.clerk.status(declaration).declaration.transport in UNSIGNED:
            self.clerk.signs(declaration)
        for _ in range(ROUNDS):
            self.clerk.syncs()
            word = self.clerk.status(declaration).declaration.acceptance
            if word not in (None, "received"):
                return str(word)
            self._ask_desk(desk_returns)
        raise AssertionError(f"{self.form.id}: no decision")

    def _ask_desk(self, returned: bool) -> None:
        url = self.clerk.unit.centre_url
        for waiting in ask(url, "GET", "/practice/desk/submissions")["waiting"]:
            if waiting["unit_number"] == self.clerk.unit_number:
                ask(url, "PUT", f"/practice/desk/submissions/{waiting['submission_id']}", {"returned": returned})


def as_sent(values: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values as a client without checks would send them: what it cannot read, as typed."""
    return {name: typed.get(name) if value is None else value for name, value in values.items()}


def queue_changed(clerk: Office, declaration: str, files: Mapping[str, bytes]) -> None:
    """Sign and queue a declaration with other files than it names."""
    payload = get_declaration(clerk.base.store, declaration)
    assert payload is not None
    entries = {DECLARATION: payload.payload, **{ATTACHMENTS + name: data for name, data in files.items()}}
    container = build_container(declaration, entries, clerk.signer, clerk.desk.now())
    with clerk.base.store.write("test.other-files", subject=declaration):
        set_transport(clerk.base.store, declaration, Transport.SIGNED)
        queue(clerk.base.store, declaration, clerk.unit_number, container, deadline=None, total_fen=0)
