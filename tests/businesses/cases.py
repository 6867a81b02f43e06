"""What the tests of the businesses are made from: tests/businesses/cases/<form>.toml, one file a business.

[good]                 a row as it is typed, by field name; "{n}" is the row's number, "@id" and "@name" a person's
                       ("@id:19600307": born then), "@stranger" and "@nobody" the numbers of two others, "@other" of
                       somebody whom only a before with `once` knows, "@gone" of another one, "@bill" the bill of a
                       before with `unpaid` (with `once` besides: "@spare-bill"), "@paid-bill" one that was debited,
                       "@kept:<register>:<value>" what the register has of the person or bill; files are those of
                       `pictures`; of a list the n-th value is taken. With a before that says what the bank does,
                       "@bill", "@spare-bill" (three on), "@earlier-bill" and "@paid-bill" are the unit's bills: open
                       ones of the month, of an earlier month, and paid
[[before]]             what must have happened: form and row (accepted), or step, register and values (the desk);
                       `once`: only one row; `unpaid`: the bank refuses to debit what it costs; `period` when it is not
                       the month. Or `bank`: what it does from now on; or declare = true: the month
[[refuse]]             code, and what of the good row is changed; by = "both" (client and centre), or one of them, as
                       far as one_sided.toml says so; first = true: before anything has happened
[twin]                 what is said otherwise when the good row comes a second time
[after]                register = state of the entry when the good row was accepted
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.office import id_number
from unitclient.catalog.model import Form

FOLDER = Path(__file__).parent / "cases"
_SAYABLE = {"remark": "已改", "reason_text": "已改", "explanation": "已改", "phone": "13900000000"}
_NAMES = "零一二三四五六七八九"


@dataclass(frozen=True)
class Refuse:
    """One reason to refuse: its code, what is changed in the good row, and who sees it."""

    code: str
    by: str
    change: Mapping[str, Any]
    first: bool = False

    @property
    def of_file(self) -> str:
        """The field whose file does not fit, or ""."""
        return next(iter(self.change), "") if self.code.startswith(("FILE_", "PHOTO_")) else ""


@dataclass(frozen=True)
class Case:
    """One business under test."""

    form: str
    good: Mapping[str, Any]
    before: tuple[Mapping[str, Any], ...]
    refuse: tuple[Refuse, ...]
    after: Mapping[str, str]
    other: Mapping[str, Any] = field(default_factory=dict)
    """[twin]: what else a row of the same key may say; without it the first of `_SAYABLE` that the form has."""
    known: dict[tuple[str, int], Any] = field(default_factory=dict, compare=False)
    """What "@bill" and "@kept:..." stand for, by the row's number: known once everything before has happened."""

    def row(self, n: int, change: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The good row of the n-th person or thing, with changes; what is changed to "" is left out."""
        typed = {**self.good, **(change or {})}
        return {name: self.place(value, n) for name, value in typed.items() if value != ""}

    def twin(self, n: int, form: Form) -> dict[str, Any]:
        """The n-th good row with something else in it, and the same key."""
        said = next((name for name in _SAYABLE if name in form.by_name and name not in form.key), "")
        change = self.other or {said: _SAYABLE[said]}
        assert not set(change).intersection(form.key)
        return self.row(n, change)

    def place(self, value: Any, n: int) -> Any:
        """A value with its places filled, also those that are known only later."""
        return filled(value, n) if isinstance(value, list) else self.known.get((value, n)) or filled(value, n)


def filled(value: Any, n: int) -> Any:
    """A value with its places filled."""
    if isinstance(value, list):
        return value[(n - 1) % len(value)]
    if value == "@id":
        return id_number(n)
    if isinstance(value, str) and value.startswith("@id:"):
        return id_number(n, value.removeprefix("@id:"))
    if value == "@other":
        return id_number(900)
    if value == "@gone":
        return id_number(901)
    if value == "@stranger":
        return id_number(500 + n)
    if value == "@nobody":
        return id_number(700 + n)
    if value == "@name":
        return f"员工{_NAMES[n % 10]}"
    return value.replace("{n}", str(n)) if isinstance(value, str) else value


def load_case(form: str) -> Case:
    """The case of a form; FileNotFoundError when it has none."""
    told = tomllib.loads((FOLDER / f"{form}.toml").read_text("utf-8"))
    refuse = tuple(
        Refuse(
            each["code"],
            each.get("by", "both"),
            {name: value for name, value in each.items() if name not in ("code", "by", "first")},
            each.get("first", False),
        )
        for each in told.get("refuse", ())
    )
    return Case(form, told["good"], tuple(told.get("before", ())), refuse, told.get("after", {}), told.get("twin", {}))


def forms_of(group: str) -> list[str]:
    """Forms of a group that have a case."""
    from unitclient.app import load_parts

    forms = load_parts().catalog.forms.values()
    return sorted(form.id for form in forms if form.group == group and (FOLDER / f"{form.id}.toml").exists())
