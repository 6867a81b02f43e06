"""All tables and triggers of this version together: what the migrations must come to."""

from __future__ import annotations

from unitclient.store.models import (
    AttemptRow,
    BatchRow,
    DeclarationRow,
    DocumentRow,
    EventRow,
    FeedRow,
    ItemRow,
    JournalRow,
    OutboxRow,
    PersonNoteDueRow,
    PersonNoteRow,
    PersonRow,
    PersonWordsRow,
    SettingRow,
    Table,
    UnitRow,
)
from unitclient.store.models_operators import OperatorRow
from unitclient.store.models_registers import AnswerRow, AttachmentRow, EntryRow

TABLES: tuple[type[Table], ...] = (
    UnitRow,
    PersonRow,
    DeclarationRow,
    BatchRow,
    ItemRow,
    PersonNoteRow,
    PersonWordsRow,
    PersonNoteDueRow,
    EventRow,
    OutboxRow,
    AttemptRow,
    DocumentRow,
    FeedRow,
    SettingRow,
    JournalRow,
    EntryRow,
    AnswerRow,
    AttachmentRow,
    OperatorRow,
)
"""All tables, parents before children."""


def _frozen(table: str, what: str, columns: str = "") -> tuple[str, ...]:
    """Triggers that refuse to change (`columns`, or anything) or delete rows of a table."""
    of = f" OF {columns}" if columns else ""
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} BEGIN SELECT RAISE(ABORT, '{what}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{what}'); END",
    )


TRIGGERS: tuple[str, ...] = (
    *_frozen("journal", "the journal is append-only"),
    *_frozen("event", "a declaration''s history is append-only"),
    *_frozen("document", "a signed document never changes"),
    *_frozen("declaration", "a prepared declaration never changes", "id, unit, form, form_version, period, payload"),
    *_frozen("outbox", "a signed submission never changes", "submission_id, unit, container, sha256"),
    "CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment"
    " BEGIN SELECT RAISE(ABORT, 'a kept file never changes'); END",
    "CREATE TRIGGER person_words_stale AFTER UPDATE OF name, id_number, department ON person_note"
    " WHEN (old.name, old.id_number, old.department) IS NOT (new.name, new.id_number, new.department)"
    " BEGIN DELETE FROM person_words WHERE note = new.id; END",
)
"""What a fact is, the database itself defends: facts are added and never changed; words never outlive their truth."""
