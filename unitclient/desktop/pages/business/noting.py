"""Where findings and consequences of a typed row are told: at their fields, or above all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from unitclient.catalog.model import Form
from unitclient.desktop.masking import HIDDEN
from unitclient.desktop.pages.business.state import Note
from unitclient.desktop.pages.business.words import STATE_OF, sentence, titles
from unitclient.desktop.theme.tokens import State
from unitclient.domain.findings import Finding

_EMPTY = "REQUIRED"
"""That a field is empty is told only once somebody was there: an empty form is not a list of errors."""

Notes = Mapping[str, tuple[Note, ...]]


def noted(
    form: Form,
    findings: Iterable[Finding],
    consequences: Iterable[str],
    touched: Collection[str],
    hidden: Mapping[str, str],
) -> tuple[Notes, tuple[Note, ...]]:
    """(notes by field, notes about the whole row). Values of `hidden` fields are not repeated in words."""
    named = titles(form)
    at: dict[str, list[Note]] = {}
    for finding in _by_weight(findings):
        if finding.code == _EMPTY and finding.field not in touched:
            continue
        text = sentence(finding, named.get(finding.field, ""), HIDDEN if finding.field in hidden else "")
        at.setdefault(finding.field if finding.field in named else "", []).append(
            Note(STATE_OF[finding.severity], text)
        )
    reasons = {each.text: each.when.field for each in form.consequences}
    for key in consequences:
        at.setdefault(reasons.get(key, ""), []).append(Note(State.INFO, form.say(key)))
    told = {name: tuple(dict.fromkeys(notes)) for name, notes in at.items() if name}
    return told, tuple(dict.fromkeys(at.get("", ())))


def _by_weight(findings: Iterable[Finding]) -> list[Finding]:
    order = list(STATE_OF)
    return sorted(findings, key=lambda finding: order.index(finding.severity))
