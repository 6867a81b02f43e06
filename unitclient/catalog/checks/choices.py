"""Checks by what a code's own row says: the table's members carry the rule, the check only reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unitclient.catalog.checks.registry import Param, RowCheck, field_param, row_check
from unitclient.catalog.context import RowState
from unitclient.catalog.model import Field, FieldType
from unitclient.domain.insurance import MEDICAL_KINDS
from unitclient.domain.money import format_fen


def _members(fields: Mapping[str, Field], code: str, member: str) -> dict[str, str]:
    """{code: what its row has under `member`}, without rows that have nothing there."""
    table = fields[code].table
    return {row.code: row.extra[member] for row in table.rows if member in row.extra} if table is not None else {}


@row_check("code-fits", refuses=("CODES_DO_NOT_FIT",), code=field_param(), other=field_param())
def code_fits(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """Two codes must go together: the row of `code` has a member named like the field `other` with the codes that fit,
    blanks between; a row without it goes with all.
    """
    code, other = params["code"], params["other"]
    fitting = {name: frozenset(words.split()) for name, words in _members(fields, code, other).items()}

    def run(row: RowState) -> None:
        wanted = fitting.get(row.values[code])
        if wanted is not None and row.values[other] not in wanted:
            row.refuse("CODES_DO_NOT_FIT", other)

    return run


@row_check("pattern-of-code", refuses=("BAD_FORMAT",), code=field_param(), field=field_param())
def pattern_of_code(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """A text must match the expression that the row of `code` has as `pattern`; without one everything does."""
    code, name = params["code"], params["field"]
    patterns = {word: re.compile(text) for word, text in _members(fields, code, "pattern").items()}

    def run(row: RowState) -> None:
        wanted = patterns.get(row.values[code])
        if wanted is not None and wanted.fullmatch(row.values[name]) is None:
            row.refuse("BAD_FORMAT", name)

    return run


@row_check(
    "insurances-of-code", refuses=("INSURANCES_OF_KIND",), code=field_param(), insurances=field_param("insurances")
)
def insurances_of_code(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """A kind of unit has its own set: every insurance of the row's `must` that the region has, beside them only those
    of its `may`. "medical" stands for whichever cut of it the region has.
    """
    code, name = params["code"], params["insurances"]
    musts, mays = _members(fields, code, "must"), _members(fields, code, "may")

    def run(row: RowState) -> None:
        chosen = set(map(_plain, row.values[name]))
        must = set(musts.get(row.values[code], "").split())
        policy = row.context.policy(row.context.period)
        offered = set(map(_plain, policy.rules)) if policy is not None else must
        lacking, extra = (must & offered) - chosen, chosen - must - set(mays.get(row.values[code], "").split())
        if row.values[code] in musts and (lacking or extra):
            row.refuse("INSURANCES_OF_KIND", name)

    return run


def _plain(insurance: str) -> str:
    return "medical" if insurance in MEDICAL_KINDS else insurance


@row_check(
    "share",
    refuses=("SHARE_TOO_LARGE",),
    part=field_param(),
    whole=field_param(),
    code=field_param(),
    member=Param("text", needed=True),
)
def share(params: Mapping[str, Any], fields: Mapping[str, Field]) -> RowCheck:
    """`part` is at most so many thousandths of `whole` as the row of `code` says under `member`."""
    part, whole, code = (params[name] for name in ("part", "whole", "code"))
    thousandths = {word: int(text) for word, text in _members(fields, code, params["member"]).items()}
    show = format_fen if fields[part].type is FieldType.MONEY else str

    def run(row: RowState) -> None:
        values = row.values
        limit = thousandths.get(values[code])
        if limit is not None and values[part] * 1000 > values[whole] * limit:
            most = values[whole] * limit // 1000
            row.refuse("SHARE_TOO_LARGE", part, share=f"{limit / 10:g}%", most=show(most))

    return run
