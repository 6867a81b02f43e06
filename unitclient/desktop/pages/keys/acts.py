"""Renewal, upgrade and change in the signing lane: one PIN, and the certificate that came of it."""

from __future__ import annotations

from dataclasses import dataclass

from unitclient.catalog.certificate_rules import CHANGE, RENEW
from unitclient.desktop.dialogs.certificate.dialog import ActChoice
from unitclient.desktop.dialogs.service import SignSummary
from unitclient.desktop.pages.keys.state import KeyLine
from unitclient.desktop.pages.keys.work import OnePin
from unitclient.desktop.tasks import TaskContext
from unitclient.store.units import get_unit
from unitclient.texts import say
from unitclient.tokens.keyref import PinPrompt
from unitclient.workflows.centre_clock import with_centre_clock
from unitclient.workflows.certificate_acts import Followed, change, renew, upgrade


@dataclass(frozen=True, slots=True)
class Act:
    """One act on one unit's certificate."""

    name: str
    unit_number: str
    unit_name: str
    choice: ActChoice


def perform(context: TaskContext, act: Act, prompt: PinPrompt) -> Followed:
    """Do it. UserErrors of the three acts; Cancelled when the person gave up at the PIN."""
    desk = context.desk()
    unit = get_unit(desk.store, act.unit_number)
    desk = with_centre_clock(desk, unit)
    if act.name == RENEW:
        return renew(desk, unit, prompt)
    if act.name == CHANGE:
        return change(desk, unit, act.choice.code, OnePin(act.choice.pin), act.choice.strength)
    return upgrade(desk, unit, prompt, act.choice.strength)


def summary_of(act: Act, key: KeyLine) -> SignSummary:
    """What the PIN is asked for."""
    purpose = say(f"d-certificate-{act.name}-purpose")
    return SignSummary(act.unit_name, act.unit_number, key.subject, (), practice=key.practice, purpose=purpose)
