"""Reaching a unit's centre: client, trust and engine from what the store knows of the unit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.seal.revocation import CrlPolicy
from unitclient.seal.trust import TrustStore
from unitclient.store.documents import latest_document
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store
from unitclient.store.units import Unit
from unitclient.sync.client import CentreClient, NetworkSettings
from unitclient.sync.device import DeviceKey
from unitclient.sync.engine import Engine
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.sync.pinning import Pin, Pins, load_pins, signing_key_of
from unitclient.sync.protocol import DocumentKind
from unitclient.sync.reading import NotBelieved, Reader
from unitclient.texts import say_cause, say_outcome
from unitclient.workflows.centre_clock import centre_offset, with_centre_clock
from unitclient.workflows.certificate_roles import rules
from unitclient.workflows.desk import Desk
from unitclient.workflows.loopback import refuse_practice_elsewhere

__all__ = [
    "centre_offset",
    "centre_refusals",
    "network_of",
    "network_settings",
    "open_engine",
    "trust_for_signing",
    "trust_of",
    "with_centre_clock",
]


TLS_REFUSALS = frozenset({"tls-expired", "tls-wrong-host", "tls-unknown-issuer", "tls-too-old", "tls-missing"})
"""Why a connection was not made, each with three sentences of its own."""


def trust_of(unit: Unit) -> TrustStore:
    """Whom the unit's centre made us believe when this computer was enrolled: the centre's own authorities."""
    return TrustStore.from_pem(unit.ca_pem.encode())


def trust_for_signing(unit: Unit) -> TrustStore:
    """Authorities under which the unit's own certificate must stand: the centre's, and those of certs/."""
    believed = trust_of(unit).joined(TrustStore.from_folder(certs_root()))
    return replace(believed, unit_policies=rules().policies)


def network_settings(store: Store) -> NetworkSettings:
    """Proxy and private certificate authority, as set on this computer; UserError network-ca-unreadable."""
    ca_file = get_setting(store, "network.ca_file")
    if ca_file and not Path(ca_file).is_file():
        raise UserError("network-ca-unreadable", path=ca_file)
    system = get_setting(store, "network.system_store") != "off"
    return NetworkSettings(
        get_setting(store, "network.proxy"), ca_file, tuple(sorted(certs_root().glob("*.pem"))), system
    )


def network_of(store: Store, unit: Unit) -> NetworkSettings:
    """How the unit's centre is reached: as set, but a practice centre directly, past any proxy."""
    return NetworkSettings(proxy="") if unit.practice else network_settings(store)


def reader_of(desk: Desk, unit: Unit, crl_policy: CrlPolicy = CrlPolicy.REQUIRE) -> Reader:
    """What believes the unit's centre: its authorities, and of the keys they certify only those that were pinned."""
    return Reader(trust_of(unit), unit.service, unit.unit_number, crl_policy, pins_of(desk, unit))


def pins_of(desk: Desk, unit: Unit) -> Pins:
    """The keys pinned for the unit's centre; of an older home the one that described itself at enrolment."""
    pins = load_pins(desk.store, unit.service)
    if pins:
        return pins
    described = latest_document(desk.store, unit.unit_number, DocumentKind.SERVICE)
    return (Pin(signing_key_of(described.cms)),) if described else ()


@contextmanager
def open_engine(desk: Desk, unit: Unit) -> Iterator[Engine]:
    """An engine for the unit; what the centre's clock says is remembered for the next start.

    UserError practice-elsewhere for a practice unit whose centre is not on this computer.
    """
    refuse_practice_elsewhere(unit)
    device = DeviceKey(unit.device_id, unit.device_key) if unit.device_id else None
    with CentreClient(unit.centre_url, desk.store.clock, network_of(desk.store, unit), device) as client:
        client.offset = centre_offset(desk.store, unit.unit_number)
        engine = Engine(desk.store, client, reader_of(desk, unit), unit.unit_number)
        try:
            yield engine
        finally:
            _remember_offset(desk.store, unit.unit_number, client.offset)


def _remember_offset(store: Store, unit_number: str, offset: timedelta | None) -> None:
    known = centre_offset(store, unit_number)
    if offset is None or (known is not None and abs(known - offset) < timedelta(seconds=2)):
        return
    with store.write("clock.offset", subject=unit_number) as act:
        put_setting(store, f"clock-offset:{unit_number}", round(offset.total_seconds()))
        act.unchanged()


@contextmanager
def centre_refusals(unit: Unit) -> Iterator[None]:
    """Turns what a request can end with into refusals a clerk can read."""
    try:
        yield
    except NotSent as failure:
        if failure.code in TLS_REFUSALS:
            raise UserError(failure.code, url=unit.centre_url) from failure
        raise UserError("centre-unreachable", url=unit.centre_url, reason=say_cause(failure.code)) from failure
    except OutcomeUnknown as failure:
        if failure.code == "redirected":
            raise UserError("centre-redirects", url=unit.centre_url) from failure
        raise UserError("centre-no-answer", url=unit.centre_url, reason=say_outcome(failure.code)) from failure
    except NotBelieved as failure:
        if failure.code == "centre-key-changed":
            raise UserError("centre-key-changed", url=unit.centre_url) from failure
        raise UserError("centre-not-believed", url=unit.centre_url, code=say_outcome(failure.code)) from failure
    except ProblemAnswer as answer:
        problem = answer.problem
        raise UserError("centre-refused", reason=say_outcome(problem.code, problem.detail or problem.title)) from answer
