"""Revocation lists and OCSP answers on this computer: fetched over the network, used off line too.

Signing goes on with stale ones, with a warning: the centre checks again. Documents of the centre are checked strictly.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from unitclient.seal import ocsp
from unitclient.seal.crl import CachedCrl, CrlCache, crl_urls
from unitclient.seal.refusal import SealRefused
from unitclient.seal.trust import TrustStore
from unitclient.store.revocations import ANSWER, LIST, KeptStatement, put_statement, statements
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.desk import Desk
from unitclient.workflows.service_facts import service_facts

ASK_AGAIN = timedelta(hours=1)
"""How old an OCSP answer may be before the question is asked again."""


class _Shelf:
    """The store as a shelf of lists."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Mapping[str, bytes]:
        """See `crl.Shelf`."""
        return {one.name: one.der for one in statements(self._store, LIST)}

    def put(self, name: str, one: CachedCrl) -> None:
        """See `crl.Shelf`."""
        kept = KeptStatement(name, one.der, one.this_update, one.next_update, self._store.now())
        with self._store.write("revocation.keep", subject=name):
            put_statement(self._store, LIST, kept)


def revocation_lists(desk: Desk) -> CrlCache:
    """The lists kept for this home."""
    return CrlCache(_Shelf(desk.store))


def status_answers(desk: Desk) -> list[KeptStatement]:
    """The OCSP answers kept, each named by the SHA-256 of the certificate it is about."""
    return statements(desk.store, ANSWER)


def with_lists(desk: Desk, trust: TrustStore) -> TrustStore:
    """The trust with every list and answer that was fetched."""
    answers = []
    for one in status_answers(desk):
        with suppress(ValueError):  # a damaged one will be fetched again
            answers.append(ocsp.read(one.der))
    return revocation_lists(desk).add_to(trust).with_answers(answers)


def refresh_lists(desk: Desk, unit: Unit, client: CentreClient) -> None:
    """Fetch the centre's list, those the unit's certificate names, its OCSP answer; what cannot be had now waits."""
    trust = trust_for_signing(unit)
    places = ["/v1/crl"]
    if unit.certificate_der:
        certificate = x509.load_der_x509_certificate(unit.certificate_der)
        places += crl_urls([certificate])
    revocation_lists(desk).refresh(places, lambda place: _fetch(client, place), trust)
    if unit.certificate_der:
        with suppress(OSError, ValueError, SealRefused):
            _ask_status(desk, unit, client, certificate, trust)


def _ask_status(desk: Desk, unit: Unit, client: CentreClient, certificate: x509.Certificate, trust: TrustStore) -> None:
    place = service_facts(desk.store, unit).status
    now, name = client.centre_clock().now(), certificate.fingerprint(hashes.SHA256()).hex()
    kept = next((one for one in status_answers(desk) if one.name == name), None)
    if not place or (kept is not None and timedelta() <= now - kept.this_update < ASK_AGAIN):
        return
    issuer = trust.path(certificate, (), now)[1]
    question, nonce = ocsp.build_request(certificate, issuer)
    answer = ocsp.accept(_ask(client, place, question), nonce, certificate, issuer, now)
    status = ocsp.status_of(ocsp.read(answer), certificate, issuer)
    assert status is not None, "accepted answers have one"
    with desk.store.write("revocation.keep", subject=name):
        put_statement(
            desk.store, ANSWER, KeptStatement(name, answer, status.this_update, status.until, desk.store.now())
        )


def _ask(client: CentreClient, place: str, question: bytes) -> bytes:
    try:
        return client.ask_raw(place, question, ocsp.REQUEST_TYPE)
    except (NotSent, OutcomeUnknown, ProblemAnswer) as failure:
        raise OSError(str(failure)) from failure


def _fetch(client: CentreClient, place: str) -> bytes:
    try:
        return client.fetch_public(place)
    except (NotSent, OutcomeUnknown, ProblemAnswer) as failure:
        raise OSError(str(failure)) from failure
