"""Revocation lists on this computer: fetched while there is a network, used when signing, also off line."""

from __future__ import annotations

from cryptography import x509

from unitclient.seal.crl import CrlCache, crl_urls
from unitclient.seal.trust import TrustStore
from unitclient.store.units import Unit
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.desk import Desk


def revocation_lists(desk: Desk) -> CrlCache:
    """The lists kept for this home."""
    return CrlCache(desk.home / "crl")


def with_lists(desk: Desk, trust: TrustStore) -> TrustStore:
    """The trust with every list that was fetched."""
    return revocation_lists(desk).add_to(trust)


def refresh_lists(desk: Desk, unit: Unit, client: CentreClient) -> None:
    """Fetch the centre's list and those the unit's certificate names; what cannot be had now is left as it is."""
    trust = trust_for_signing(unit)
    places = ["/v1/crl"]
    if unit.certificate_der:
        places += crl_urls([x509.load_der_x509_certificate(unit.certificate_der)])
    revocation_lists(desk).refresh(places, lambda place: _fetch(client, place), trust)


def _fetch(client: CentreClient, place: str) -> bytes:
    try:
        return client.fetch_public(place)
    except (NotSent, OutcomeUnknown, ProblemAnswer) as failure:
        raise OSError(str(failure)) from failure
