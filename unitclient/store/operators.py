"""The operators of a home: who they are and what role they have. Passwords are not here but in the key file's slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from unitclient.errors import UserError
from unitclient.store.models_operators import OperatorRow
from unitclient.store.slots import same_name
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. `deputy_*` are empty where they stand in for nobody; the last day counts.

    `must_change`: the password was set by somebody else, and has to be changed before anything is done with it.
    """

    name: str
    role: str
    blocked: bool = False
    must_change: bool = False
    deputy_role: str = ""
    deputy_for: str = ""
    deputy_until: date | None = None
    created_at: datetime | None = None

    def roles(self, today: date) -> tuple[str, ...]:
        """Their own role, and that of whom they stand in for today."""
        stands_in = self.deputy_until is not None and today <= self.deputy_until
        return (self.role, self.deputy_role) if stands_in else (self.role,)


def has_operators(store: Store) -> bool:
    """Whether this home has operators; without any it is one clerk's."""
    return store.connection.execute("SELECT 1 FROM operator LIMIT 1").fetchone() is not None


def list_operators(store: Store) -> list[Operator]:
    """All of them, in the order they were added."""
    return [_operator(row) for row in store.rows(OperatorRow.select().order_by(OperatorRow.created_at))]


def find_operator(store: Store, name: str) -> Operator | None:
    """One, by the name however it is typed; or None."""
    return next((one for one in list_operators(store) if same_name(one.name) == same_name(name)), None)


def get_operator(store: Store, name: str) -> Operator:
    """One; UserError operator-unknown."""
    found = find_operator(store, name)
    if found is None:
        raise UserError("operator-unknown", name=name)
    return found


def put_operator(store: Store, operator: Operator) -> None:
    """Add one or replace all that is known of one, inside a write; a kept slot stays."""
    columns = {
        "role": operator.role,
        "blocked": operator.blocked,
        "must_change": operator.must_change,
        "deputy_role": operator.deputy_role,
        "deputy_for": operator.deputy_for,
        "deputy_until": operator.deputy_until.isoformat() if operator.deputy_until else "",
    }
    if find_operator(store, operator.name) is None:
        made = {"name": operator.name, "slot": "", "created_at": to_text(store.now())}
        store.change(OperatorRow.insert({**columns, **made}))
    else:
        store.change(OperatorRow.update(columns).where(OperatorRow.name == operator.name))


def keep_slot(store: Store, name: str, slot: str) -> None:
    """Keep the slot of an operator who is blocked, inside a write; empty text forgets it."""
    store.change(OperatorRow.update(slot=slot).where(OperatorRow.name == name))


def kept_slot(store: Store, name: str) -> str:
    """The slot that is kept, or nothing."""
    row = store.row(OperatorRow.select(OperatorRow.slot).where(OperatorRow.name == name))
    return str(row["slot"]) if row else ""


def admit(store: Store, name: str) -> None:
    """Let an operator work at this store: the journal names them. UserError operator-unknown, operator-blocked.

    A home that knows no operators takes anybody (a backup of a time before there were any).
    """
    if not name or not has_operators(store):
        return
    operator = get_operator(store, name)
    if operator.blocked:
        raise UserError("operator-blocked", name=operator.name)
    store.operator = store.actor = operator.name


def _operator(row: dict[str, object]) -> Operator:
    until = str(row["deputy_until"])
    return Operator(
        name=str(row["name"]),
        role=str(row["role"]),
        blocked=bool(row["blocked"]),
        must_change=bool(row["must_change"]),
        deputy_role=str(row["deputy_role"]),
        deputy_for=str(row["deputy_for"]),
        deputy_until=date.fromisoformat(until) if until else None,
        created_at=from_text(str(row["created_at"])),
    )
