"""docs/protocol.md says what the running service and the shared messages say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import requests

from unitclient.central.problems import PROBLEMS
from unitclient.central.server import RunningCentre
from unitclient.sync.protocol import DOCUMENT_MEMBERS, RETRYABLE_CODES, Header
from unitclient.texts import catalogue

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "protocol.md"


def rows(first_header: str) -> list[list[str]]:
    """The cells of the table whose header row begins with that cell."""
    lines = DOCUMENT.read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_header} |"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return table


def openapi(centre: RunningCentre) -> Any:
    return requests.get(f"{centre.url}/openapi.json", timeout=10).json()


def test_paths_and_methods(shared_centre: RunningCentre) -> None:
    served = {
        (method.upper(), path)
        for path, methods in openapi(shared_centre)["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert {(row[0], row[1]) for row in rows("method")} == served


def test_problem_codes(shared_centre: RunningCentre) -> None:
    documented = {row[1]: int(row[0]) for row in rows("HTTP")}
    assert documented == {code: status for code, (status, _) in PROBLEMS.items()}
    assert set(documented) == set(
        openapi(shared_centre)["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    )


def test_what_may_be_sent_again() -> None:
    again = {row[1] for row in rows("HTTP") if row[2].startswith("yes")}
    assert again == RETRYABLE_CODES & set(PROBLEMS)


def test_document_members() -> None:
    documented = {row[0]: tuple(row[1].split(", ")) for row in rows("kind")}
    assert documented == {kind.value: members for kind, members in DOCUMENT_MEMBERS.items()}


def test_header_members() -> None:
    documented = {name for row in rows("header member") for name in row[0].split(", ")}
    assert documented == set(Header.__dataclass_fields__)


def test_decision_codes_have_texts_and_are_all_documented() -> None:
    documented = {row[0] for row in rows("code")}
    assert documented <= set(catalogue()["finding"])
    source = "".join(path.read_text("utf-8") for path in (ROOT / "unitclient" / "central").glob("*.py"))
    said = set(re.findall(r'(?:returned|tell|refuse)\(\s*(?:\w+, )?"([A-Z_]{3,})"', source))
    said |= set(re.findall(r'return "([A-Z_]{3,})"', source))
    shared_with_forms = {"B102", "NO_RULE", "DUPLICATE_ROW", "MONTH_COVERED", "REFUND_TOO_MUCH"}
    assert said <= documented | shared_with_forms
    chosen_by_condition = {"MISSING_PERSON", "MISSING_LINE", "LATER_CHANGES"}
    chosen_by_condition |= {"NO_PLACE", "BILL_UNKNOWN", "BILL_NOT_OPEN", "BILL_OF_EARLIER_MONTH"}
    chosen_by_condition |= {"RIGHT_MONTH_PAID", "NUMBER_FORMER", "USCC_TAKEN"}
    chosen_by_condition |= {"BILL_AMOUNT", "BILL_NOT_LATER", "LATE_FEE_LESS"}
    assert documented <= said | chosen_by_condition


def test_promises_name_tests_that_exist() -> None:
    for name in re.findall(r"`(test_\w+\.py)`", DOCUMENT.read_text("utf-8")):
        assert (Path(__file__).parent / name).exists(), name
