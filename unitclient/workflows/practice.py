"""The practice centre (演练中心): start it, open a practice unit with a certificate on a software token, enrol it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from unitclient.clock import CHINA
from unitclient.domain.period import Period
from unitclient.drafts import write_whole
from unitclient.errors import UserError
from unitclient.gm.sm2 import Sm2PrivateKey
from unitclient.seal.pki import Credential, load_key
from unitclient.store.units import Unit, add_unit, list_units
from unitclient.texts import say_cause, say_outcome
from unitclient.tokens.keyref import KeyKind, KeyRef
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.softhsm import find_softhsm_library, init_softhsm_token, softhsm_environment
from unitclient.workflows import centre_process
from unitclient.workflows.centre import centre_offset, open_engine
from unitclient.workflows.centre_process import CentreProcess, pin_file, practice_home
from unitclient.workflows.desk import Desk
from unitclient.workflows.rights import needs
from unitclient.workflows.unit_keys import PinFromFile
from unitclient.workflows.units import Enrolment, choose_unit, enrol_unit

DEFAULT_REGION = "510100"
UNIT_NAME = "演练用人单位"
OPERATOR = "演练经办人"
TOKEN_LABEL = "演练密钥"  # noqa: S105 - the label of a token, not a secret


@dataclass(frozen=True, slots=True)
class Practice:
    """A running practice centre and the practice unit of this home."""

    centre: CentreProcess
    unit: Unit
    pin_file: Path

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            **self.centre.to_json(),
            "unit": {
                "unit_number": self.unit.unit_number,
                "name": self.unit.name,
                "uscc": self.unit.uscc,
                "region": self.unit.region,
                "insurances": list(self.unit.insurances),
            },
            "key": dict(self.unit.key_ref),
            "pin_file": str(self.pin_file),
        }


@needs("units")
def start_practice(
    desk: Desk, *, port: int = 0, region: str = DEFAULT_REGION, day: date | None = None, sm2: bool = False
) -> Practice:
    """Start the centre; the first start also opens and enrols a practice unit with an empty roster.

    The practice unit is selected. With `sm2` its key is an SM2 key in a file; a unit that is there keeps its key.
    UserErrors of `centre_process.start`, policy-unknown-region.
    """
    if desk.policies.package(region) is None:
        raise UserError("policy-region-unknown", region=region, known=", ".join(desk.policies.regions()))
    centre = centre_process.start(desk.home, port)
    if day is not None:
        _set_clock(centre, day)
    known = practice_unit(desk)
    unit = _moved(desk, known, centre) if known else _open_unit(desk, centre, region, "sm2" if sm2 else "rsa")
    return Practice(centre, choose_unit(desk, unit.unit_number), pin_file(desk.home))


def practice_unit(desk: Desk) -> Unit | None:
    """The practice unit of this home, once there is one."""
    return next((unit for unit in list_units(desk.store) if unit.practice), None)


def _moved(desk: Desk, unit: Unit, centre: CentreProcess) -> Unit:
    """The centre gets a new port at each start: remember where it is now."""
    if unit.centre_url == centre.url:
        return unit
    moved = replace(unit, centre_url=centre.url)
    with desk.store.write("unit.moved", subject=unit.unit_number):
        add_unit(desk.store, moved)
    return moved


@needs("units")
def rehearse_in(desk: Desk, practice: Practice, period: Period) -> bool:
    """Move the practice centre into the month that is rehearsed, to its 5th; False when it is there already."""
    known = centre_offset(desk.store, practice.unit.unit_number) or timedelta()
    today = (desk.store.now() + known).astimezone(CHINA).date()
    if Period.of(today) == period:
        return False
    _set_clock(practice.centre, period.first_day.replace(day=5))
    with open_engine(desk, practice.unit) as engine:
        engine.client.intake(practice.unit.unit_number, 0)
    return True


def _set_clock(centre: CentreProcess, day: date) -> None:
    noon = datetime.combine(day, time(12), CHINA)
    ask_practice(centre, "PUT", "/practice/clock", {"now": noon.isoformat()})


def set_bank(centre: CentreProcess, unit: Unit, behaviour: str, balance_fen: int | None) -> dict[str, Any]:
    """Decide what the simulated bank does with the unit's debits."""
    body: dict[str, Any] = {"behaviour": behaviour}
    if balance_fen is not None:
        body["balance_fen"] = balance_fen
    return ask_practice(centre, "PUT", f"/practice/bank/{unit.unit_number}", body)


def ask_practice(centre: CentreProcess, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the practice side of a running centre. UserError centre-unreachable, centre-refused."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.request(method, centre.url + path, json=body, timeout=30)
        except requests.RequestException as failure:
            raise UserError("centre-unreachable", url=centre.url, reason=say_cause("no-connection")) from failure
    told: dict[str, Any] = answer.json()
    if not answer.ok:
        raise UserError("centre-refused", reason=say_outcome(str(told.get("code")), str(told.get("detail") or "")))
    return told


def _open_unit(desk: Desk, centre: CentreProcess, region: str, key_kind: str) -> Unit:
    opened = ask_practice(
        centre, "POST", "/practice/units", {"name": UNIT_NAME, "region": region, "insurances": [], "key_kind": key_kind}
    )
    pin = _new_pin(desk.home)
    ref = _store_key(desk.home, pin, opened["private_key_pem"], opened["certificate_pem"])
    wish = Enrolment(centre.url, opened["ca_pem"], dict(ref.to_dict()), OPERATOR, practice=True)
    environment = softhsm_environment(practice_home(desk.home) / "softhsm")
    prompt = PinFromFile(pin_file(desk.home))
    with KeyHelper(env=environment) as keys, keys.open_signer(ref, prompt) as signer:
        return enrol_unit(desk, wish, signer)


def _new_pin(home: Path) -> str:
    path = pin_file(home)
    if path.is_file():
        return path.read_text("utf-8").strip()
    pin = f"{secrets.randbelow(10**8):08d}"
    write_whole(path, f"{pin}\n".encode(), 0o600)
    return pin


def _store_key(home: Path, pin: str, key_pem: str, certificate_pem: str) -> KeyRef:
    """Put the practice key on a SoftHSM token, or into a PKCS#12 file: an SM2 key, or without SoftHSM."""
    key = load_key(key_pem.encode())
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    if find_softhsm_library() is not None and not isinstance(key, Sm2PrivateKey):
        made = init_softhsm_token(
            practice_home(home) / "softhsm",
            TOKEN_LABEL,
            pin,
            f"{secrets.randbelow(10**8):08d}",
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
            certificate.public_bytes(Encoding.DER),
        )
        return made.ref
    path = practice_home(home) / "practice-key.p12"
    write_whole(path, Credential(key, certificate).to_pkcs12(pin, TOKEN_LABEL), 0o600)
    return KeyRef(KeyKind.PKCS12, certificate.fingerprint(hashes.SHA256()).hex(), path=str(path))


@contextmanager
def running_practice(desk: Desk, **options: Any) -> Iterator[Practice]:
    """A practice centre for the length of a block; one that ran before is left running."""
    ran_before = centre_process.running(desk.home) is not None
    practice = start_practice(desk, **options)
    try:
        yield practice
    finally:
        if not ran_before:
            centre_process.stop(desk.home)
