"""What each kind of signed document says on paper. A kind that is proof and is missing here fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from unitclient.central import paper_words as words
from unitclient.central.paper_changes import number_change, refund, unit_change
from unitclient.central.paper_parts import Books, Content, Json, columns, moment, month, plain, title
from unitclient.documents import parts
from unitclient.documents.capital import figures
from unitclient.documents.model import ListColumn
from unitclient.documents.proof import ProofTable
from unitclient.sync.protocol import DocumentKind
from unitclient.texts import catalogue, finding_texts, say

LATE_FEE = "late-fee"


def _receipt(told: Json, books: Books) -> Content:
    return Content(
        title("receipt"),
        told["acceptance_number"],
        pairs=[
            month(told["period"]),
            plain("form", words.form_title(books.catalog, told["form"])),
            plain("acceptance-number", told["acceptance_number"]),
            plain("size", say("document-bytes", size=f"{told['size']:,}")),
            moment("received-at", told["received_at"]),
            moment("deadline", told["deadline"]),
            plain("timely", say("document-in-time" if told["timely"] else "document-late")),
        ],
        long_pairs=[
            plain("receipt-id", told["receipt_id"]),
            plain("submission-id", told["submission_id"]),
            plain("submission-sha256", told["sha256"]),
            plain("signer-sha256", told["signer_cert_sha256"]),
        ],
        notes=(say("document-receipt-statement", number=told["acceptance_number"]),),
    )


def _acceptance(told: Json, books: Books) -> Content:
    form, refused = told["form"], told["refused"]
    rows = [
        (str(row["row"] + 1), words.field_of(books.catalog, form, row.get("field", "")), _reason(row))
        for row in refused
    ]
    table = ProofTable(say("document-sealed-refused"), columns(("row", 8), ("field", 16), ("reason", 76)), tuple(rows))
    return Content(
        title("acceptance"),
        told["acceptance_number"],
        pairs=[
            month(told["period"]),
            plain("form", words.form_title(books.catalog, form)),
            plain("acceptance-number", told["acceptance_number"]),
            plain("state", parts.label("acceptance", told["state"])),
            plain("accepted-refused", f"{told['accepted']:,} / {len({row['row'] for row in refused}):,}"),
        ],
        long_pairs=[plain("submission-id", told["submission_id"])],
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
        columns(("insurance", 40), ("persons", 14), ("unit-amount", 22), ("person-amount", 22), ("both", 22)),
        tuple(rows),
        ((say("document-subtotal"), "", figures(unit), figures(person), figures(unit + person)),),
        frozenset({1, 2, 3, 4}),
    )


def _assessment(told: Json, _: Books) -> Content:
    fee = say("document-late-fee-days", amount=figures(told["late_fee_fen"]), days=told["late_fee_days"])
    return Content(
        title("assessment"),
        told["submission_id"],
        pairs=[
            month(told["period"]),
            plain("late-fee", fee),
            plain("difference", figures(told["difference_fen"])),
        ],
        long_pairs=[plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["total_fen"])],
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
        title("bill"),
        told["number"],
        pairs=[
            month(told["period"]),
            plain("bill-number", told["number"]),
            plain("due", told["due"]),
            plain("account-ending", told["account_tail"]),
            plain("column-state", say(f"bill-state-{told['state']}")),
            plain("late-fee", figures(fee)),
        ],
        long_pairs=[plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["total_fen"])],
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
        title("debit"),
        told["debit_id"],
        pairs=[
            plain("debit-state", state),
            plain("attempt", told["attempt"]),
            plain("bank-ref", told["bank_ref"] or "—"),
        ],
        long_pairs=[plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["amount_fen"])],
    )


def _posting(told: Json, _: Books) -> Content:
    rows = tuple((parts.label("insurance", name), figures(fen)) for name, fen in sorted(told["totals"].items()))
    sums = ((say("document-total"), figures(sum(told["totals"].values()))),)
    table = ProofTable(
        say("document-sealed-posted"), columns(("insurance", 60), ("amount", 40)), rows, sums, frozenset({1})
    )
    return Content(
        title("posting"),
        told["bill_id"],
        pairs=[
            month(told["period"]),
            plain("persons", f"{told['persons']:,}"),
            plain("posted-on", told["posted_on"]),
        ],
        long_pairs=[
            plain("submission-id", told["submission_id"]),
            plain("lines-sha256", told["lines_sha256"]),
        ],
        tables=(table,),
    )


def _slip(told: Json, _: Books) -> Content:
    return Content(
        title("slip"),
        told["serial"],
        pairs=[
            plain("slip", told["serial"]),
            plain("bank", told["bank"]),
            moment("paid-at", told["paid_at"]),
        ],
        long_pairs=[plain("submission-id", told["submission_id"]), *parts.amount_pairs(told["amount_fen"])],
    )


def _roster(told: Json, _: Books) -> Content:
    persons = told["persons"]
    rows = tuple(
        (str(place), one["name"], one["id_number"], say(f"person-state-{one['state']}"), figures(one["wage_fen"] or 0),
         _insurances(one["insurances"]))
        for place, one in enumerate(persons, start=1)
    )  # fmt: skip
    heads = columns(("index", 8), ("name", 14), ("id-number", 28), ("state", 10), ("wage", 16), ("insurances", 40))
    table = ProofTable(say("document-sealed-people"), heads, rows, figures=frozenset({4}))
    number = f"{told['unit_number']}-{told['feed_seq']}"
    return Content(title("roster"), number, [plain("persons", f"{len(persons):,}")], tables=(table,))


def _insurances(held: Json) -> str:
    return say("document-comma").join(
        parts.label("insurance", name) for name, span in held.items() if not span["until"]
    )


def _register(told: Json, books: Books) -> Content:
    """Entries of a register that are no papers of their own."""
    register = books.catalog.registers[told["register"]]
    fields = words.register_fields(books.catalog, register.name)
    heads = [ListColumn(str(title), 20) for title in register.columns.values()]
    heads.append(ListColumn(say("document-column-state"), 14))
    rows = tuple(
        (*(words.entry_words(register, fields, name, entry["values"].get(name)) for name in register.columns),
         register.state_title(entry["state"]) if entry["state"] else "—")
        for entry in told["entries"]
    )  # fmt: skip
    table = ProofTable(say("document-sealed-entries"), tuple(heads), rows)
    return Content(title("register", title=str(register.title)), "", tables=(table,))


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
    heads = tuple(ListColumn(str(service.titles[name]), 20) for name in service.columns)
    return Content(
        title("answer", title=str(service.title)),
        "",
        pairs=[(titles.get(name, name), text) for name, text in told["inputs"].items()],
        tables=(ProofTable(say("document-sealed-rows"), heads, rows, figures=money),),
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
    DocumentKind.REFUND: refund,
    DocumentKind.UNIT: unit_change,
    DocumentKind.NUMBER: number_change,
}
"""By kind, what is proof and can be had on paper."""

NO_PROOF = frozenset(
    {
        DocumentKind.SERVICE,
        DocumentKind.CALENDAR,
        DocumentKind.POLICIES,
        DocumentKind.ANNOUNCEMENT,
        DocumentKind.ARTICLE,
        DocumentKind.MESSAGE,
        DocumentKind.KEY_ROLLOVER,
    }
)
"""Kinds that tell everybody the same, or only send word of another document: they prove nothing about a unit."""
