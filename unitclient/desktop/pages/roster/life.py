"""The life line written out for the panel."""

from __future__ import annotations

from collections.abc import Sequence

from unitclient.catalog.loader import Catalog
from unitclient.desktop.masking import HIDDEN
from unitclient.desktop.models.columns import yuan
from unitclient.desktop.pages.roster.state import LifeRow
from unitclient.desktop.pages.roster.words import form_title, insurances, sentence
from unitclient.desktop.theme.tokens import State
from unitclient.texts import catalogue, say
from unitclient.workflows.life_line import LifeEvent, LifeKind

_LOOKS = {
    "accepted": State.OK,
    "partly-accepted": State.WARN,
    "refused": State.ERR,
    "returned": State.ERR,
    "pending": State.INFO,
    "declared": State.INFO,
}


def life_rows(events: Sequence[LifeEvent], catalog: Catalog, *, masked: bool) -> tuple[LifeRow, ...]:
    """Every event as a line: month, what happened, how it stands."""
    return tuple(
        LifeRow(event.month, _what(event, catalog, masked), _state(event), _LOOKS.get(event.state, State.OFF))
        for event in events
    )


def _what(event: LifeEvent, catalog: Catalog, masked: bool) -> str:
    names = insurances(event.insurances)
    if event.kind is LifeKind.ROW:
        return _row(event, catalog, masked)
    if event.kind is LifeKind.WAGE:
        return say("d-roster-life-wage", wage=_money(event.wage_fen, masked))
    if event.kind is LifeKind.DECLARED:
        base, amount = _money(event.base_fen, masked), _money(event.amount_fen, masked)
        return say("d-roster-life-declared", base=base, amount=amount, insurances=names)
    return say(f"d-roster-life-{event.kind.value}", insurances=names)


def _row(event: LifeEvent, catalog: Catalog, masked: bool) -> str:
    parts = [form_title(catalog, event.form)]
    if event.wage_fen is not None:
        parts.append(say("d-roster-life-row-wage", wage=_money(event.wage_fen, masked)))
    if not masked:
        parts += [f"{title} {value}" for title, value in event.values.items()]
    if event.number:
        parts.append(say("d-roster-life-number", number=event.number))
    form = catalog.forms.get(event.form)
    told = [sentence(finding, form, masked=masked) for finding in event.findings]
    return "\n".join((say("d-roster-life-comma").join(parts), *told))


def _state(event: LifeEvent) -> str:
    if event.kind is LifeKind.ROW:
        return say(f"d-item-{event.state}")
    for key in (f"acceptance-{event.state}", f"transport-{event.state}"):
        if event.state and key in catalogue()["text"]:
            return say(key)
    return event.state


def _money(fen: int | None, masked: bool) -> str:
    return HIDDEN if masked and fen is not None else "" if fen is None else yuan(fen)
