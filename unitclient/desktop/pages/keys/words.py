"""The keys page in words: days left, PIN states, the details of a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.sign.words import day, moment
from unitclient.desktop.theme.tokens import State
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.pages.keys.state import KeyLine, ListLine

STEPS = (60, 30, 7, 1)
"""Days before the end at which the words become more pressing."""
COLUMNS = (
    ColumnSpec("subject", "d-keys-subject", width=22),
    ColumnSpec("days", "d-keys-days", Kind.STATE, 14),
    ColumnSpec("until", "d-keys-until", Kind.DATE, 14),
    ColumnSpec("found", "d-keys-found", width=10),
    ColumnSpec("units", "d-keys-units", width=18),
    ColumnSpec("pin", "d-keys-pin", Kind.STATE, 26),
)
_PINS = {"ok": State.OK, "low": State.WARN, "final": State.ERR, "locked": State.ERR, "unknown": State.OFF}


def days_state(days: int | None) -> State:
    """Colour of the days that are left; None where no certificate is known."""
    if days is None:
        return State.OFF
    if days <= STEPS[2]:
        return State.ERR
    return State.WARN if days <= STEPS[0] else State.OK


def days_word(days: int | None) -> str:
    """The days that are left in words."""
    if days is None:
        return say("d-keys-days-none")
    if days < 0:
        return say("d-keys-days-over", days=-days)
    return say("d-keys-days-last") if days < STEPS[3] else say("d-keys-days-left", days=days)


def days_advice(days: int) -> str:
    """What to do now, by how pressing it is; nothing while there is time."""
    if days < 0:
        return say("d-keys-advice-over")
    step = next((limit for limit in reversed(STEPS) if days <= limit), None)
    return say(f"d-keys-advice-{step}") if step else ""


def table_row(key: KeyLine) -> dict[str, Any]:
    """A certificate as a row."""
    marks = {"days": Mark(days_state(key.days), tuple(filter(None, (days_advice(key.days),))))}
    if key.pin:
        marks["pin"] = Mark(_PINS[key.pin])
    return {
        "id": key.id,
        "subject": key.subject,
        "days": days_word(key.days),
        "until": day(key.until),
        "found": say(f"d-keys-found-{key.found}"),
        "units": key.units or None,
        "pin": pin_word(key) or None,
        MARKS: marks,
    }


def pin_word(key: KeyLine) -> str:
    """How the PIN stands, before anybody asks for it."""
    if not key.pin:
        return ""
    word = say(f"d-keys-pin-{key.pin}")
    return word if key.tries is None else say("d-keys-pin-tries", word=word, tries=key.tries)


def details(key: KeyLine) -> list[tuple[str, str]]:
    """(title, value) of everything about a certificate."""
    told = [
        ("issuer", key.issuer),
        ("serial", key.serial),
        ("span", say("d-keys-span-value", since=day(key.since), until=day(key.until))),
        ("algorithm", key.algorithm),
        ("use", say("d-keys-use-sign" if key.signs else "d-keys-use-other")),
        ("place", key.place),
        ("pin", pin_word(key)),
        ("units", "、".join(key.units)),
        ("fingerprint", key.id),
    ]
    return [(say(f"d-keys-{name}"), value) for name, value in told if value]


def chain_lines(key: KeyLine) -> list[str]:
    """The chain from the root down, each one step further in, and whether it is believed."""
    lines = [
        "　" * depth + say("d-keys-link", subject=link.subject, until=day(link.until))
        for depth, link in enumerate(reversed(key.chain))
    ]
    return [*lines, say("d-keys-chain-ok" if key.trusted else "d-keys-chain-unknown")]


def list_line(one: ListLine) -> str:
    """A revocation list in a sentence."""
    if one.until is None:
        return say("d-keys-list-endless", issuer=one.issuer, since=moment(one.since))
    key = "d-keys-list-fresh" if one.fresh else "d-keys-list-stale"
    return say(key, issuer=one.issuer, since=moment(one.since), until=moment(one.until))
