"""Papers: every kind of document that is proof comes as a PDF signed by the centre, and nothing else does."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from tests.central.helper import PERIOD, Client, person, problem
from unitclient.catalog.services import load_services
from unitclient.central.paper_contents import CONTENTS, NO_PROOF
from unitclient.paths import resources_root
from unitclient.seal.pdfcheck import verify_pdf
from unitclient.sync.protocol import DocumentKind

SERVICES = load_services(resources_root())
Wire = dict[str, str]
CHECKED = {"certificate_number": "20261110000001", "verify_code": "ABCD2345EFGH", "issued_on": "2026-11-10"}
ACCOUNT = {
    "bank_account": "42001234567890123456",
    "account_name": "演练用人单位",
    "bank_name": "演练银行",
    "bank_code": None,
    "account_use": "1",
    "opened_on": "2026-10-08",
}


def asked(client: Client, wire: Wire, entry: str = "") -> requests.Response:
    return client.read(f"/v1/units/{client.unit_number}/papers", "POST", json={**wire, "entry": entry})


def paper(client: Client, wire: Wire, entry: str = "") -> bytes:
    answer = asked(client, wire, entry)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    return answer.content


def text_of(pdf: bytes, folder: Path) -> str:
    """The words of a PDF as poppler finds them; blanks left out."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    shown = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", shown.stdout))


@pytest.fixture(scope="session")
def told(shared_centre: Any) -> tuple[Client, dict[str, Wire]]:
    """A unit with a month behind it, and one signed document of every kind there is."""
    from tests.central.helper import open_client

    client = open_client(shared_centre.url)
    staff = [person(n, 500000 + 1000 * n) for n in range(3)]
    month = client.month(staff, requires=(client.submit("enrol", staff),))
    links = {link["kind"]: link["ref"] for link in client.paid(month)["documents"]}
    found = {kind: client.unit_read(f"/documents/{ref}") for kind, ref in links.items()}
    account = client.submit("bank-account", [ACCOUNT])
    assert client.settled(account)["state"] == "accepted", client.decision(account)
    change_everything(client, month, staff[0])
    changes = client.unit_read("/changes?include=documents&limit=500")["changes"]
    found |= {change["kind"]: change["signed"] for change in changes if change["kind"] == "register"}
    found |= {change["kind"]: change["signed"] for change in changes if change["kind"] in ("refund", "unit", "number")}
    found["roster"] = client.unit_read("/roster")
    found["answer"] = client.unit_read("/queries/certificate-check", "POST", json={"inputs": CHECKED})
    found["calendar"] = client.unit_read("/calendar")
    found["policies"] = client.unit_read("/policies")
    found["service"] = client.session.get(f"{client.url}/v1/service", timeout=10).json()
    return client, found


def change_everything(client: Client, month: str, first: dict[str, Any]) -> None:
    """A refund paid out, a new name of the unit, a new number of a person."""
    refund = {"name": first["name"], "id_number": first["id_number"], "insurance": "pension", "month": PERIOD,
              "side": "person", "amount": 10_000, "refund_reason": "1", "evidence": "外地缴费记录", "receiver": "2",
              "account_name": first["name"], "bank_name": "演练银行", "bank_account": "62220200000000001"}  # fmt: skip
    named = {"item": "name", "before": "演练用人单位", "after": "演练用人单位（新）", "changed_on": "2026-11-01",
             "document": "1", "document_number": "演登字〔2026〕第1号"}  # fmt: skip
    number = {"name": first["name"], "id_number": first["id_number"], "item": "AAC147",
              "after": person(9, 1)["id_number"], "proof": "1"}  # fmt: skip
    for form, row in (("refund", refund), ("unit-important-change", named), ("identity-change", number)):
        made = client.submit(form, [row])
        desk(client, "PUT", f"submissions/{made}", {"returned": False})
        assert client.settled(made)["state"] == "accepted", client.decision(made)

    key = f"{first['id_number']}|AAC147"
    step = {"register_name": "identity-change", "key": key, "step": "carry-out", "values": {}}
    desk(client, "POST", f"units/{client.unit_number}/steps", step)


def desk(client: Client, method: str, path: str, body: dict[str, Any]) -> None:
    """An act of the bureau; the worker may not have laid a submission on its desk yet."""
    for _ in range(100):
        answer = client.session.request(method, f"{client.url}/practice/desk/{path}", json=body, timeout=10)
        if answer.ok:
            return
        time.sleep(0.05)
    raise AssertionError(answer.text)


def test_every_kind_is_proof_or_is_said_to_be_none() -> None:
    assert set(DocumentKind) == set(CONTENTS) | NO_PROOF
    assert not set(CONTENTS) & NO_PROOF


@pytest.mark.parametrize("kind", sorted(CONTENTS))
def test_every_proof_is_signed_and_can_be_searched(
    told: tuple[Client, dict[str, Wire]], kind: str, tmp_path: Path
) -> None:
    client, found = told
    wire = found[kind]
    pdf = paper(client, wire)
    check = verify_pdf(pdf, client.trust, datetime.now(UTC))
    assert check.ok, check.signature.findings
    assert [json.loads(one) for one in check.attachments] == [{name: wire[name] for name in ("document", "cms")}]
    text = text_of(pdf, tmp_path)
    for expected in ("演练用人单位", client.unit_number, "电子签章", "社会保险网上申报演练中心", "演练单位,不具效力"):
        assert expected in text
    assert paper(client, wire) == pdf, "always the same bytes"
    status = subprocess.run(["pdfsig", "-nocert", str(tmp_path / "paper.pdf")], capture_output=True, text=True,
                            check=False).stdout  # fmt: skip
    assert "Signature is Valid" in status
    assert "Total document signed" in status


def test_pyhanko_trusts_it_off_line(told: tuple[Client, dict[str, Wire]]) -> None:
    client, found = told
    reader = PdfFileReader(BytesIO(paper(client, found["slip"])), strict=True)
    root = x509.load_pem_x509_certificate(client.unit["ca_pem"].encode()).public_bytes(Encoding.DER)
    lists = [one.get_object().data for one in reader.root["/DSS"]["/CRLs"]]
    context = ValidationContext(trust_roots=[asn1_x509.Certificate.load(root)], crls=lists, allow_fetching=False,
                                revocation_mode="require")  # fmt: skip
    usage = KeyUsageConstraints(key_usage={"digital_signature"}, key_usage_forbidden=set())
    status = validate_pdf_signature(reader.embedded_signatures[0], context, key_usage_settings=usage)
    assert status.bottom_line


@pytest.mark.parametrize("kind", [DocumentKind.SERVICE, DocumentKind.CALENDAR, DocumentKind.POLICIES])
def test_what_tells_everybody_the_same_is_no_proof(told: tuple[Client, dict[str, Wire]], kind: str) -> None:
    client, found = told
    answer = asked(client, found[kind])
    assert problem(answer) in ("not-your-unit", "schema-invalid")


@pytest.mark.parametrize("query", [one.id for one in SERVICES.values() if not any(put.required for put in one.inputs)])
def test_the_answer_to_every_query_is_a_paper(told: tuple[Client, dict[str, Wire]], query: str, tmp_path: Path) -> None:
    client, _ = told
    service = SERVICES[query]
    wire = client.unit_read(f"/queries/{query}", "POST", json={"inputs": {}})
    text = text_of(paper(client, wire), tmp_path)
    assert re.sub(r"\s", "", f"查询结果:{service.title}") in text
    rows = json.loads(base64.b64decode(wire["document"]))["rows"]
    assert ("没有符合条件的记录" in text) == (not rows)


def test_nobody_gets_a_paper_of_what_the_centre_did_not_say(told: tuple[Client, dict[str, Wire]]) -> None:
    client, found = told
    slip = found["slip"]
    changed = base64.b64decode(slip["document"]).replace(b'"amount_fen":', b'"amount_fen":9')
    assert problem(asked(client, {**slip, "document": base64.b64encode(changed).decode()})) == "signature-invalid"
    assert problem(asked(client, {**slip, "document": "%%%"})) == "schema-invalid"
    assert problem(asked(client, {**slip, "cms": ""})) == "signature-invalid"
    assert problem(asked(client, found["register"], "no such key")) == "not-found"


def test_nobody_gets_a_paper_of_another_unit(told: tuple[Client, dict[str, Wire]], client: Client) -> None:
    _, found = told
    assert problem(asked(client, found["slip"])) == "not-your-unit"


def test_asked_for_by_many_at_once_it_is_one_paper(told: tuple[Client, dict[str, Wire]]) -> None:
    client, _ = told
    fresh = client.unit_read("/roster")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: paper(client, fresh), range(4)))
    assert len(set(made)) == 1
