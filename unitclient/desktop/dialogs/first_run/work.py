"""What the wizard does in the lanes: start the practice centre, look for keys, enrol with a key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from unitclient.desktop.dialogs.first_run.state import Enrolled, KeyChoice, Wish
from unitclient.desktop.pages.keys.work import OnePin
from unitclient.desktop.tasks import TaskContext
from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.seal.refusal import shown_name
from unitclient.seal.trust import TrustStore
from unitclient.store.units import Unit, select_unit
from unitclient.tokens.keyref import KeyKind, KeyRef
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows.desk import Desk
from unitclient.workflows.practice import start_practice
from unitclient.workflows.units import Enrolment, enrol_unit

Act = Callable[[TaskContext], Enrolled]


def regions(context: TaskContext) -> tuple[tuple[str, str], ...]:
    """(code, name) of every region that there are rules for, by name."""
    book = context.desk().policies
    packages = ((code, book.package(code)) for code in book.regions())
    return tuple(sorted(((code, one.region_name) for code, one in packages if one), key=lambda pair: pair[1]))


def begin_practice(context: TaskContext, region: str) -> Enrolled:
    """Start the practice centre and enrol the practice unit at it (or find both); the unit is in front afterwards."""
    desk = context.desk()
    practice = start_practice(desk, region=region)
    with desk.store.write("unit.select", subject=practice.unit.unit_number):
        select_unit(desk.store, practice.unit.unit_number)
    return _enrolled(desk, practice.unit)


def find_keys(_context: TaskContext, libraries: Sequence[str]) -> tuple[tuple[KeyChoice, ...], tuple[UserError, ...]]:
    """Signing keys on the tokens that these and all vendors' libraries see, without any PIN."""
    from cryptography import x509

    with KeyHelper() as keys:
        found = keys.find_keys(libraries)
    choices = []
    for info in found.keys:
        if info.signs:
            name = shown_name(x509.load_der_x509_certificate(info.certificate_der).subject)
            choices.append(KeyChoice(info.ref, f"{name}　{info.token_label} ({info.ref.token_serial})",
                                     info.pin_state.value, info.tries_left))  # fmt: skip
    return tuple(choices), found.problems


def file_key(path: Path) -> KeyChoice:
    """A PKCS#12 file as a choice; what it holds is seen when its passphrase is known."""
    return KeyChoice(KeyRef(KeyKind.PKCS12, "", path=str(path.resolve())), path.name)


def enrol(context: TaskContext, wish: Wish, pin: str) -> Enrolled:
    """Open the key with its PIN and enrol this computer for its unit; the unit is in front afterwards."""
    desk, ref = context.desk(), wish.key
    assert ref is not None
    ca_pem = authorities(wish.authorities)
    with KeyHelper() as keys, keys.open_signer(ref, OnePin(pin)) as signer:
        known = replace(ref, certificate_sha256=hashlib.sha256(signer.certificate_der).hexdigest())
        unit = enrol_unit(desk, Enrolment(wish.url, ca_pem, dict(known.to_dict()), wish.operator), signer)
    return _enrolled(desk, unit)


def authorities(path: Path | None) -> str:
    """The root certificates to trust, as PEM: a file's, else those of certs/. UserError d-first-ca-missing for none."""
    files = [path] if path else sorted(certs_root().glob("*.pem"))
    try:
        pem = b"\n".join(file.read_bytes() for file in files)
        anchors = TrustStore.from_pem(pem).anchors
    except (OSError, ValueError) as failure:
        raise UserError("d-first-ca-missing") from failure
    if not anchors:
        raise UserError("d-first-ca-missing")
    return pem.decode("ascii", "ignore")


def _enrolled(desk: Desk, unit: Unit) -> Enrolled:
    package = desk.policies_of(unit).package(unit.region)
    region = package.region_name if package else unit.region
    return Enrolled(unit.unit_number, unit.name, unit.uscc, region, unit.practice)
