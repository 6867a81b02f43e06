"""One person's amounts in words: base, both formulas with their rounding, where the rule comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unitclient.desktop.pages.review.state import LineView
from unitclient.desktop.pages.sign.words import figure, insurance_word
from unitclient.desktop.theme.tokens import State
from unitclient.domain.money import PPM, rate_text
from unitclient.texts import say

if TYPE_CHECKING:
    from fractions import Fraction

    from unitclient.domain.policy import InsuranceRule
    from unitclient.workflows.explaining import LineExplained, PartExplained


def line_view(line: LineExplained, *, gone: bool = False) -> LineView:
    """One insurance in words; `gone`: it is the last month's line of somebody who is not declared any more."""
    sums = say("d-why-sums", unit=figure(line.unit_fen), person=figure(line.person_fen))
    rule = line.rule
    if rule is None or line.unit is None or line.person is None:
        odd = (State.WARN, say("d-why-odd"))
        return LineView(insurance_word(line.insurance), sums, (_before(line),), say("d-why-no-rule"), pill=odd)
    lines = (
        _base(line, rule),
        _part("d-why-unit", line.base_fen, line.unit),
        _part("d-why-person", line.base_fen, line.person),
        say("d-why-gone") if gone else _before(line),
    )
    return LineView(
        insurance_word(line.insurance),
        sums,
        lines,
        _source(rule),
        rule.source,
        (State.WARN, say("d-why-reference")) if line.reference else None,
        "" if line.agrees else _trouble(line.unit, line.person),
    )


def _base(line: LineExplained, rule: InsuranceRule) -> str:
    """How the wage became the base."""
    wage, base = figure(line.wage_fen), figure(line.base_fen)
    if line.clamped:
        return say(f"d-why-base-{line.clamped}", wage=wage, base=base)
    if line.wage_fen != line.base_fen:
        rounding = say(f"rounding-{rule.base_rounding}")
        return say("d-why-base-rounded", wage=wage, base=base, rounding=rounding, limits=_limits(rule))
    return say("d-why-base", base=base, limits=_limits(rule))


def _limits(rule: InsuranceRule) -> str:
    low, high = rule.base_min_fen, rule.base_max_fen
    if low is None and high is None:
        return say("d-why-limits-none")
    if low is None or high is None:
        return say("d-why-limit-low" if high is None else "d-why-limit-high", limit=figure(low or high or 0))
    return say("d-why-limits", low=figure(low), high=figure(high))


def _part(key: str, base_fen: int, part: PartExplained) -> str:
    """One side's formula with everything that was done to it."""
    who = say(key)
    if not part.rate_ppm and not part.fixed_fen:
        return say("d-why-nothing", who=who)
    fixed = say("d-why-fixed", amount=figure(part.fixed_fen)) if part.fixed_fen else ""
    if not part.rate_ppm:
        return say("d-why-only-fixed", who=who, amount=figure(part.amount_fen))
    exact, rounded = exact_yuan(part.exact), part.exact != part.amount_fen - part.fixed_fen
    key = "d-why-rounded" if rounded else "d-why-exact"
    return say(
        key,
        who=who,
        base=figure(base_fen),
        rate=rate_text(part.rate_ppm),
        exact=exact,
        rounding=say(f"rounding-{part.rounding}"),
        fixed=fixed,
        amount=figure(part.amount_fen),
    )


def exact_yuan(fen: Fraction) -> str:
    """An exact amount in yuan with all its decimals, at least two: 2946.24 fen -> "29.4624"."""
    whole, rest = divmod(abs(int(fen * PPM)), 100 * PPM)
    decimals = f"{rest:08d}".rstrip("0").ljust(2, "0")
    return f"{'-' if fen < 0 else ''}{whole:,}.{decimals}"


def _before(line: LineExplained) -> str:
    if line.before is None:
        return say("d-why-before-none")
    base, unit, person = line.before
    if (base, unit, person) == (line.base_fen, line.unit_fen, line.person_fen):
        return say("d-why-before-same")
    return say("d-why-before", base=figure(base), unit=figure(unit), person=figure(person))


def _source(rule: InsuranceRule) -> str:
    until = say("d-why-until", until=rule.until) if rule.until is not None else ""
    named = [part.strip() for part in rule.source.split(" ; ") if part.strip()]
    source = named[0] if named else say("d-why-source-none")
    if len(named) > 1:
        source = say("d-why-sources", source=source, count=len(named))
    told = say("d-why-source", source=source, since=rule.since, until=until)
    return told if rule.confirmed else say("d-why-unconfirmed", told=told)


def _trouble(unit: PartExplained, person: PartExplained) -> str:
    return say("d-why-differs", unit=figure(unit.computed_fen), person=figure(person.computed_fen))
