"""Codes and states in lists and answers are said in words; machines get them as they came."""

from __future__ import annotations

import json

import pytest

from tests.businesses.cases import load_case
from tests.businesses.walk import Walk
from tests.e2e.office import Office, id_number
from tests.queries.test_services import centre, paid
from unitclient.app import load_parts
from unitclient.catalog.said import answer_in_words, entry_words, key_words, register_fields
from unitclient.catalog.services import load_services
from unitclient.central.paper_contents import CONTENTS
from unitclient.central.paper_parts import Books
from unitclient.cli.main import main
from unitclient.paths import resources_root
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.asking import ask, services
from unitclient.workflows.export_books import Span, books
from unitclient.workflows.registers import register_rows

__all__ = ["centre", "paid"]

CATALOG = load_parts().catalog
SERVICES = load_services(resources_root())
OWN_WORDS = {("card-spending", "kind")}
"""Columns of a code field's name whose values are words already, as the walk gives them."""


def code_fields() -> dict[str, set[str]]:
    """By field name, the code tables that forms read it with."""
    found: dict[str, set[str]] = {}
    for form in CATALOG.forms.values():
        for field in form.fields:
            if field.table is not None:
                found.setdefault(field.name, set()).add(field.table.name)
    return found


@pytest.mark.parametrize("query", sorted(SERVICES))
def test_a_column_of_a_code_says_its_table(query: str) -> None:
    known = code_fields()
    for column in SERVICES[query].columns:
        if column in known and (query, column) not in OWN_WORDS:
            assert column in SERVICES[query].says, column


def test_what_a_column_says_is_there() -> None:
    for service in SERVICES.values():
        for what in service.says.values():
            kind, _, name = what.partition(":")
            assert name in {"code": CATALOG.tables, "register": CATALOG.registers}.get(kind, {name: name}), what


@pytest.mark.parametrize("query", sorted(SERVICES))
def test_every_code_of_an_answer_is_said(query: str) -> None:
    """Whatever code of the table the centre answers with."""
    for column, what in SERVICES[query].says.items():
        if what.startswith("code:"):
            for row in CATALOG.tables[what.removeprefix("code:")].rows:
                assert answer_in_words(SERVICES[query], {column: row.code}, CATALOG)[column] == row.name


def test_a_register_s_column_is_read_with_one_table() -> None:
    """Forms that move a register agree on what its columns are."""
    for register in CATALOG.registers.values():
        moving = [form for form in CATALOG.forms.values() if any(move.register == register.name for move in form.moves)]
        for column in register.columns:
            read = [form.field(column).table for form in moving if column in form.by_name]
            tables = {table.name if table else "" for table in read}
            assert len(tables) <= 1, (register.name, column)


def test_everything_that_looks_like_a_code_has_a_word(paid: Office) -> None:
    """What a signed answer, an export or a list shows: no word of the program's own, no code without its name."""
    assert (
        key_words(CATALOG, "refund", f"{id_number(1)}|pension|2026-11|person")
        == f"{id_number(1)}|养老|2026-11|个人部分"
    )
    for register in CATALOG.registers.values():
        fields = register_fields(CATALOG, register.name)
        for column in set(fields).intersection(register.columns):
            table = fields[column].table
            for row in table.rows if table else ():
                assert entry_words(register, fields, column, row.code) == row.name
    assert entry_words(CATALOG.registers["unit-type"], register_fields(CATALOG, "unit-type"), "insurances",
                       ["pension", "medical"]) == "养老、医疗"  # fmt: skip
    entry = {"key": "T-1", "state": "", "values": {"trail": [{"step": "pass-on", "at": "2026-11-10T09:30:00+08:00"}]}}
    paper = CONTENTS[DocumentKind.REGISTER]({"register": "ticket", "entries": [entry]}, Books(CATALOG, SERVICES))
    assert "{" not in str(paper.tables[0].rows)
    assert "11-10 09:30" in str(paper.tables[0].rows)
    (debit,) = ask(paid.desk, paid.unit, "collections", {}).answer.rows
    said = answer_in_words(SERVICES["collections"], debit, CATALOG)
    assert (debit["code"], said["code"], said["state"]) == ("K00", "成功", "已扣款")
    book = next(book for book in books(paid.desk, paid.unit, Span()) if book.what == "bills")
    (*_, step) = book.sheets[2].rows
    assert "成功" in step


def test_a_register_shows_words_and_keeps_codes(paid: Office) -> None:
    walk = Walk(paid, load_case("employment-registration"))
    assert walk.imports([walk.case.row(2)]).refused == 0
    assert walk.sends() == "accepted"
    row = next(row for row in register_rows(paid.desk, paid.unit, "employment") if row.key == id_number(2))
    assert "有固定期限" in row.shown
    assert row.to_json()["values"]["contract_term"] == "1"


def test_the_command_line_says_what_the_window_says(paid: Office, capsys: pytest.CaptureFixture[str]) -> None:
    ask(paid.desk, paid.unit, "person-profile", {})
    home = ["--home", str(paid.home)]
    capsys.readouterr()
    main([*home, "query", "ask", "person-profile"])
    shown = capsys.readouterr().out
    main([*home, "--json", "query", "ask", "person-profile"])
    told = json.loads(capsys.readouterr().out)
    assert {"姓名", "参保状态"} <= set(shown.split())
    assert "养老" in shown
    assert "pension" not in shown
    assert "pension" in str(told["rows"][0]["insurances"])
    assert services()["person-profile"].says["insurances"] == "insurance"
