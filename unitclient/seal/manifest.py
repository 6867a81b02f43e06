"""META-INF/ASiCManifest.xml: every entry of a container with its digest (ETSI EN 319 162-1, annex A.4).

SHA-256, or SM3 where an SM2 key signs; one kind in one manifest. This file is what gets signed.
The submission's id stands in an extension that other readers may pass over.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from unitclient.seal.refusal import SealRefused
from unitclient.seal.suites import DIGESTS, SHA256, SM3

PATH = "META-INF/ASiCManifest.xml"
SIGNATURE_PATH = "META-INF/signature.p7s"
_ASIC = "http://uri.etsi.org/02918/v1.2.1#"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_OWN = "urn:unitclient:container:1"
_ALGORITHMS = {SHA256: "http://www.w3.org/2001/04/xmlenc#sha256", SM3: f"urn:oid:{SM3}"}
"""Object identifier: URI. SM3 has none of its own in XML signatures, so it goes by its object identifier."""
_MAX_BYTES = 1024 * 1024
_MIME_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "txt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


@dataclass(frozen=True)
class Manifest:
    """What a manifest lists: {entry name: digest}, and the submission's id ("" when it names none).

    `algorithm` is the object identifier of the digest.
    """

    submission_id: str
    digests: Mapping[str, bytes]
    algorithm: str = SHA256

    def hash(self, data: bytes) -> bytes:
        """The digest of an entry, as this manifest lists it."""
        return DIGESTS[self.algorithm](data)


def build_manifest(submission_id: str, entries: Mapping[str, bytes], algorithm: str = SHA256) -> bytes:
    """The manifest's bytes for these entries, in their order, with digests of this algorithm (object identifier)."""
    digest = DIGESTS[algorithm]
    references = "".join(_reference(name, _ALGORITHMS[algorithm], digest(data)) for name, data in entries.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<asic:ASiCManifest xmlns:asic="{_ASIC}" xmlns:ds="{_DS}">\n'
        f'<asic:SigReference URI="{SIGNATURE_PATH}" MimeType="application/x-pkcs7-signature"/>\n'
        f"{references}"
        '<asic:ASiCManifestExtensions><asic:Extension Critical="false">'
        f'<uc:Submission xmlns:uc="{_OWN}" Id={quoteattr(submission_id)}/>'
        "</asic:Extension></asic:ASiCManifestExtensions>\n"
        "</asic:ASiCManifest>\n"
    ).encode()


def _reference(name: str, algorithm: str, digest: bytes) -> str:
    mime = _MIME_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    return (
        f'<asic:DataObjectReference URI={quoteattr(name)} MimeType="{mime}">'
        f'<ds:DigestMethod Algorithm="{algorithm}"/>'
        f"<ds:DigestValue>{base64.b64encode(digest).decode()}</ds:DigestValue>"
        "</asic:DataObjectReference>\n"
    )


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest; raises SealRefused container-manifest-broken or algorithm-refused. No DTD, no entities."""
    if len(data) > _MAX_BYTES:
        raise SealRefused("container-manifest-broken", reason="too long")
    reader = _Reader()
    try:
        reader.parse(data)
    except (expat.ExpatError, binascii.Error, ValueError) as error:
        raise SealRefused("container-manifest-broken", reason=str(error)) from error
    return Manifest(reader.submission_id, reader.digests, reader.algorithm)


@dataclass
class _Reader:
    """Collects the references while expat walks the document."""

    submission_id: str = ""
    digests: dict[str, bytes] = field(default_factory=dict)
    algorithm: str = ""
    _path: list[str] = field(default_factory=list)
    _name: str = ""
    _text: str = ""

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate("UTF-8", namespace_separator="")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(data, True)
        if not self.digests:
            raise ValueError("lists no entries")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        self._text = ""
        if len(self._path) == 1 and tag != _ASIC + "ASiCManifest":
            raise ValueError("another kind of document")
        if tag == _ASIC + "SigReference" and attributes.get("URI") != SIGNATURE_PATH:
            raise ValueError("names another signature")
        if tag == _ASIC + "Extension" and attributes.get("Critical") != "false":
            raise ValueError("a critical extension that is not known")
        if tag == _ASIC + "DataObjectReference":
            self._name = attributes.get("URI", "")
            if not self._name or self._name in self.digests:
                raise ValueError("an entry without name, or twice")
        if tag == _DS + "DigestMethod":
            self._algorithm(attributes.get("Algorithm", ""))
        if tag == _OWN + "Submission":
            self.submission_id = attributes.get("Id", "")

    def _algorithm(self, uri: str) -> None:
        known = next((oid for oid, named in _ALGORITHMS.items() if named == uri), "")
        if not known or self.algorithm not in ("", known):
            raise SealRefused("algorithm-refused", algorithm=uri)
        self.algorithm = known

    def _end(self, tag: str) -> None:
        self._path.pop()
        if tag == _DS + "DigestValue":
            digest = base64.b64decode("".join(self._text.split()), validate=True)
            if len(digest) != 32 or not self._name or self._path[-1:] != [_ASIC + "DataObjectReference"]:
                raise ValueError("a digest out of place")
            self.digests[self._name] = digest
        if tag == _ASIC + "DataObjectReference":
            if not self.algorithm or self._name not in self.digests:
                raise ValueError("an entry without digest")
            self._name = ""

    def _characters(self, text: str) -> None:
        self._text += text


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type declaration")
