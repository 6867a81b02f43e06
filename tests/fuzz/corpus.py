"""Real files to begin from, made by the writers of the tests: each is read without a fault before it is damaged."""

from __future__ import annotations

import base64
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from tests.seal import test_pdf
from tests.seal.practice import NOW, world
from tests.sheets.forms import HEADER, ROW, form, workbook
from tests.sheets.packages import package, sheet_xml
from tests.sheets.test_refusals import ods, xls
from unitclient.paths import forms_root
from unitclient.seal.cms import build_detached
from unitclient.seal.container import build_container
from unitclient.sheets import csv_bytes
from unitclient.sheets.template import write_template
from unitclient.sync.protocol import Declaration, Header, canonical

SUBMISSION = "0195e0f0-0000-7000-8000-000000000001"
FORM_IDS = ("stop", "enrol", "monthly", "back-payment")
"""Definitions that use most of what a form can say."""
EARLIER = "0195e0f0-0000-7000-8000-000000000000"
DOCUMENT = canonical({"kind": "receipt", "service": "x", "unit_number": "1", "issued_at": "2026-03-10T09:30:00+08:00"})


@cache
def declaration() -> Declaration:
    """An enrolment of one person."""
    header = Header(
        SUBMISSION, "practice", "4201000001", "91420100MA3TEST00X", "enrol", "1", "2026-03",
        "2026-03-10T09:30:00+08:00", "李雷", 1, totals={"pension": {"unit": 1, "person": 2}}, requires=(EARLIER,),
    )  # fmt: skip
    return Declaration(header, ("name", "insurances", "wage"), (("张三", ["pension"], 650_000),))


@cache
def containers() -> tuple[bytes, ...]:
    """Signed by RSA and by ECDSA, with an attachment, with a time stamp."""
    one, other = world().unit.signer(), world().unit_ec.signer()
    entries = {"declaration.json": declaration().to_bytes()}
    attached = {**entries, "attachments/证明.pdf": b"%PDF-1.7 x"}
    return (
        build_container(SUBMISSION, entries, other, NOW),
        build_container(SUBMISSION, attached, one, NOW, world().stamper),
    )


@cache
def signatures() -> tuple[bytes, ...]:
    """CMS over DOCUMENT: of a unit, of the centre with revocation lists, with a time stamp."""
    lists = [crl.public_bytes(Encoding.DER) for crl in world().lists()]
    return (
        build_detached(DOCUMENT, world().unit_ec.signer(), NOW),
        build_detached(DOCUMENT, world().centre.signer(), NOW, crls=lists),
        build_detached(DOCUMENT, world().unit.signer(), NOW, timestamper=world().stamper),
    )


@cache
def papers() -> tuple[bytes, ...]:
    """Signed PDFs."""
    return test_pdf.signed(), test_pdf.signed(stamped=True), test_pdf.plain()


@cache
def spreadsheets() -> dict[str, tuple[bytes, ...]]:
    """{extension: files}: as openpyxl, this program, xlwt and odfpy write them; text in three encodings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = [{"name": "王示范", "id_number": ROW[2], "wage": 650_000, "start_month": "2026-07"}]
        write_template(form(), folder / "t.xlsx", people)
        text = ",".join(HEADER) + "\r\n" + ",".join(map(str, ROW)) + "\r\n"
        return {
            "xlsx": (
                workbook(folder / "a.xlsx", [HEADER, ROW, ROW]).read_bytes(),
                package(sheet_xml()),
                (folder / "t.xlsx").read_bytes(),
            ),
            "xls": (xls(folder / "a.xls").read_bytes(),),
            "ods": (ods(folder / "a.ods").read_bytes(),),
            "csv": (csv_bytes(HEADER, [ROW]), text.encode("gb18030"), text.replace(",", "\t").encode("utf-16")),
        }


def form_file(form_id: str) -> bytes:
    """The definition of one of FORM_IDS."""
    return (forms_root() / form_id / "1" / "form.toml").read_bytes()


@cache
def answers() -> tuple[dict[str, Any], ...]:
    """Answers of the centre, as the client gets them."""
    signed = {"document": base64.b64encode(DOCUMENT).decode(), "cms": base64.b64encode(signatures()[1]).decode()}
    change = {"seq": 1, "kind": "receipt", "submission_id": SUBMISSION, "ref": "r", "at": "2026-03-10T09:30:00+08:00",
              "sha256": "0" * 64, "signed": signed}  # fmt: skip
    return (
        {"state": "received", "receipt": signed},
        signed,
        {"changes": [change], "next_cursor": "c", "more": False},
        {"roster": signed, "registers": [signed], "documents": [change], "next_cursor": "c"},
        {"statements": [signed]},
        {"state": "open", "now": "2026-03-10T09:30:00+08:00", "deadline": None, "retry_after_s": 5},
        {"type": "x", "title": "x", "status": 503, "code": "intake-full", "retryable": True, "retry_after_s": 5,
         "submission_id": SUBMISSION, "findings": [{"code": "X", "params": {}}]},
        {"type": "x", "title": "x", "status": 422, "code": "schema-invalid", "detail": "x"},
    )  # fmt: skip
