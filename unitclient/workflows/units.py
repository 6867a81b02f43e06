"""Units on this computer: enrol one with its certificate, list, select."""

from __future__ import annotations

import base64
import platform
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.seal.cms import build_detached
from unitclient.seal.signer import Signer
from unitclient.seal.suites import Sm2Form
from unitclient.seal.trust import TrustStore
from unitclient.store.documents import add_document
from unitclient.store.units import Unit, add_unit, get_unit, list_units, select_unit, selected_unit
from unitclient.sync.client import CentreClient
from unitclient.sync.device import new_private_raw, public_raw
from unitclient.sync.outcomes import readable
from unitclient.sync.pinning import Pin, keep_pins, load_pins, signing_key_of
from unitclient.sync.protocol import DocumentKind, SignedDocument, device_request
from unitclient.sync.reading import Reader, followed, stored
from unitclient.tokens.keyref import PinPrompt
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows.centre import centre_refusals, network_of, open_engine
from unitclient.workflows.certificate_roles import keep_role
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import read_file
from unitclient.workflows.loopback import refuse_practice_elsewhere
from unitclient.workflows.pen import lay_down
from unitclient.workflows.revocation import refresh_lists
from unitclient.workflows.rights import needs
from unitclient.workflows.signature_form import form_in
from unitclient.workflows.unit_keys import choose_key


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who is to be enrolled where: the centre's address and authorities (PEM), the key's reference, the operator."""

    centre_url: str
    ca_pem: str
    key_ref: dict[str, Any]
    operator: str = ""
    practice: bool = False


@dataclass(frozen=True, slots=True)
class EnrolmentWish:
    """What a clerk says to enrol: the centre's address, where the key is, whom to trust, who works here."""

    centre_url: str
    certificate: Path
    """A PKCS#12 file, or the PKCS#11 library of a token."""
    token_serial: str | None = None
    authorities: Path | None = None
    """Root certificates (PEM) of the centre; certs/ when not given."""
    operator: str = ""


@needs("units")
def enrol_with_key(desk: Desk, wish: EnrolmentWish, prompt: PinPrompt) -> Unit:
    """Find the key, open it with its PIN, and enrol this computer with it (`enrol_unit`).

    UserError centre-url-wrong, ca-missing, the refusals of the key, the PIN and the centre.
    """
    if not wish.centre_url.startswith(("http://", "https://")):
        raise UserError("centre-url-wrong", url=wish.centre_url)
    ca_pem = _authorities(wish.authorities)
    with KeyHelper() as keys:
        ref = choose_key(keys, wish.certificate, wish.token_serial)
        with keys.open_signer(ref, prompt) as signer:
            return enrol_unit(desk, Enrolment(wish.centre_url, ca_pem, dict(ref.to_dict()), wish.operator), signer)


def _authorities(path: Path | None) -> str:
    """The root certificates to trust, as PEM; UserError ca-missing when there are none."""
    files = [path] if path else sorted(certs_root().glob("*.pem"))
    pem = b"\n".join(read_file(file) for file in files)
    try:
        anchors = TrustStore.from_pem(pem).anchors
    except ValueError as failure:
        raise UserError("ca-missing") from failure
    if not anchors:
        raise UserError("ca-missing")
    return pem.decode("ascii", "ignore")


@needs("units")
def enrol_unit(desk: Desk, wish: Enrolment, signer: Signer) -> Unit:
    """Enrol this computer for the unit whose certificate `signer` holds, select it, and read its roster.

    The centre proves itself by its signed description before anything is signed for it.
    """
    if not TrustStore.from_pem(wish.ca_pem.encode()).anchors:
        raise UserError("ca-missing")
    unit = Unit("", "", "", "", wish.centre_url, "", wish.ca_pem, practice=wish.practice)
    refuse_practice_elsewhere(unit)
    with CentreClient(wish.centre_url, desk.store.clock, network_of(desk.store, unit)) as client, centre_refusals(unit):
        service, description = _service_of(desk, client, wish)
        private = new_private_raw()
        registration = device_registration(client, signer, private, form_in(description.content()))
        answer = client.register_device(registration)
        with readable():
            unit = _enrolled(wish, service, signer, private, answer)
    lay_down(desk, unit.unit_number)
    with desk.store.write("unit.enrol", subject=unit.unit_number):
        add_unit(desk.store, unit)
        select_unit(desk.store, unit.unit_number)
        keep_role(desk, signer.certificate_der, answer.get("certificate_role"))
        add_document(desk.store, stored(unit.unit_number, DocumentKind.SERVICE, description, None))
    with open_engine(desk, unit) as engine, centre_refusals(unit):
        engine.fetch()
        engine.refresh()
        refresh_lists(desk, unit, engine.client)
    return unit


def _enrolled(wish: Enrolment, service: str, signer: Signer, private: bytes, answer: dict[str, Any]) -> Unit:
    """The unit as the centre's answer to the enrolment tells it."""
    told = answer["unit"]
    return Unit(
        unit_number=str(told["unit_number"]),
        uscc=str(told["uscc"]),
        name=str(told["name"]),
        region=str(told["region"]),
        centre_url=wish.centre_url,
        service=service,
        ca_pem=wish.ca_pem,
        practice=wish.practice,
        key_ref=wish.key_ref,
        certificate_der=signer.certificate_der,
        insurances=tuple(told["insurances"]),
        device_id=str(answer["device_id"]),
        device_key=private,
        operator=wish.operator,
    )


def _service_of(desk: Desk, client: CentreClient, wish: Enrolment) -> tuple[str, SignedDocument]:
    """The service id and its signed description, believed. Its key is pinned, unless one of this service is already."""
    signed = client.service()
    with readable():
        claimed = str(signed.content().get("service", ""))
    now, pins = client.centre_clock().now(), load_pins(desk.store, claimed)
    reader = Reader(TrustStore.from_pem(wish.ca_pem.encode()), claimed, "", pins=pins)
    if pins:
        reader = replace(reader, pins=followed(reader, client.key_rollovers(), now))
    reader.read(signed, DocumentKind.SERVICE, now)
    with desk.store.write("centre.key", subject=claimed):
        keep_pins(desk.store, claimed, reader.pins or (Pin(signing_key_of(signed.cms)),))
    return claimed, signed


def device_registration(client: CentreClient, signer: Signer, private: bytes, form: Sm2Form) -> dict[str, Any]:
    """What enrols a device: a fresh challenge, signed with the unit's certificate over the device's public key."""
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    answer = client.challenge(None, fingerprint)
    with readable():
        challenge = base64.b64decode(answer["challenge"])
    public = public_raw(private)
    device_name = platform.node() or "unitclient"
    signed = device_request(challenge, public, device_name)
    signature = build_detached(signed, signer, client.centre_clock().now(), sm2_form=form)
    return {
        "challenge": base64.b64encode(challenge).decode("ascii"),
        "public_key": base64.b64encode(public).decode("ascii"),
        "device_name": device_name,
        "cms": base64.b64encode(signature).decode("ascii"),
    }


def all_units(desk: Desk) -> list[Unit]:
    """All units of this computer, by name."""
    return list_units(desk.store)


def unit_named(desk: Desk, unit_number: str) -> Unit:
    """One unit; UserError unit-unknown."""
    return get_unit(desk.store, unit_number)


def unit_in_front(desk: Desk) -> Unit:
    """The unit that the commands are about; UserError no-unit."""
    return selected_unit(desk.store)


def region_name(desk: Desk, unit: Unit) -> str:
    """What the unit's region is called; its code where no policy package tells the name."""
    package = desk.policies_of(unit).package(unit.region)
    return package.region_name if package else unit.region


@needs("see")
def choose_unit(desk: Desk, unit_number: str) -> Unit:
    """Put a unit in front: the commands are about it from now on. UserError unit-unknown."""
    with desk.store.write("unit.select", subject=unit_number):
        select_unit(desk.store, unit_number)
    return get_unit(desk.store, unit_number)


def certificate_until(unit: Unit) -> datetime | None:
    """The last instant of the unit's certificate; None where no certificate is known."""
    if not unit.certificate_der:
        return None
    return x509.load_der_x509_certificate(unit.certificate_der).not_valid_after_utc


def unit_json(unit: Unit) -> dict[str, Any]:
    """What machines may know of a unit: no keys."""
    until = certificate_until(unit)
    return {
        "unit_number": unit.unit_number,
        "uscc": unit.uscc,
        "name": unit.name,
        "region": unit.region,
        "centre": unit.centre_url,
        "service": unit.service,
        "practice": unit.practice,
        "insurances": list(unit.insurances),
        "selected": unit.selected,
        "operator": unit.operator,
        "key": dict(unit.key_ref),
        "certificate_until": until.isoformat() if until else None,
    }
