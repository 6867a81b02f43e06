"""PAdES: a printed document with the centre's signature inside (ISO 32000-1, 12.8; ETSI EN 319 142-1, B-B, with a time
stamp B-T).

One further revision is added to the unsigned file: signature, its field, the place where it is seen, and what somebody
needs to check it years later off line (DSS: certificates and revocation lists). All of it is covered by the signature,
so that nothing ever has to be added afterwards, and whatever is added changes the document. The CMS is the one of
`cms`; its signing time stands in the signature dictionary, as PAdES wants it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from unitclient.seal.cms import Timestamper, build_detached
from unitclient.seal.pdffile import PdfFile, revision, with_members
from unitclient.seal.signer import Signer

_RESERVED = 16 * 1024
"""Bytes kept free for the CMS: certificates and a time stamp with its own fit in."""
_BYTE_RANGE = "[0 {:010d} {:010d} {:010d}]"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the signature is seen: page from 0, rectangle in points from the lower left corner."""

    page: int
    rectangle: tuple[float, float, float, float]


def sign_pdf(
    pdf: bytes,
    signer: Signer,
    at: datetime,
    place: Place,
    *,
    name: str,
    reason: str,
    crls: Iterable[bytes] = (),
    timestamper: Timestamper | None = None,
) -> bytes:
    """The signed file. `name` is who signs, `reason` what it stands for, both as people read them; `crls` are DER.

    ValueError for a file that is not as `PdfFile` reads it, or whose page has annotations already.
    """
    file = PdfFile(pdf)
    numbers = iter(range(file.size, file.size + 1000))
    signature, widget, appearance, dss = (next(numbers) for _ in range(4))
    kept = [(next(numbers), _stream(one)) for one in (signer.certificate_der, *signer.chain_der)]
    lists = [(next(numbers), _stream(one)) for one in crls]
    page = file.pages()[place.page]
    sides = " ".join(f"{side:.2f}" for side in place.rectangle)
    unsigned = revision(
        pdf,
        file,
        [
            (file.root, _catalog(file, widget, signature, dss)),
            (page, _page(file, page, widget)),
            (signature, _signature(name, reason, at)),
            (widget, _widget(page, signature, appearance, sides)),
            (appearance, _appearance(place)),
            (dss, f"<< /Type /DSS /Certs [{_many(kept)}] /CRLs [{_many(lists)}] >>".encode("ascii")),
            *kept,
            *lists,
        ],
    )
    return _filled(unsigned, len(pdf), signer, at, timestamper)


def _filled(unsigned: bytes, after: int, signer: Signer, at: datetime, timestamper: Timestamper | None) -> bytes:
    """Put in what the signature covers, sign that, and put the CMS into the gap."""
    opening = unsigned.index(b"/Contents <", after) + len("/Contents ")
    closing = unsigned.index(b">", opening) + 1
    covered = _BYTE_RANGE.format(opening, closing, len(unsigned) - closing)
    ready = unsigned[:after] + unsigned[after:].replace(_BYTE_RANGE.format(0, 0, 0).encode(), covered.encode(), 1)
    signed = build_detached(ready[:opening] + ready[closing:], signer, at, timestamper=timestamper, claim_time=False)
    if len(signed) > _RESERVED:
        raise ValueError(f"the signature takes {len(signed)} bytes")
    return ready[: opening + 1] + signed.hex().ljust(2 * _RESERVED, "0").encode("ascii") + ready[closing - 1 :]


def _signature(name: str, reason: str, at: datetime) -> bytes:
    """The signature dictionary. As the author's (DocMDP 1) it tells every reader that nothing may be changed."""
    return (
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n"
        f"/ByteRange {_BYTE_RANGE.format(0, 0, 0)}\n"
        f"/Contents <{'0' * (2 * _RESERVED)}>\n"
        f"/M (D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z) /Name {_text(name)} /Reason {_text(reason)}\n"
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP"
        " /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>] >>"
    ).encode("ascii")


def _catalog(file: PdfFile, widget: int, signature: int, dss: int) -> bytes:
    members = (
        f"/AcroForm << /Fields [{widget} 0 R] /SigFlags 3 >>\n/Perms << /DocMDP {signature} 0 R >>\n/DSS {dss} 0 R\n"
        "/Version /1.7\n/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >>"
    )
    return with_members(file.body(file.root), members)


def _page(file: PdfFile, page: int, widget: int) -> bytes:
    body = file.body(page)
    if b"/Annots" in body:
        raise ValueError("the page has annotations")
    return with_members(body, f"/Annots [{widget} 0 R]")


def _widget(page: int, signature: int, appearance: int, sides: str) -> bytes:
    """Printed with the page (4) and locked (128)."""
    return (
        f"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V {signature} 0 R /P {page} 0 R /F 132\n"
        f"/Rect [{sides}] /AP << /N {appearance} 0 R >> >>"
    ).encode("ascii")


def _appearance(place: Place) -> bytes:
    """Empty: what is seen there is drawn on the page itself."""
    left, low, right, high = place.rectangle
    box = f"[0 0 {right - left:.2f} {high - low:.2f}]"
    head = f"<< /Type /XObject /Subtype /Form /BBox {box} /Resources << >> /Length 0 >>"
    return f"{head}\nstream\n\nendstream".encode("ascii")


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _many(objects: list[tuple[int, bytes]]) -> str:
    return " ".join(f"{number} 0 R" for number, _ in objects)


def _text(text: str) -> str:
    """A text string: UTF-16 with its mark, in hex."""
    return f"<feff{text.encode('utf-16-be').hex()}>"
