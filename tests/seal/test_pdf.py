"""Signed PDFs: made here, read by others (pyHanko, pdfsig, openssl), and refused when anything is not as it was."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from fpdf import FPDF
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from tests.seal.practice import DAY, NOW, world
from unitclient.seal import pki
from unitclient.seal.cmsread import parse
from unitclient.seal.pdfcheck import MOST_BYTES, PdfCheck, verify_pdf
from unitclient.seal.pdffile import PdfFile
from unitclient.seal.pdfsign import Place, sign_pdf
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.trust import TrustStore

ATTACHED = b'{"document":"of the centre"}' * 20
PLACE = Place(1, (300.0, 100.0, 500.0, 160.0))


def plain() -> bytes:
    """Two pages and an attachment, as the printed documents are made."""
    pdf = FPDF()
    pdf.set_creation_date(NOW)
    pdf.set_font("helvetica", size=12)
    for number in (1, 2):
        pdf.add_page()
        pdf.text(20, 20, f"page {number}: amount 1234.56")
    pdf.embed_file(bytes=ATTACHED, basename="document.json", mime_type="application/json")
    return bytes(pdf.output())


def signed(credential: pki.Credential | None = None, *, stamped: bool = False) -> bytes:
    one = credential or world().centre
    return sign_pdf(
        plain(), one.signer(), NOW, PLACE, name="演练中心", reason="受理回执",
        crls=[crl.public_bytes(Encoding.DER) for crl in world().lists()],
        timestamper=world().stamper if stamped else None,
    )  # fmt: skip


def check(data: bytes, trust: TrustStore | None = None) -> PdfCheck:
    return verify_pdf(data, trust or TrustStore(world().trust.anchors), NOW + timedelta(hours=1))


def cms_of(data: bytes) -> tuple[bytes, bytes]:
    """(CMS, what it covers), taken out by hand."""
    ranges = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", data)
    assert ranges is not None
    opening, closing, rest = map(int, ranges.groups())
    assert closing + rest == len(data)
    padded = bytes.fromhex(data[opening + 1 : closing - 1].decode())
    return padded[: int.from_bytes(padded[2:4], "big") + 4], data[:opening] + data[closing:]


def test_signed_file_holds() -> None:
    found = check(signed())
    assert found.ok, found.signature.findings
    assert found.pages == 2
    assert found.attachments == (ATTACHED,)
    assert found.signature.signing_time == NOW
    assert found.signature.subject == world().centre.certificate.subject.rfc4514_string()
    assert found.signature.findings == ()


def test_time_stamp_counts() -> None:
    found = check(signed(stamped=True), world().trust)
    assert found.ok
    assert found.signature.timestamp_time == NOW


def test_pyhanko_agrees() -> None:
    """Another reader: the signature is intact, covers the whole file, and its certificate is trusted."""
    reader = PdfFileReader(BytesIO(signed()), strict=True)
    (embedded,) = reader.embedded_signatures
    context = ValidationContext(
        trust_roots=[_asn1(one.public_bytes(Encoding.DER)) for one in world().trust.anchors],
        other_certs=[_asn1(world().ca.credential.certificate.public_bytes(Encoding.DER))],
        crls=[crl.public_bytes(Encoding.DER) for crl in world().lists()],
        moment=NOW, allow_fetching=False, revocation_mode="require",
    )  # fmt: skip
    status = validate_pdf_signature(embedded, context, key_usage_settings=_any_usage())
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert embedded.docmdp_level is not None
    assert embedded.docmdp_level.value == 1
    assert len(reader.root["/DSS"]["/CRLs"]) == 2


def _asn1(encoded: bytes) -> object:
    from asn1crypto import x509

    return x509.Certificate.load(encoded)


def _any_usage() -> KeyUsageConstraints:
    return KeyUsageConstraints(key_usage={"digital_signature"}, key_usage_forbidden=set())


def test_pdfsig_and_openssl_agree(tmp_path: Path) -> None:
    path, cms_file, content = tmp_path / "a.pdf", tmp_path / "a.p7s", tmp_path / "a.bin"
    path.write_bytes(signed())
    shown = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in shown, shown
    assert "Total document signed" in shown
    cms, covered = cms_of(path.read_bytes())
    cms_file.write_bytes(cms)
    content.write_bytes(covered)
    root = tmp_path / "root.pem"
    root.write_bytes(world().root.certificate_pem + world().ca.certificate_pem)
    subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(cms_file), "-content", str(content),
         "-CAfile", str(root), "-purpose", "any", "-attime", str(int(NOW.timestamp())), "-out", str(tmp_path / "out")],
        check=True, capture_output=True,
    )  # fmt: skip


def test_signing_time_stands_in_the_dictionary_only() -> None:
    assert parse(cms_of(signed())[0]).signing_time is None


@pytest.mark.parametrize("part", [b"/Contents 4", ATTACHED[:10], b"/M (D:2026", b"/Perms", b"trailer"])
def test_changed_byte(part: bytes) -> None:
    data = bytearray(signed())
    place = data.find(part)
    assert place > 0
    data[place + len(part) - 1] ^= 1
    assert check(bytes(data)).signature.code in ("content-changed", "signature-broken")
    assert not check(bytes(data)).attachments


def test_every_seventh_byte_counts() -> None:
    """No byte may be another one, wherever it stands; in the padding after the CMS too."""
    good = signed()
    for place in range(0, len(good), 997):
        data = bytearray(good)
        data[place] ^= 0x20 if chr(data[place]).isalpha() and 0x40 <= data[place] < 0x80 else 1
        found = check(bytes(data))
        same_hex = bytes(data).lower() == good.lower() and data[place : place + 1].lower() in b"abcdef"
        assert not found.ok or same_hex, place


def test_added_revision_that_changes_the_page() -> None:
    """A shadow attack: the signed revision stays, another one after it shows another amount."""
    writer = IncrementalPdfFileWriter(BytesIO(signed()))
    page = writer.root["/Pages"]["/Kids"][1].get_object()
    from pyhanko.pdf_utils import generic

    forged = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 12 Tf 20 20 Td (amount 9999.99) Tj ET"))
    page[generic.NameObject("/Contents")] = forged
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(1))
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # it ships no types
    found = check(out.getvalue())
    assert found.signature.code == "pdf-added-to"
    assert found.signature.findings[0].params["added"]


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"%%EOF\n", b"x" * 5000])
def test_anything_after_the_end(tail: bytes) -> None:
    assert check(signed() + tail).signature.code == "pdf-added-to"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_cut_file(share: float) -> None:
    data = signed()
    assert check(data[: int(len(data) * share)]).signature.code == "pdf-cut"


def test_unsigned_file_and_no_file_at_all() -> None:
    assert check(plain()).signature.code == "pdf-unsigned"
    assert check(b"PK\x03\x04 a workbook").signature.code == "pdf-broken"
    assert check(b"").signature.code == "pdf-broken"
    assert check(b"%PDF-1.4\n" + b"0" * MOST_BYTES).signature.code == "pdf-too-large"


def test_encrypted_file() -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="user")
    pdf.add_page()
    assert check(bytes(pdf.output())).signature.code == "pdf-encrypted"


def test_gap_that_is_larger_than_the_signature() -> None:
    """Signed bytes that leave out more than the signature would let somebody write in the gap."""
    data = signed()
    ranges = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", data)
    assert ranges is not None
    opening, closing = int(ranges[1]) - 1, int(ranges[2])
    wider = f"/ByteRange [0 {opening:010d} {closing:010d} {len(data) - closing:010d}]".encode()
    assert check(data.replace(ranges[0], wider)).signature.code == "pdf-broken"


def test_bytes_hidden_after_the_cms() -> None:
    data = signed()
    closing = data.index(b"0000>") + 4
    assert check(data[: closing - 2] + b"41" + data[closing:]).signature.code == "signature-broken"


def test_signed_by_others() -> None:
    other = pki.Authority.create_root("别的根证书", NOW)
    key = pki.new_key()
    certificate = other.issue_centre(pki.name("别的中心"), key.public_key(), pki.Validity.around(NOW, 365))
    assert check(signed(other.credential_for(key, certificate))).signature.code == "certificate-unknown-issuer"
    assert check(signed(world().unit)).signature.code == "certificate-wrong-usage"


def test_revoked_and_expired_certificate() -> None:
    serial = world().centre.certificate.serial_number
    revoked = TrustStore(world().trust.anchors, crls=world().lists((serial, NOW - DAY)))
    assert check(signed(), revoked).signature.code == "certificate-revoked"
    late = verify_pdf(signed(), world().trust, NOW + 800 * DAY)
    assert late.signature.code == "certificate-expired"
    assert verify_pdf(signed(), world().trust, None).ok


def test_lists_in_the_file_are_what_makes_it_good_off_line() -> None:
    bare = sign_pdf(plain(), world().centre.signer(), NOW, PLACE, name="", reason="")
    assert check(bare).signature.code == "crl-missing"
    assert verify_pdf(bare, world().trust, NOW, crl_policy=CrlPolicy.WARN).ok


def test_broken_structure_is_a_refusal_and_no_fault() -> None:
    for data in (b"xref\n0 1\n", b"startxref\n9\n%%EOF", b"startxref\n0\n%%EOF", b"xref\n0 1\nstartxref\n0\n%%EOF"):
        with pytest.raises(ValueError, match=r"."):
            PdfFile(data)
    circle = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 0 /Root 1 0 R >>\nstartxref\n0\n%%EOF"
    with pytest.raises(ValueError, match="revisions"):
        PdfFile(circle)
