"""Long-term proof: chains and fresh revocation information put into a stamped signature, where the centre takes it."""

from __future__ import annotations

from collections.abc import Callable

from unitclient.seal.evidence import gather, pairs_of
from unitclient.seal.longterm import extend
from unitclient.seal.refusal import SealRefused
from unitclient.seal.trust import TrustStore
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.service_facts import service_facts

MOST_BYTES = 256 * 1024
"""Of evidence in one declaration: lists of some authorities are megabytes, and stay outside."""


def lasting(desk: Desk, unit: Unit, trust: TrustStore, *, stamped: bool) -> Callable[[bytes], bytes]:
    """What turns a CAdES-T signature into a CAdES-LT one; leaves it as it is where that cannot be.

    Without a stamp nothing would be proven: when was it signed?
    """
    if not stamped or not service_facts(desk.store, unit).long_term:
        return lambda signature: signature

    def finish(signature: bytes) -> bytes:
        now = desk.now()
        try:
            material = gather(pairs_of(signature, trust, now), trust, now)
        except SealRefused:  # the check of the finished container says it, with the word for what is wrong
            return signature
        if material is None or sum(map(len, (*material.crls, *material.ocsp))) > MOST_BYTES:
            return signature
        return extend(signature, material)

    return finish
