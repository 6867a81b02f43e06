"""The registers that forms may move: resources/registers/<name>.toml. The members are told in docs/forms.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from unitclient.catalog.model import Bilingual
from unitclient.catalog.sections import Section
from unitclient.domain.registers import Entry

MARKS = ("ok", "warn", "err", "info", "off")
"""How a state is shown: its colour and sign."""


@dataclass(frozen=True, slots=True)
class RegisterState:
    """One state of an entry: its word in documents, its title, and how it is marked."""

    word: str
    title: Bilingual
    mark: str


@dataclass(frozen=True, slots=True)
class Step:
    """What the bureau's desk does with an entry: from which states to which, under which name.

    `asks` are values that the desk gives with it (a number that was issued, an answer).
    """

    name: str
    title: Bilingual
    sources: frozenset[str]
    target: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """How many entries fit: entries that agree in the fields `by` and are in one of `states`, at most `most`."""

    by: tuple[str, ...]
    states: frozenset[str]
    most: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What belongs to a person or thing, whichever unit asked: an entry that is new in one unit takes over `gives` and
    the state of another unit's entry of the same key in `state`, when both agree in `same`.
    """

    state: str
    same: tuple[str, ...]
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """Entries that come to `state` are papers: the centre numbers them, with a code to verify by, valid `days` days."""

    state: str
    days: int


@dataclass(frozen=True, slots=True)
class FollowsBill:
    """Entries whose key is a bill's number go from `source` to `paid` or `failed` when the debit's result is known."""

    source: str
    paid: str
    failed: str


@dataclass(frozen=True, slots=True)
class PaysOut:
    """Entries for which the bureau pays money out come to `paid` or `failed` when the bank's word is known."""

    paid: str
    failed: str


@dataclass(frozen=True, slots=True)
class Renumbers:
    """An entry that comes to `state` gives its person another number, when its value `item` is `code`: the number in
    its value `after`.
    """

    state: str
    item: str
    code: str
    after: str


@dataclass(frozen=True, slots=True)
class Debit:
    """Debits rest on an entry in one of `states`; `limit` and `account` are its values for the most the bank takes at
    a time (fen) and for the account's number, or "".
    """

    states: frozenset[str]
    limit: str
    account: str


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """Entries in one of `states` limit debits of the account whose number ends with the value `tail`: `single` fen at a
    time, `day` fen a day, from the day in `since` on.
    """

    states: frozenset[str]
    tail: str
    single: str
    day: str
    since: str


@dataclass(frozen=True, slots=True)
class Register:
    """A register by name. `columns` are the values shown in its list, with their titles; `person` is the value that
    is a person's number, or "". `insured`: keys are insurances, and the unit takes part in those in one of the states.
    """

    name: str
    title: Bilingual
    source: str
    states: Mapping[str, RegisterState]
    steps: Mapping[str, Step]
    columns: Mapping[str, Bilingual]
    person: str
    places: Places | None
    shared: Shared | None = None
    issue: Issue | None = None
    follows_bill: FollowsBill | None = None
    debit: Debit | None = None
    insured: frozenset[str] = frozenset()
    pays_out: PaysOut | None = None
    renumbers: Renumbers | None = None
    limits: AccountLimits | None = None
    trail: bool = False
    """Whether the entry keeps every step of the desk, in its value `trail`."""

    def state_title(self, word: str) -> str:
        """The title of a state in the language of the program; the word itself when nobody knows it."""
        known = self.states.get(word)
        return str(known.title) if known else word


def load_registers(resources_root: Path) -> Mapping[str, Register]:
    """All registers by name. UserError form-broken for a file that is wrong, with file, line and reason."""
    folder = resources_root / "registers"
    found = {}
    for path in sorted(folder.glob("*.toml")):
        top = Section.read(path, f"registers/{path.name}")
        register = _register(top, path.stem)
        found[register.name] = register
    return MappingProxyType(found)


def _register(top: Section, stem: str) -> Register:
    if top.word("name") != stem:
        top.refuse("name", "not-the-folder", value=top.word("name"), wanted=stem)
    states = {part.word("word"): _state(part) for part in top.sections("state")}
    if not states:
        top.refuse("", "missing", member="state")
    columns = top.section("columns")
    register = Register(
        name=stem,
        title=top.bilingual("title"),
        source=top.text("source"),
        states=MappingProxyType(states),
        steps=MappingProxyType({part.word("name"): _step(part, states) for part in top.sections("step")}),
        columns=MappingProxyType({name: columns.bilingual(name) for name in columns.content}),
        person=top.word("person", ""),
        places=_places(top, states),
        shared=_shared(top, states),
        issue=_issue(top, states),
        follows_bill=_follows_bill(top, states),
        debit=_debit(top, states),
        insured=_insured(top, states),
        pays_out=_pays_out(top, states),
        renumbers=_renumbers(top, states),
        limits=_limits(top, states),
        trail=top.flag("trail", False),
    )
    top.finish()
    return register


def _state(part: Section) -> RegisterState:
    state = RegisterState(
        part.word("word"), part.bilingual("title"), part.choice("mark", {mark: mark for mark in MARKS})
    )
    part.finish()
    return state


def _step(part: Section, states: Mapping[str, RegisterState]) -> Step:
    step = Step(
        name=part.word("name"),
        title=part.bilingual("title"),
        sources=frozenset(_known(part, "from", states)),
        target=part.choice("to", {word: word for word in states}),
        asks=part.texts("asks"),
    )
    part.finish()
    return step


def _places(top: Section, states: Mapping[str, RegisterState]) -> Places | None:
    if not top.has("places"):
        return None
    part = top.section("places")
    places = Places(
        part.texts("by", None), frozenset(_known(part, "states", states)), part.number("most", 1, 1, 10_000)
    )
    part.finish()
    return places


def _shared(top: Section, states: Mapping[str, RegisterState]) -> Shared | None:
    if not top.has("shared"):
        return None
    part = top.section("shared")
    shared = Shared(
        part.choice("state", {word: word for word in states}), part.texts("same", None), part.texts("gives", None)
    )
    part.finish()
    return shared


def _issue(top: Section, states: Mapping[str, RegisterState]) -> Issue | None:
    if not top.has("issue"):
        return None
    part = top.section("issue")
    issue = Issue(part.choice("state", {word: word for word in states}), part.number("days", 90, 1, 3650))
    part.finish()
    return issue


def _follows_bill(top: Section, states: Mapping[str, RegisterState]) -> FollowsBill | None:
    if not top.has("follows_bill"):
        return None
    part, words = top.section("follows_bill"), {word: word for word in states}
    follows = FollowsBill(part.choice("from", words), part.choice("paid", words), part.choice("failed", words))
    part.finish()
    return follows


def _pays_out(top: Section, states: Mapping[str, RegisterState]) -> PaysOut | None:
    if not top.has("pays_out"):
        return None
    part, words = top.section("pays_out"), {word: word for word in states}
    pays = PaysOut(part.choice("paid", words), part.choice("failed", words))
    part.finish()
    return pays


def _renumbers(top: Section, states: Mapping[str, RegisterState]) -> Renumbers | None:
    if not top.has("renumbers"):
        return None
    part, words = top.section("renumbers"), {word: word for word in states}
    found = Renumbers(part.choice("state", words), part.word("item"), part.text("code"), part.word("after"))
    part.finish()
    return found


def _debit(top: Section, states: Mapping[str, RegisterState]) -> Debit | None:
    if not top.has("debit"):
        return None
    part = top.section("debit")
    debit = Debit(frozenset(_known(part, "states", states)), part.word("limit", ""), part.word("account", ""))
    part.finish()
    return debit


def _limits(top: Section, states: Mapping[str, RegisterState]) -> AccountLimits | None:
    if not top.has("limits"):
        return None
    part = top.section("limits")
    limits = AccountLimits(
        frozenset(_known(part, "states", states)), *(part.word(name) for name in ("tail", "single", "day", "since"))
    )
    part.finish()
    return limits


def _insured(top: Section, states: Mapping[str, RegisterState]) -> frozenset[str]:
    if not top.has("insured"):
        return frozenset()
    part = top.section("insured")
    insured = frozenset(_known(part, "states", states))
    part.finish()
    return insured


def insurances_by(registers: Mapping[str, Register], base: Iterable[str], entries: Iterable[Entry]) -> tuple[str, ...]:
    """The unit's insurances: those it was opened with, as the entries of registers with [insured] changed them."""
    taken = dict.fromkeys(base)
    for entry in entries:
        insured = registers[entry.register].insured
        if entry.state in insured:
            taken[entry.key] = None
        elif insured:
            taken.pop(entry.key, None)
    return tuple(taken)


def _known(part: Section, key: str, states: Mapping[str, RegisterState]) -> tuple[str, ...]:
    words = part.texts(key, None)
    for word in words:
        if word not in states:
            part.refuse(key, "unknown", value=word, known=", ".join(states))
    return words
