"""What the unit's certificate on this computer may sign: a chief one (主管) everything, an authorised one (授权) less.

The centre says the role when the computer is enrolled, and decides; here it is looked at before the PIN is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol

from unitclient.catalog.certificate_rules import CHIEF, CertificateRules, load_certificate_rules
from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.units import Unit
from unitclient.workflows.desk import Desk


class Declared(Protocol):
    """A declaration, or what is known of one."""

    @property
    def form(self) -> str:
        """Its form's id."""
        ...


@cache
def rules() -> CertificateRules:
    """The rules that this program knows; the centre's own count."""
    return load_certificate_rules(resources_root())


def keep_role(desk: Desk, certificate_der: bytes, role: Any) -> None:
    """Remember what the centre said of a certificate, inside a write; what it does not know is left to the centre."""
    known = role if role in rules().roles else CHIEF
    put_setting(desk.store, _name(certificate_der), known)


def role_of(desk: Desk, unit: Unit) -> str:
    """`chief` or `authorised`; chief where the centre said nothing, as centres without roles do."""
    told = get_setting(desk.store, _name(unit.certificate_der), CHIEF)
    return told if told in rules().roles else CHIEF


def refuse_role(desk: Desk, unit: Unit, declarations: Iterable[Declared]) -> None:
    """UserError certificate-role-form when one of them is not for this certificate to sign."""
    refused = rules().roles[role_of(desk, unit)].forms_refused
    titles = {form.id: str(form.title) for form in desk.catalog.forms.values()}
    wrong = dict.fromkeys(titles.get(one.form, one.form) for one in declarations if one.form in refused)
    if wrong:
        raise UserError("certificate-role-form", unit=unit.name, forms="、".join(wrong))


def refuse_role_act(desk: Desk, unit: Unit, act: str) -> None:
    """UserError certificate-role-act when a certificate of this role proves no act on certificates."""
    if act not in rules().roles[role_of(desk, unit)].acts:
        raise UserError("certificate-role-act", unit=unit.name)


def _name(certificate_der: bytes) -> str:
    return f"certificate-role:{hashlib.sha256(certificate_der).hexdigest()}"
