"""Containers, signatures, manifests and signed PDFs: a refusal with a known reason, or the content that was signed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import strategies as st

from tests.fuzz import corpus
from tests.fuzz.damage import damaged, repacked, zipped
from tests.fuzz.running import fuzz
from tests.seal.practice import NOW, world
from tests.seal.test_pdf import ATTACHED
from unitclient.domain.findings import Finding
from unitclient.seal import manifest as manifests
from unitclient.seal.cmscheck import verify_detached
from unitclient.seal.cmsread import read_crl
from unitclient.seal.container import MIMETYPE, read_container, verify_container
from unitclient.seal.pdfcheck import verify_pdf
from unitclient.seal.refusal import CODES, SealRefused
from unitclient.seal.trust import Usage
from unitclient.seal.ziparchive import write_zip
from unitclient.texts import finding_texts


def refusal_is_told(refused: SealRefused | None) -> None:
    assert refused is not None
    assert refused.reason in CODES
    is_told(refused.finding())


def is_told(finding: Finding) -> None:
    assert all(finding_texts(finding.code, finding.params))


def container(data: bytes) -> None:
    """Never raises; what passes is one of the signed contents."""
    check = verify_container(data, world().trust, NOW)
    if not check.ok:
        assert check.code in CODES
        assert check.findings
        for finding in check.findings:
            is_told(finding)
    else:
        assert check.need().entries in [read_container(one).entries for one in corpus.containers()]


def strict(parts: dict[str, bytes]) -> bytes:
    """As the program packs: `mimetype` first and stored."""
    return write_zip(parts.pop("mimetype", MIMETYPE), parts.items())


def signature(data: bytes) -> None:
    for usage in (Usage.UNIT, Usage.CENTRE):
        check = verify_detached(corpus.DOCUMENT, data, world().trust, NOW, usage=usage)
        assert check.ok or check.code in CODES


def manifest(data: bytes) -> None:
    try:
        manifests.read_manifest(data)
    except SealRefused as refused:
        refusal_is_told(refused)


def paper(data: bytes) -> None:
    check = verify_pdf(data, world().trust, NOW)
    if check.ok:
        assert check.attachments == (ATTACHED,)
    else:
        assert check.signature.code in CODES


def list_or_answer(data: bytes) -> None:
    with suppress(ValueError):
        read_crl(data)


SEALED = corpus.containers()
MANIFESTS = tuple(read_container(one).manifest for one in SEALED)
TARGETS = {
    "container": (container, damaged(SEALED), 150),
    "container packed anew": (container, repacked(SEALED, strict), 150),
    "container packed by others": (container, repacked(SEALED, zipped), 50),
    "container out of nothing": (container, st.binary(max_size=300), 50),
    "signature": (signature, damaged(corpus.signatures()), 150),
    "manifest": (manifest, damaged(MANIFESTS), 150),
    "paper": (paper, damaged(corpus.papers()), 60),
}


@pytest.mark.parametrize("name", TARGETS)
def test_damaged(name: str) -> None:
    target, inputs, examples = TARGETS[name]
    fuzz(target, inputs, examples)


def test_what_is_not_damaged_holds() -> None:
    for data in SEALED:
        assert verify_container(data, world().trust, NOW).ok
    assert verify_pdf(corpus.papers()[0], world().trust, NOW).ok
