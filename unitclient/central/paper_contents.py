"""What each kind of signed document says on paper. A kind that is proof and is missing here fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.catalog.services import Service
from unitclient.central import paper_words as words
from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.model import ListColumn
from unitclient.documents.proof import Pairs, ProofTable
from unitclient.domain.period import Period
from unitclient.sync.protocol import DocumentKind
from unitclient.texts import catalogue, finding_texts, say

Json = Mapping[str, Any]
LATE_FEE = "late-fee"


@dataclass(frozen=True, slots=True)
class Content:
    """Title, number and what stands on the paper (see documents.proof)."""

    title: str
    number: str
    pairs: Pairs = ()
    long_pairs: Pairs = ()
    tables: tuple[ProofTable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """What gives words their names."""

    catalog: Catalog
    services: Mapping[str, Service]


def _title(kind: str, **params: object) -> str:
    return say(f"document-sealed-{kind}", **params)


def _month(text: str) -> tuple[str, str]:
    return say("document-period"), parts.month(Period.parse(text))


def _moment(name: str, text: str | None) -> tuple[str, str]:
    return say(f"document-{name}"), parts.moment(datetime.fromisoformat(text)) if text else "—"


def _plain(name: str, value: object) -> tuple[str, str]:
    return say(f"document-{name}"), str(value)


def _columns(*named: tuple[str, int]) -> tuple[ListColumn, ...]:
    return tuple(ListColumn(say(f"document-column-{name}"), width) for name, width in named)


def _receipt(told: Json, books: Books) -> Content:
    return Content(
        _title("receipt"),
        told["acceptance_number"],
        pairs=[
            _month(told["period"]),
            _plain("form", words.form_title(books.catalog, told["form"])),
            _plain("acceptance-number", told["acceptance_number"]),
            _plain("size", say("document-bytes", size=f"{told['size']:,}")),
            _moment("received-at", told["received_at"]),
            _moment("deadline", told["deadline"]),
            _plain("timely", say("document-in-time" if told["timely"] else "document-late")),
        ],
        long_pairs=[
            _plain("receipt-id", told["receipt_id"]),
            _plain("submission-id", told["submission_id"]),
            _plain("submission-sha256", told["sha256"]),
            _plain("signer-sha256", told["signer_cert_sha256"]),
        ],
        notes=(say("document-receipt-statement", number=told["acceptance_number"]),),
    )


def _acceptance(told: Json, books: Books) -> Content:
    form, refused = told["form"], told["refused"]
    rows = [
        (str(row["row"] + 1), words.field_of(books.catalog, form, row.get("field", "")), _reason(row))
        for row in refused
    ]
    table = ProofTable(say("document-sealed-refused"), _columns(("row", 8), ("field", 16), ("reason", 76)), tuple(rows))
    return Content(
        _title("acceptance"),
        told["acceptance_number"],
        pairs=[
            _month(told["period"]),
            _plain("form", words.form_title(books.catalog, form)),
            _plain("acceptance-number", told["acceptance_number"]),
            _plain("state", parts.label("acceptance", told["state"])),
            _plain("accepted-refused", f"{told['accepted']:,} / {len({row['row'] for row in refused}):,}"),
        ],
        long_pairs=[_plain("submission-id", told["submission_id"])],
        tables=(table,) if rows else (),
        notes=tuple(_reason(row) for row in told["findings"]),
    )


def _reason(row: Json) -> str:
    """Why a row was refused, with its code."""
    code, params = row["code"], row.get("params") or {}
    if code not in catalogue()["finding"]:
        return str(code)
    try:
        return f"{finding_texts(code, params, str(params.get('value', '')))[0]}（{code}）"
    except KeyError:  # a sentence that wants more than the document tells
        return str(code)


def _totals(totals: Json) -> ProofTable:
    """{insurance: {"unit", "person", "persons"}} as a table with its sum."""
    rows = [
        (parts.label("insurance", name), f"{part['persons']:,}", figures(part["unit"]), figures(part["person"]),
         figures(part["unit"] + part["person"]))
        for name, part in sorted(totals.items())
    ]  # fmt: skip
    unit, person = (sum(part[side] for part in totals.values()) for side in ("unit", "person"))
    return _amounts(rows, unit, person)


def _amounts(rows: Sequence[tuple[str, ...]], unit: int, person: int) -> ProofTable:
    return ProofTable(
        say("document-sealed-amounts"),
        _columns(("insurance", 40), ("persons", 14), ("unit-amount", 22), ("person-amount", 22), ("both", 22)),
        tuple(rows),
        ((say("document-subtotal"), "", figures(unit), figures(person), figures(unit + person)),),
        frozenset({1, 2, 3, 4}),
    )


def _assessment(told: Json, _: Books) -> Content:
    fee = say("document-late-fee-days", amount=figures(told["late_fee_fen"]), days=told["late_fee_days"])
    return Content(
        _title("assessment"),
        told["submission_id"],
        pairs=[
            _month(told["period"]),
            _plain("late-fee", fee),
            _plain("difference", figures(told["difference_fen"])),
        ],
        long_pairs=[_plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["total_fen"])],
        tables=(_totals(told["totals"]),),
    )


def _bill(told: Json, _: Books) -> Content:
    charges = [item for item in told["items"] if item["pay_kind"] != LATE_FEE]
    fee = sum(item["unit_fen"] for item in told["items"] if item["pay_kind"] == LATE_FEE)
    rows = [
        (_charge(item), f"{item['persons']:,}", figures(item["unit_fen"]), figures(item["person_fen"]),
         figures(item["unit_fen"] + item["person_fen"]))
        for item in charges
    ]  # fmt: skip
    unit, person = (sum(item[side] for item in charges) for side in ("unit_fen", "person_fen"))
    return Content(
        _title("bill"),
        told["number"],
        pairs=[
            _month(told["period"]),
            _plain("bill-number", told["number"]),
            _plain("due", told["due"]),
            _plain("account-ending", told["account_tail"]),
            _plain("column-state", say(f"bill-state-{told['state']}")),
            _plain("late-fee", figures(fee)),
        ],
        long_pairs=[_plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["total_fen"])],
        tables=(_amounts(rows, unit, person),),
    )


def _charge(item: Json) -> str:
    name = parts.label("insurance", item["insurance"])
    if item["pay_kind"] == "normal":
        return name
    return say("document-insurance-with-kind", insurance=name, kind=parts.label("pay-kind", item["pay_kind"]))


def _debit(told: Json, _: Books) -> Content:
    state = parts.label("money", told["state"])
    if told["code"] not in ("", "K00"):
        reason = parts.label("bank", told["code"])
        state = say("document-state-with-code", state=state, code=told["code"], reason=reason)
    return Content(
        _title("debit"),
        told["debit_id"],
        pairs=[
            _plain("debit-state", state),
            _plain("attempt", told["attempt"]),
            _plain("bank-ref", told["bank_ref"] or "—"),
        ],
        long_pairs=[_plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["amount_fen"])],
    )


def _posting(told: Json, _: Books) -> Content:
    rows = tuple((parts.label("insurance", name), figures(fen)) for name, fen in sorted(told["totals"].items()))
    sums = ((say("document-total"), figures(sum(told["totals"].values()))),)
    table = ProofTable(
        say("document-sealed-posted"), _columns(("insurance", 60), ("amount", 40)), rows, sums, frozenset({1})
    )
    return Content(
        _title("posting"),
        told["bill_id"],
        pairs=[
            _month(told["period"]),
            _plain("persons", f"{told['persons']:,}"),
            _plain("posted-on", told["posted_on"]),
        ],
        long_pairs=[
            _plain("submission-id", told["submission_id"]),
            _plain("lines-sha256", told["lines_sha256"]),
        ],
        tables=(table,),
    )


def _slip(told: Json, _: Books) -> Content:
    return Content(
        _title("slip"),
        told["serial"],
        pairs=[
            _plain("slip", told["serial"]),
            _plain("bank", told["bank"]),
            _moment("paid-at", told["paid_at"]),
        ],
        long_pairs=[_plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["amount_fen"])],
    )


def _roster(told: Json, _: Books) -> Content:
    persons = told["persons"]
    rows = tuple(
        (str(place), one["name"], one["id_number"], say(f"person-state-{one['state']}"), figures(one["wage_fen"] or 0),
         _insurances(one["insurances"]))
        for place, one in enumerate(persons, start=1)
    )  # fmt: skip
    columns = _columns(("index", 8), ("name", 14), ("id-number", 28), ("state", 10), ("wage", 16), ("insurances", 40))
    table = ProofTable(say("document-sealed-people"), columns, rows, figures=frozenset({4}))
    number = f"{told['unit_number']}-{told['feed_seq']}"
    return Content(_title("roster"), number, [_plain("persons", f"{len(persons):,}")], tables=(table,))


def _insurances(held: Json) -> str:
    return say("document-comma").join(
        parts.label("insurance", name) for name, span in held.items() if not span["until"]
    )


def _register(told: Json, books: Books) -> Content:
    """Entries of a register that are no papers of their own."""
    register = books.catalog.registers[told["register"]]
    fields = words.register_fields(books.catalog, register.name)
    columns = [ListColumn(str(title), 20) for title in register.columns.values()]
    columns.append(ListColumn(say("document-column-state"), 14))
    rows = tuple(
        (*(words.value_words(fields.get(name), entry["values"].get(name)) for name in register.columns),
         register.state_title(entry["state"]) if entry["state"] else "—")
        for entry in told["entries"]
    )  # fmt: skip
    table = ProofTable(say("document-sealed-entries"), tuple(columns), rows)
    return Content(_title("register", title=str(register.title)), "", tables=(table,))


def _answer(told: Json, books: Books) -> Content:
    service = books.services[told["query"]]
    titles = {one.name: str(one.title) for one in service.inputs}
    rows = tuple(
        tuple(
            words.cell_words(books.catalog, name, service.says.get(name, ""), row.get(name)) for name in service.columns
        )
        for row in told["rows"]
    )
    money = frozenset(place for place, name in enumerate(service.columns) if name.endswith("_fen"))
    columns = tuple(ListColumn(str(service.titles[name]), 20) for name in service.columns)
    return Content(
        _title("answer", title=str(service.title)),
        "",
        pairs=[(titles.get(name, name), text) for name, text in told["inputs"].items()],
        tables=(ProofTable(say("document-sealed-rows"), columns, rows, figures=money),),
        notes=(say("document-sealed-more", rows=len(rows)),) if told["more"] else (),
    )


CONTENTS: Mapping[DocumentKind, Callable[[Json, Books], Content]] = {
    DocumentKind.RECEIPT: _receipt,
    DocumentKind.ACCEPTANCE: _acceptance,
    DocumentKind.ASSESSMENT: _assessment,
    DocumentKind.BILL: _bill,
    DocumentKind.DEBIT: _debit,
    DocumentKind.POSTING: _posting,
    DocumentKind.SLIP: _slip,
    DocumentKind.ROSTER: _roster,
    DocumentKind.REGISTER: _register,
    DocumentKind.ANSWER: _answer,
}
"""By kind, what is proof and can be had on paper."""

NO_PROOF = frozenset(
    {
        DocumentKind.SERVICE,
        DocumentKind.CALENDAR,
        DocumentKind.POLICIES,
        DocumentKind.ANNOUNCEMENT,
        DocumentKind.KEY_ROLLOVER,
    }
)
"""Kinds that tell everybody the same and prove nothing about a unit."""
