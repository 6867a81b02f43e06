"""Declarations and their three tracks: transport is ours, acceptance and money move only by the centre's documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from unitclient.store import jsontext
from unitclient.store.models import DeclarationRow, DocumentRow, EventRow
from unitclient.store.store import Store
from unitclient.store.times import from_text, to_text
from unitclient.store.transport import Transport, check_step


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration. `id` is the submission id, `payload` the exact bytes of declaration.json, `period` "YYYY-MM".

    `totals` is {insurance: {"unit": fen, "person": fen}}. The tracks and `updated_at` are the store's to set.
    """

    id: str
    unit: str
    form: str
    form_version: str
    period: str
    payload: bytes = field(repr=False)
    row_count: int
    prepared_at: datetime
    kind: str = "original"
    supersedes: str | None = None
    requires: tuple[str, ...] = ()
    totals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    transport: Transport = Transport.DRAFT
    acceptance: str | None = None
    money: str | None = None
    acceptance_number: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a declaration. `track` is transport, acceptance or money; `source` local or centre."""

    declaration_id: str
    track: str
    state: str
    at: datetime
    source: str
    document_ref: str | None
    note: str


def add_declaration(store: Store, declaration: Declaration) -> None:
    """Record a prepared declaration, as a draft with its first event. Its content never changes afterwards."""
    store.change(DeclarationRow.insert(_columns(store, declaration)))
    _add_event(store, declaration.id, "transport", Transport.DRAFT, to_text(store.now()))


def get_declaration(store: Store, declaration_id: str) -> Declaration | None:
    """One declaration by its submission id, or None."""
    row = store.row(DeclarationRow.select().where(DeclarationRow.id == declaration_id))
    return None if row is None else _declaration(row)


def find_declarations(
    store: Store,
    unit: str,
    *,
    period: str | None = None,
    form: str | None = None,
    transport: Transport | None = None,
    supersedes: str | None = None,
    payloads: bool = True,
) -> list[Declaration]:
    """Declarations of a unit in the order they were prepared, narrowed by whatever is given.

    Without `payloads` those are left empty: a month of a large unit has megabytes.
    """
    narrow = {"period": period, "form": form, "transport": transport, "supersedes": supersedes}
    wanted = {name: str(value) for name, value in narrow.items() if value is not None}
    if not payloads:
        conditions = "".join(f" AND {name} = ?" for name in wanted)
        return find_briefs(store, unit, conditions, tuple(wanted.values()))
    query = DeclarationRow.select().where(DeclarationRow.unit == unit)
    for name, value in wanted.items():
        query = query.where(getattr(DeclarationRow, name) == value)
    return [_declaration(row) for row in store.rows(query.order_by(DeclarationRow.prepared_at, DeclarationRow.id))]


def find_briefs(store: Store, unit: str, conditions: str = "", arguments: tuple[str, ...] = ()) -> list[Declaration]:
    """Declarations without their payloads that meet SQL conditions (" AND period = ?"), from the index that holds them.

    Named, because SQLite would rather take an index that finds fewer rows, and read each through its payload.
    """
    columns = ", ".join(_ALL_BUT_PAYLOAD)
    sql = (
        f"SELECT {columns} FROM declaration INDEXED BY declaration_brief"  # noqa: S608 - this room's own texts
        f" WHERE unit = ?{conditions} ORDER BY prepared_at, id"
    )
    rows = store.connection.execute(sql, (unit, *arguments))
    return [_declaration(dict(zip(_ALL_BUT_PAYLOAD, row, strict=True))) for row in rows]


def set_transport(
    store: Store, declaration_id: str, state: Transport, *, note: str = "", document_ref: str | None = None
) -> bool:
    """Move the transport track; False when it stands there already. ValueError for a step that may not be.

    `note` is a code (an outcome, a reason), `document_ref` the receipt when the centre's word moved it.
    """
    now = _must_get(store, declaration_id)["transport"]
    if now == state:
        return False
    check_step(Transport(now), state)
    _set(store, declaration_id, transport=state.value)
    _add_event(store, declaration_id, "transport", state, to_text(store.now()), document_ref, note)
    return True


def set_acceptance(
    store: Store,
    declaration_id: str,
    state: str,
    *,
    document_ref: str,
    at: datetime,
    acceptance_number: str | None = None,
    note: str = "",
) -> bool:
    """Move the acceptance track, as the stored document `document_ref` of the centre says, at the centre's time.

    False when that document said so before. ValueError when the document is not stored.
    """
    if not _add_centre_event(store, declaration_id, "acceptance", state, document_ref, at, note):
        return False
    number = {} if acceptance_number is None else {"acceptance_number": acceptance_number}
    _set(store, declaration_id, acceptance=str(state), **number)
    return True


def set_money(
    store: Store, declaration_id: str, state: str, *, document_ref: str, at: datetime, note: str = ""
) -> bool:
    """Move the money track, as `set_acceptance` moves the other. `note` holds a bank's reason code."""
    if not _add_centre_event(store, declaration_id, "money", state, document_ref, at, note):
        return False
    _set(store, declaration_id, money=str(state))
    return True


def events(store: Store, declaration_id: str, track: str | None = None) -> list[Event]:
    """The history of a declaration, oldest first; of one track or of all."""
    query = EventRow.select().where(EventRow.declaration == declaration_id).order_by(EventRow.id)
    if track is not None:
        query = query.where(EventRow.track == track)
    return [
        Event(row["declaration"], row["track"], row["state"], from_text(row["at"]), row["source"], row["document_ref"],
              row["note"])
        for row in store.rows(query)
    ]  # fmt: skip


def _must_get(store: Store, declaration_id: str) -> dict[str, Any]:
    columns = (DeclarationRow.unit, DeclarationRow.transport)
    row = store.row(DeclarationRow.select(*columns).where(DeclarationRow.id == declaration_id))
    if row is None:
        raise ValueError(f"no declaration {declaration_id}")
    return row


def _set(store: Store, declaration_id: str, **columns: str) -> None:
    columns["updated_at"] = to_text(store.now())
    store.change(DeclarationRow.update(columns).where(DeclarationRow.id == declaration_id))


def _add_centre_event(
    store: Store, declaration_id: str, track: str, state: str, document_ref: str, at: datetime, note: str
) -> bool:
    unit = _must_get(store, declaration_id)["unit"]
    stored = DocumentRow.select(DocumentRow.id).where((DocumentRow.unit == unit) & (DocumentRow.ref == document_ref))
    if store.row(stored) is None:
        raise ValueError(f"{track} moves by a stored document of the centre only, not {document_ref!r}")
    said = EventRow.select(EventRow.id).where(
        (EventRow.declaration == declaration_id)
        & (EventRow.track == track)
        & (EventRow.document_ref == document_ref)
        & (EventRow.state == str(state))
    )
    if store.row(said) is not None:
        return False
    _add_event(store, declaration_id, track, str(state), to_text(at), document_ref, note)
    return True


def _add_event(
    store: Store, declaration_id: str, track: str, state: str, at: str, document_ref: str | None = None, note: str = ""
) -> None:
    store.change(
        EventRow.insert(
            declaration=declaration_id,
            track=track,
            state=str(state),
            at=at,
            source="local" if document_ref is None else "centre",
            document_ref=document_ref,
            note=note,
        )
    )


_ALL_BUT_PAYLOAD = tuple(name for name in DeclarationRow._meta.fields if name != "payload")


def _columns(store: Store, declaration: Declaration) -> dict[str, Any]:
    same = ("id", "unit", "form", "form_version", "period", "payload", "row_count", "kind", "supersedes")
    return {
        **{name: getattr(declaration, name) for name in same},
        "requires": jsontext.dump(declaration.requires),
        "totals": jsontext.dump(declaration.totals),
        "transport": Transport.DRAFT.value,
        "prepared_at": to_text(declaration.prepared_at),
        "updated_at": to_text(store.now()),
    }


def _declaration(row: dict[str, Any]) -> Declaration:
    return Declaration(
        **{
            **row,
            "payload": bytes(row.get("payload", b"")),
            "requires": tuple(jsontext.load(row["requires"])),
            "totals": jsontext.load(row["totals"]),
            "transport": Transport(row["transport"]),
            "prepared_at": from_text(row["prepared_at"]),
            "updated_at": from_text(row["updated_at"]),
        }
    )
