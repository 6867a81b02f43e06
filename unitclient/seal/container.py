"""The submission container (报送件): one ASiC-E file with everything in it, signed once (ETSI EN 319 162-1).

Entries: `mimetype`, the data (`declaration.json`, what people read, attachments), META-INF/ASiCManifest.xml with a
digest of every data entry, META-INF/signature.p7s over the manifest. `unzip` opens it; `openssl cms -verify -binary
-cades -inform DER -in META-INF/signature.p7s -content META-INF/ASiCManifest.xml -CAfile ...` checks it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509

from unitclient.domain.findings import Finding
from unitclient.seal import manifest as manifests
from unitclient.seal.cms import Timestamper, build_detached
from unitclient.seal.cmscheck import CmsCheck, verify_detached
from unitclient.seal.refusal import SealRefused
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.signer import Signer
from unitclient.seal.suites import SHA256, SM3, Sm2Form
from unitclient.seal.trust import TrustStore, Usage
from unitclient.seal.ziparchive import Limits, is_plain_name, read_zip, write_zip

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
DECLARATION = "declaration.json"
ATTACHMENTS = "attachments/"
"""Before the name of a file that a row of the declaration names."""
LIMITS = Limits()


@dataclass(frozen=True)
class Container:
    """A container taken apart: its shape, manifest and digests are checked, its signature is not."""

    data: bytes
    submission_id: str
    entries: Mapping[str, bytes]
    manifest: bytes
    cms: bytes

    @cached_property
    def sha256(self) -> str:
        """Digest of the whole file, hex: the identity of its bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def declaration(self) -> bytes:
        """`declaration.json`; raises SealRefused container-entry-missing."""
        if DECLARATION not in self.entries:
            raise SealRefused("container-entry-missing", name=DECLARATION)
        return self.entries[DECLARATION]

    @property
    def attachments(self) -> Mapping[str, bytes]:
        """{name: bytes} of the files that rows name."""
        return {
            name.removeprefix(ATTACHMENTS): data for name, data in self.entries.items() if name.startswith(ATTACHMENTS)
        }


@dataclass(frozen=True)
class ContainerCheck:
    """The answer about a container. `code` is "" when `ok`, else a reason of refusal.CODES."""

    ok: bool
    code: str
    findings: tuple[Finding, ...]
    container: Container | None = None
    signature: CmsCheck | None = None
    refusal: SealRefused | None = None

    @property
    def certificate(self) -> x509.Certificate | None:
        """The signer's certificate, as far as it could be read."""
        return self.signature.certificate if self.signature else None

    @property
    def subject(self) -> str:
        """The signer's name (RFC 4514), "" when unknown."""
        return self.signature.subject if self.signature else ""

    def need(self) -> Container:
        """The container when ok; raises the SealRefused otherwise."""
        if self.refusal:
            raise self.refusal
        assert self.container is not None
        return self.container


def build_container(
    submission_id: str,
    entries: Mapping[str, bytes],
    signer: Signer,
    signing_time: datetime,
    timestamper: Timestamper | None = None,
    crls: Iterable[bytes] = (),
    sm2_form: Sm2Form = Sm2Form.CMS,
    finish: Callable[[bytes], bytes] = lambda cms: cms,
) -> bytes:
    """The container's bytes: one signature by `signer` over all `entries` ({name: content}).

    With an SM2 key the entries' digests are SM3 too; `sm2_form` as in `cms.build_detached`. `finish` may add to the CMS
    what is not signed (`longterm.extend`). `declaration.json` comes first, the others by name. Equal input gives equal
    bytes but for the signature.
    """
    ordered = {name: entries[name] for name in sorted(entries, key=lambda name: (name != DECLARATION, name))}
    for name in ordered:
        if not is_plain_name(name) or name == "mimetype" or name.startswith("META-INF/"):
            raise SealRefused("container-entry-name", name=name)
    manifest = manifests.build_manifest(submission_id, ordered, SM3 if signer.algorithm == "sm2" else SHA256)
    cms = build_detached(manifest, signer, signing_time, timestamper=timestamper, crls=crls, sm2_form=sm2_form)
    parts = {**ordered, manifests.PATH: manifest, manifests.SIGNATURE_PATH: finish(cms)}
    return write_zip(MIMETYPE, parts.items())


def read_container(data: bytes, limits: Limits = LIMITS) -> Container:
    """Take a container apart and check everything but the signature; raises SealRefused with the reason."""
    parts = dict(read_zip(data, limits))
    if next(iter(parts), "") != "mimetype" or parts.pop("mimetype") != MIMETYPE or not _stored_first(data):
        raise SealRefused("container-mimetype")
    manifest, cms = (_take(parts, name) for name in (manifests.PATH, manifests.SIGNATURE_PATH))
    listed = manifests.read_manifest(manifest)
    _need_listed(parts, listed)
    return Container(data, listed.submission_id, parts, manifest, cms)


def _stored_first(data: bytes) -> bool:
    """`mimetype` uncompressed right after its header, so that the file's type stands at byte 38."""
    return data[38 : 38 + len(MIMETYPE)] == MIMETYPE


def _take(parts: dict[str, bytes], name: str) -> bytes:
    if name not in parts:
        raise SealRefused("container-entry-missing", name=name)
    return parts.pop(name)


def _need_listed(parts: Mapping[str, bytes], listed: manifests.Manifest) -> None:
    for name in parts.keys() - listed.digests.keys():
        raise SealRefused("container-entry-unlisted", name=name)
    for name, digest in listed.digests.items():
        if name not in parts:
            raise SealRefused("container-entry-missing", name=name)
        if not hmac.compare_digest(listed.hash(parts[name]), digest):
            raise SealRefused("container-entry-changed", name=name)


def verify_container(
    data: bytes,
    trust: TrustStore,
    at: datetime | None,
    *,
    limits: Limits = LIMITS,
    crl_policy: CrlPolicy = CrlPolicy.WARN,
    foreign_stamps: bool = False,
) -> ContainerCheck:
    """Check a container whole: shape, digests, signature, certificate. Never raises for what is in the bytes.

    `at` and `foreign_stamps` as in `cmscheck.verify_detached`. The centre passes its limits and CrlPolicy.REQUIRE.
    """
    try:
        container = read_container(data, limits)
    except SealRefused as refusal:
        return ContainerCheck(False, refusal.reason, (refusal.finding(),), refusal=refusal)
    check = verify_detached(
        container.manifest,
        container.cms,
        trust,
        at,
        usage=Usage.UNIT,
        crl_policy=crl_policy,
        foreign_stamps=foreign_stamps,
    )
    return ContainerCheck(check.ok, check.code, check.findings, container, check, check.refusal)
