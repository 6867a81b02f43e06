"""The three acts on a unit's certificate: renewal (更新), upgrade (升级), change (换证), each with rules of its own.

A renewal keeps key and holder and gives a new term, near the old end; the device stays enrolled. An upgrade gives a
stronger key while the old one still signs for it; the old certificate is revoked. A change is for a key that is lost or
damaged: the desk gives a code, the old certificate is revoked at once, and this computer is enrolled anew.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from unitclient.catalog.certificate_rules import RENEW, UPGRADE
from unitclient.errors import UserError
from unitclient.seal.cms import build_detached
from unitclient.seal.csr import build_csr
from unitclient.seal.gmcert import public_key_of, spki_of
from unitclient.seal.pki import Credential, key_of_kind
from unitclient.seal.signer import Signer, SoftKey, SoftSigner
from unitclient.store.units import Unit, add_unit, get_unit
from unitclient.sync.client import CentreClient
from unitclient.sync.device import new_private_raw
from unitclient.sync.protocol import certificate_request
from unitclient.texts import say
from unitclient.tokens.following import Remembered, put_certificate
from unitclient.tokens.keyref import KeyKind, KeyRef, PinAsk, PinPrompt, PinState
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.softhsm import init_softhsm_token
from unitclient.workflows.centre import centre_refusals, network_of, open_engine
from unitclient.workflows.centre_process import practice_home
from unitclient.workflows.certificate_roles import keep_role, refuse_role_act, role_of, rules
from unitclient.workflows.desk import Desk
from unitclient.workflows.loopback import refuse_practice_elsewhere
from unitclient.workflows.revocation import refresh_lists
from unitclient.workflows.rights import needs
from unitclient.workflows.signature_form import sm2_form
from unitclient.workflows.unit_keys import key_environment
from unitclient.workflows.units import device_registration

STRENGTHS = ("ec-256", "rsa-3072", "sm2-256")
"""Keys this program can make for an upgrade or a change."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What an act came to."""

    act: str
    unit: Unit
    until: datetime
    certificate_sha256: str
    old_revoked: bool

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "act": self.act,
            "unit_number": self.unit.unit_number,
            "until": self.until.isoformat(),
            "certificate_sha256": self.certificate_sha256,
            "old_revoked": self.old_revoked,
            "key": dict(self.unit.key_ref),
        }


def refuse_act(desk: Desk, unit: Unit, act: str) -> None:
    """Say beforehand what the centre would refuse: UserError act-too-early-..., -too-late-..., certificate-role-act."""
    refuse_role_act(desk, unit, act)
    now = desk.now()
    end = x509.load_der_x509_certificate(unit.certificate_der).not_valid_after_utc
    rule = rules().acts[act]
    if rule.before is not None and now < end - rule.before:
        raise UserError(f"act-too-early-{act}", since=_day(end - rule.before), until=_day(end))
    if rule.after is not None and now > end + rule.after:
        raise UserError(f"act-too-late-{act}", until=_day(end + rule.after))


@needs("units")
def renew(desk: Desk, unit: Unit, prompt: PinPrompt) -> Followed:
    """Renew: the same key in the same place, a new certificate.

    UserError act-too-early-renew, act-too-late-renew, act-by-issuer, certificate-not-put; what key and centre refuse.
    """
    refuse_act(desk, unit, RENEW)
    _need_writable(unit)
    reference, asked = KeyRef.from_dict(unit.key_ref), Remembered(prompt)
    environment = key_environment(desk.home, unit)
    with KeyHelper(env=environment) as keys, keys.open_signer(reference, asked) as signer:
        told = _follow(desk, unit, RENEW, signer, build_csr(signer))
    certificate = _certificate(told)
    _need_same_key(unit.certificate_der, certificate)
    ref = put_certificate(environment, reference, asked.pin, certificate)
    return _keep(desk, unit, told, ref)


@needs("units")
def upgrade(desk: Desk, unit: Unit, prompt: PinPrompt, strength: str = STRENGTHS[0]) -> Followed:
    """Upgrade: a new, stronger key, for which the old one signs. The new key gets the PIN of the old one.

    UserError act-too-late-upgrade, act-key-elsewhere, the refusals of key, PIN and centre.
    """
    refuse_act(desk, unit, UPGRADE)
    _need_place(unit)
    key = _new_key(unit, strength)
    reference, asked = KeyRef.from_dict(unit.key_ref), Remembered(prompt)
    csr = build_csr(SoftSigner(key, unit.certificate_der), key.public_key())
    with KeyHelper(env=key_environment(desk.home, unit)) as keys, keys.open_signer(reference, asked) as signer:
        told = _follow(desk, unit, UPGRADE, signer, csr)
    return _keep(desk, unit, told, _store_key(desk, unit, asked.pin, key, _certificate(told)))


@needs("units")
def change(desk: Desk, unit: Unit, code: str, prompt: PinPrompt, strength: str = STRENGTHS[0]) -> Followed:
    """Change: a new key in place of a lost or damaged one, with the desk's code; this computer is enrolled anew.

    The new key gets the PIN that is asked for, twice. UserError act-key-elsewhere, pin-not-the-same, the centre's.
    """
    _need_place(unit)
    pin = _new_pin(unit, prompt)
    key = _new_key(unit, strength)
    csr = build_csr(SoftSigner(key, unit.certificate_der), key.public_key())
    asked = {"unit_number": unit.unit_number, "code": code.strip(), "csr_pem": csr.decode("ascii")}
    with _client(desk, unit) as client, centre_refusals(unit):
        told = client.certificate("/v1/certificates/changes", asked)
        certificate = _certificate(told)
        private = new_private_raw()
        answer = client.register_device(
            device_registration(client, SoftSigner(key, certificate), private, sm2_form(desk, unit))
        )
    renewed = replace(unit, device_id=str(answer["device_id"]), device_key=private)
    return _keep(desk, renewed, told, _store_key(desk, unit, pin, key, certificate))


def _new_pin(unit: Unit, prompt: PinPrompt) -> str:
    """Asked for twice: nobody could use a key whose PIN was mistyped. UserError pin-not-the-same."""
    question = PinAsk(say("key-new", unit=unit.name), PinState.UNKNOWN, None)
    pin = prompt.ask(question)
    if prompt.ask(question) != pin:
        raise UserError("pin-not-the-same")
    return pin


def _follow(desk: Desk, unit: Unit, act: str, signer: Signer, csr_pem: bytes) -> dict[str, Any]:
    """The centre's certificate for the request, proven by the old key."""
    if signer.certificate_der != unit.certificate_der:
        raise UserError("key-of-another-unit", unit=unit.name, subject="")
    sha256 = x509.load_der_x509_certificate(unit.certificate_der).fingerprint(hashes.SHA256()).hex()
    with _client(desk, unit) as client, centre_refusals(unit):
        challenge = base64.b64decode(client.challenge(unit.unit_number, sha256)["challenge"])
        signed = certificate_request(challenge, act, csr_pem)
        cms = build_detached(signed, signer, client.centre_clock().now(), sm2_form=sm2_form(desk, unit))
        asked = {
            "act": act,
            "challenge": base64.b64encode(challenge).decode("ascii"),
            "csr_pem": csr_pem.decode("ascii"),
            "cms": base64.b64encode(cms).decode("ascii"),
        }
        return client.certificate("/v1/certificates", asked)


def _client(desk: Desk, unit: Unit) -> CentreClient:
    refuse_practice_elsewhere(unit)
    return CentreClient(unit.centre_url, desk.store.clock, network_of(desk.store, unit))


def _keep(desk: Desk, unit: Unit, told: Mapping[str, Any], ref: KeyRef) -> Followed:
    """The unit signs with the new certificate from now on."""
    certificate = _certificate(told)
    with desk.store.write(f"certificate.{told['act']}", subject=unit.unit_number):
        keep_role(desk, certificate, role_of(desk, get_unit(desk.store, unit.unit_number)))
        add_unit(desk.store, replace(unit, certificate_der=certificate, key_ref=ref.to_dict()))
    followed = get_unit(desk.store, unit.unit_number)
    with open_engine(desk, followed) as engine:
        refresh_lists(desk, followed, engine.client)
    until = x509.load_der_x509_certificate(certificate).not_valid_after_utc
    return Followed(str(told["act"]), followed, until, str(told["certificate_sha256"]), bool(told["old_revoked"]))


def _certificate(told: Mapping[str, Any]) -> bytes:
    try:
        return x509.load_pem_x509_certificate(str(told["certificate_pem"]).encode()).public_bytes(Encoding.DER)
    except (KeyError, ValueError) as broken:
        raise UserError("centre-unreadable", mendable=False, code="certificate_pem") from broken


def _need_same_key(old: bytes, new: bytes) -> None:
    """UserError certificate-of-another-key unless both certificates (DER) are of one key."""
    keys = [spki_of(public_key_of(x509.load_der_x509_certificate(one))) for one in (old, new)]
    if keys[0] != keys[1]:
        raise UserError("certificate-of-another-key")


def _new_key(unit: Unit, strength: str) -> SoftKey:
    """UserError act-key-elsewhere for SM2 on the practice token, which makes no such keys."""
    if strength == "rsa-3072":
        return rsa.generate_private_key(public_exponent=65537, key_size=3072)
    if strength == "sm2-256" and KeyRef.from_dict(unit.key_ref).kind is not KeyKind.PKCS12:
        raise UserError("act-key-elsewhere", unit=unit.name)
    return key_of_kind("sm2" if strength == "sm2-256" else "ec")


def _need_writable(unit: Unit) -> None:
    """A renewed certificate is written into a file, or onto a token by PKCS#11; SKF devices have their maker's tool."""
    if KeyRef.from_dict(unit.key_ref).kind is KeyKind.SKF:
        raise UserError("act-by-issuer", unit=unit.name)


def _need_place(unit: Unit) -> None:
    """A new key is made in a file, or on the practice token; on any other token its maker's own program makes it."""
    reference = KeyRef.from_dict(unit.key_ref)
    if reference.kind is not KeyKind.PKCS12 and not unit.practice:
        raise UserError("act-key-elsewhere", unit=unit.name)


def _store_key(desk: Desk, unit: Unit, pin: str, key: SoftKey, certificate: bytes) -> KeyRef:
    reference = KeyRef.from_dict(unit.key_ref)
    credential = Credential(key, x509.load_der_x509_certificate(certificate))
    sha256 = credential.certificate.fingerprint(hashes.SHA256()).hex()
    if reference.kind is KeyKind.PKCS12:
        old = Path(reference.path)
        path = old.with_name(f"{old.stem}-{sha256[:8]}.p12")
        path.touch(mode=0o600)
        path.write_bytes(credential.to_pkcs12(pin))
        return KeyRef(KeyKind.PKCS12, sha256, path=str(path))
    encoded = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    so_pin = f"{secrets.randbelow(10**8):08d}"
    folder = practice_home(desk.home) / "softhsm"
    return init_softhsm_token(folder, f"{unit.unit_number}-{sha256[:8]}", pin, so_pin, encoded, certificate).ref


def _day(moment: datetime) -> str:
    from unitclient.clock import CHINA

    return moment.astimezone(CHINA).date().isoformat()
