"""What a row is checked against, and what comes out of it. Client and central service each fill their own context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from unitclient.catalog.cells import cell_text
from unitclient.domain.findings import Finding, Severity
from unitclient.domain.period import Period

if TYPE_CHECKING:
    from unitclient.domain.identifiers import AreaTable, Identifier
    from unitclient.domain.ledger import Ledger
    from unitclient.domain.policy import MonthPolicy
    from unitclient.domain.registers import Entry
    from unitclient.domain.roster import Person


def nobody(_person_id: str) -> None:
    """A roster without anybody."""
    return


def no_policy(_period: Period) -> None:
    """No policy package."""
    return


def nothing_open(_form: str, _key: str) -> bool:
    """No item is open."""
    return False


def no_entry(_register: str, _key: str) -> None:
    """A register without any entry."""
    return


def no_file(_name: str) -> None:
    """No file is at hand."""
    return


@dataclass(frozen=True)
class CheckContext:
    """What the checks may ask. `period` is the month of the declaration, `today` the day by the centre's clock.

    `person` gives a roster entry by social-security number, `policy` the rules of a month. `is_open(form, key)` is
    true when a *declared and undecided* item of that form and key exists; an item that is only staged is replaced by
    the new row and is not open. For a form with the check `once-a-year` it is also true when the item was accepted.
    `entry(register, key)` is what the centre's register has. `file` gives the bytes of a file by where it lies or by
    the name it is kept under, or None.
    """

    today: date
    period: Period
    unit_insurances: tuple[str, ...] = ()
    person: Callable[[str], Person | None] = nobody
    policy: Callable[[Period], MonthPolicy | None] = no_policy
    is_open: Callable[[str, str], bool] = nothing_open
    active_count: int = 0
    entry: Callable[[str, str], Entry | None] = no_entry
    areas: AreaTable | None = None
    file: Callable[[str], bytes | None] = no_file
    ledger: Ledger | None = None
    """What was billed and what arrived; None at the client, which leaves those checks to the centre."""
    period_text: str = field(init=False, repr=False, default="")
    memo: dict[Any, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What the checks work out once per context (month limits, floors and caps)."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "period_text", str(self.period))

    def month_offset(self, months: int) -> str:
        """The month so many months after the declaration's, as "YYYY-MM"."""
        found = self.memo.get(months)
        if found is None:
            found = self.memo[months] = str(self.period + months)
        return str(found)


class CheckedRow(NamedTuple):
    """A row after reading and checking.

    `values` has every field of the form: typed JSON values, None where there is none. `person_id` is the person's
    social-security number ("" for a form without persons). `consequences` are text keys for `Form.say`; `defaulted`
    the fields whose value the program filled in.
    """

    values: dict[str, Any]
    key: str
    person_id: str
    findings: tuple[Finding, ...]
    consequences: tuple[str, ...]
    defaulted: tuple[str, ...]


class RowState:
    """One row on its way through the checks: raw cells, values so far, the number's meaning, the roster entry.

    `birth` ("YYYY-MM-DD") and `sex` ("1" male, "2" female) are what the ID number tells, or "".
    """

    __slots__ = (
        "_person",
        "_person_known",
        "bad",
        "birth",
        "context",
        "findings",
        "identity",
        "person_id",
        "raw",
        "sex",
        "values",
    )

    def __init__(self, raw: Mapping[str, object], values: dict[str, Any], context: CheckContext) -> None:
        self.raw = raw
        self.values = values
        self.context = context
        self.findings: list[Finding] = []
        self.bad: set[str] = set()
        self.identity: Identifier | None = None
        self.person_id = ""
        self.birth = ""
        self.sex = ""
        self._person: Person | None = None
        self._person_known = False

    @property
    def person(self) -> Person | None:
        """The roster's entry of this person, asked for once."""
        if not self._person_known:
            self._person = self.context.person(self.person_id) if self.person_id else None
            self._person_known = True
        return self._person

    def refuse(self, code: str, name: str, **params: str) -> None:
        """An error at a field: the row is not taken."""
        self._add(code, Severity.ERROR, name, params)

    def warn(self, code: str, name: str, **params: str) -> None:
        """A warning at a field: the row is taken, and somebody should look."""
        self._add(code, Severity.WARNING, name, params)

    def tell(self, code: str, name: str, **params: str) -> None:
        """A notice at a field."""
        self._add(code, Severity.NOTICE, name, params)

    def _add(self, code: str, severity: Severity, name: str, params: Mapping[str, str]) -> None:
        typed = cell_text(self.raw.get(name)) or shown(self.values.get(name))
        self.findings.append(Finding(code, severity, name, typed, params))


def shown(value: object) -> str:
    """A row value as text, for a finding about a value that was not typed."""
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, list) else str(value)
