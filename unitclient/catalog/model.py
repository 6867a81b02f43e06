"""What a business form is once it is loaded: fields, checks, consequences, screen and print layout.

Everything here is plain data, made by `form_file` from forms/<form>/<version>/form.toml. The compiled row program
(`program`) hangs on the form so that ten thousand rows are read with closures made once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from unitclient import texts
from unitclient.catalog.headers import normal_header
from unitclient.catalog.tables import Table
from unitclient.domain.files import FileLimits
from unitclient.domain.registers import Move
from unitclient.domain.roster import ChangeKind

if TYPE_CHECKING:
    from unitclient.catalog.program import RowProgram


class FieldType(StrEnum):
    """What a field holds. As values: money int fen, month "YYYY-MM", date "YYYY-MM-DD", insurances a sorted list."""

    NAME = "name"
    ID_NUMBER = "id_number"
    ID_KIND = "id_kind"
    MONTH = "month"
    DATE = "date"
    YEAR = "year"
    MONEY = "money"
    CODE = "code"
    TEXT = "text"
    PHONE = "phone"
    INTEGER = "integer"
    INSURANCES = "insurances"
    USCC = "uscc"
    BANK_CARD = "bank_card"
    PHOTO = "photo"
    ATTACHMENT = "attachment"


FILE_TYPES = frozenset({FieldType.PHOTO, FieldType.ATTACHMENT})
"""What is typed is where the file lies; the value is the name it is kept under, "<sha256>.<kind>"."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A short text of a form in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if texts.language() == "en" else self.zh


NO_TEXT = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one field's value: one of `values`, or merely filled, or a month compared with the period."""

    field: str
    values: frozenset[str] = frozenset()
    filled: bool = False
    compare: str = ""
    """"before", "equal" or "after" the period of the declaration; for month and date fields."""

    def holds(self, row: Mapping[str, Any], period: str) -> bool:
        """Whether a row meets it; `period` is "YYYY-MM"."""
        value = row.get(self.field)
        if value is None:
            return False
        if self.filled:
            return True
        if not self.compare:
            return str(value) in self.values
        month = str(value)[:7]
        return (month > period) - (month < period) == _ORDER[self.compare]


_ORDER = {"before": -1, "equal": 0, "after": 1}


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a value brings with it, told to the clerk at the field: text key `text`, shown when `when` holds."""

    text: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `name` is the row's key, `code` the national data element (AAC003 ...). `aliases` are the column titles seen in
    real sheets in order of preference: of two columns that both fit, the one named earlier is the field's. `column`:
    the field stands in the spreadsheet template. `local`: it stays on this computer and is never declared, so it has
    no code. `default` is a literal, `default_rule` the name of a rule in `defaults`; a filled default is named in
    `CheckedRow.defaulted`. `width` is in characters.
    """

    name: str
    code: str
    title: Bilingual
    type: FieldType
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    default: str | int | None = None
    default_rule: str = ""
    table: Table | None = None
    aliases: tuple[str, ...] = ()
    help: Bilingual = NO_TEXT
    example: str = ""
    column: bool = True
    local: bool = False
    width: int = 12
    max_length: int = 100
    file: FileLimits | None = None
    """What files the field takes; None for a type without files."""

    def headers(self) -> tuple[str, ...]:
        """All column titles that mean this field: its own titles, its code, then the aliases."""
        return (self.title.zh, self.title.en, self.code, *self.aliases)

    @property
    def unconfirmed(self) -> bool:
        """Whether its codes are of no published source yet."""
        return self.table is not None and not self.table.confirmed

    def guidance(self) -> str:
        """The help of the field, and where its codes are from while nobody has confirmed them."""
        if self.table is None or self.table.confirmed:
            return str(self.help)
        told = texts.say("codes-unconfirmed", source=self.table.source.rstrip("。"), date=self.table.date)
        return f"{self.help}\n{told}".strip()


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A check that a form names, with its parameters complete."""

    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScreenSection:
    """A group of fields on the entry screen."""

    title: Bilingual
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """How the form looks on screen: columns of the list, sections of the entry page."""

    columns: tuple[str, ...]
    sections: tuple[ScreenSection, ...]


@dataclass(frozen=True, slots=True)
class PrintLayout:
    """How the form prints: a table of `columns`, sums under the `sums` fields, who signs below."""

    title: Bilingual
    landscape: bool
    columns: tuple[str, ...]
    sums: tuple[str, ...]
    signatures: tuple[Bilingual, ...]
    rows_per_page: int


class Desk(StrEnum):
    """Whether a clerk of the bureau looks at a submission before it is decided."""

    NEVER = "never"
    """Decided by rule, for every unit."""
    ORDINARY = "ordinary"
    """Decided by rule for units with confidence standing, by the bureau's desk for the others."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Charge:
    """What an accepted row costs: one amount an insurance and month.

    Either `amount` names a money field and `insurance` the insurance it is for, or `tiers` names a code field whose
    table holds the amounts by insurance in fen. `first` and `last` are month fields; without them it is the
    declaration's period alone. `person_pays`: the amount is the person's, not the unit's.
    """

    amount: str
    insurance: str
    tiers: str
    first: str
    last: str
    pay_kind: str
    person_pays: bool
    account: Mapping[str, int] = member(default_factory=lambda: MappingProxyType({}))
    """{insurance: thousandths of the amount that are credited to the person's own account}."""


class BillAct(StrEnum):
    """What a form's row asks to be done with a bill, named by its field bill_number."""

    PAY = "pay"
    """Debit it again."""
    CANCEL = "cancel"
    """Take it back: it was made by mistake, and nothing of it was paid."""
    NAME = "name"
    """Only name it: it must be open."""
    DEFER = "defer"
    """Due later, on the day in the field pay_by."""
    WAIVE = "waive"
    """Less late fee, by the amount in the field waived."""


class LedgerAct(StrEnum):
    """What a form's row does to money that arrived."""

    REFUND = "refund"
    """Gives part of it back."""
    REBOOK = "rebook"
    """Moves it to another month."""


class Identity(StrEnum):
    """Whose identity a form's row changes: its field `item` says what, its field `after` how it is then."""

    UNIT = "unit"


@dataclass(frozen=True)
class Form:
    """One version of one business. `digest` is the SHA-256 of the folder's files."""

    id: str
    version: str
    title: Bilingual
    effect: ChangeKind
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[CheckSpec, ...]
    consequences: tuple[Consequence, ...]
    screen: Screen
    print: PrintLayout
    source: str
    digest: str
    summary: Bilingual = NO_TEXT
    importable: bool = True
    group: str = ""
    """The word of the group it stands in (resources/texts form-group-<group>)."""
    moves: tuple[Move, ...] = ()
    desk: Desk = Desk.NEVER
    charge: Charge | None = None
    bill_act: BillAct | None = None
    ledger_act: LedgerAct | None = None
    identity: Identity | None = None
    papers: tuple[str, ...] = ()
    """What is printed for its rows beside the receipt: words of form_file.PAPERS."""
    own_texts: Mapping[str, Bilingual] = member(default_factory=lambda: MappingProxyType({}))
    by_name: Mapping[str, Field] = member(default_factory=lambda: MappingProxyType({}), repr=False, compare=False)
    compiled: RowProgram | None = member(default=None, repr=False, compare=False)

    @property
    def program(self) -> RowProgram:
        """The compiled checks; every form that was loaded has them."""
        assert self.compiled is not None
        return self.compiled

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the fields whose values are files that go with the declaration."""
        return tuple(each.name for each in self.fields if each.file is not None)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the form has none."""
        return self.by_name[name]

    def columns(self) -> tuple[Field, ...]:
        """The fields that stand in the spreadsheet template, in order."""
        return tuple(each for each in self.fields if each.column)

    def column_for(self, header: str) -> tuple[Field, int] | None:
        """The field that a column title means, and its rank among the field's titles (0 is the best), or None."""
        wanted = normal_header(header)
        for candidate in self.fields:
            for rank, title in enumerate(candidate.headers()):
                if wanted and normal_header(title) == wanted:
                    return candidate, rank
        return None

    def say(self, key: str) -> str:
        """A text that the form names: its own, or one of resources/texts."""
        return str(self.own_texts[key]) if key in self.own_texts else texts.say(key)

    def key_of(self, values: Mapping[str, Any]) -> str:
        """The natural key of a row: the values of the key fields, joined."""
        if len(self.key) == 1:
            return str(values.get(self.key[0], ""))
        return "|".join([str(values.get(name, "")) for name in self.key])
