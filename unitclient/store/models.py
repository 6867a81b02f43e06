"""The tables, as peewee models: names, types, keys and indexes, and no business rule.

Migrations make the tables (models never do, outside tests); a test compares both. Queries are executed on the
database of an open Store (`queries`), so a model is bound to none. Times are texts (`times`), JSON is text
(`jsontext`), money is an integer of fen, insurances are the words of the domain.
"""

from __future__ import annotations

from peewee import (
    SQL,
    AutoField,
    BlobField,
    BooleanField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class Table(Model):
    """Base of all tables: STRICT, so that a column holds its declared type only."""

    class Meta:
        strict_tables = True
        legacy_table_names = False


class UnitRow(Table):
    """An employer unit this computer declares for, its centre, and the device key that reads there."""

    unit_number = TextField(primary_key=True)
    uscc = TextField()
    name = TextField()
    region = TextField()
    centre_url = TextField()
    service = TextField()
    ca_pem = TextField()
    practice = BooleanField()
    key_ref = TextField()
    certificate_der = BlobField()
    insurances = TextField()
    device_id = TextField()
    device_key = BlobField()
    operator = TextField()
    created_at = TextField()
    selected = BooleanField()

    class Meta:
        table_name = "unit"


UnitRow.add_index(UnitRow.index(UnitRow.selected, unique=True, where=SQL("selected = 1"), name="unit_selected"))


class PersonRow(Table):
    """One insured person of the roster, as the centre confirmed it.

    `coverage` is [[insurance, since, until or null], ...] in the order the insurances were taken up.
    """

    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    id_number = TextField()
    id_kind = TextField()
    name = TextField()
    wage_fen = IntegerField()
    state = TextField()
    coverage = TextField()
    since = TextField(null=True)
    wage_since = TextField(null=True)
    updated_at = TextField()

    class Meta:
        table_name = "person"
        primary_key = CompositeKey("unit", "id_number")


PersonRow.add_index(PersonRow.index(PersonRow.unit, PersonRow.name, name="person_name"))


class DeclarationRow(Table):
    """One declaration: the exact bytes that are signed, and where its three tracks stand."""

    id = TextField(primary_key=True)
    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    form = TextField()
    form_version = TextField()
    period = TextField()
    kind = TextField()
    supersedes = TextField(null=True)
    requires = TextField()
    payload = BlobField()
    totals = TextField()
    row_count = IntegerField()
    transport = TextField()
    acceptance = TextField(null=True)
    money = TextField(null=True)
    acceptance_number = TextField(null=True)
    prepared_at = TextField()
    updated_at = TextField()

    class Meta:
        table_name = "declaration"


DeclarationRow.add_index(
    DeclarationRow.index(DeclarationRow.unit, DeclarationRow.period, DeclarationRow.form, name="declaration_period")
)
# All but the payload, which lies in the middle of the row and would be read through to what stands behind it.
DeclarationRow.add_index(
    DeclarationRow.index(
        DeclarationRow.unit, DeclarationRow.prepared_at, DeclarationRow.id, DeclarationRow.form,
        DeclarationRow.form_version, DeclarationRow.period, DeclarationRow.kind, DeclarationRow.supersedes,
        DeclarationRow.requires, DeclarationRow.totals, DeclarationRow.row_count, DeclarationRow.transport,
        DeclarationRow.acceptance, DeclarationRow.money, DeclarationRow.acceptance_number, DeclarationRow.updated_at,
        name="declaration_brief",
    )
)  # fmt: skip


class BatchRow(Table):
    """Rows that were staged together: the names of their values, in order (JSON), and the file they came from."""

    id = AutoField()
    fields = TextField()
    source_sha256 = TextField()

    class Meta:
        table_name = "batch"


class ItemRow(Table):
    """One staged row of a form. `row_values` is a JSON list in the order of its batch's fields.

    `declaration_row` is its 0-based place in the declaration that took it.
    """

    id = AutoField()
    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    form = TextField()
    form_version = TextField()
    key = TextField()
    person_id = TextField()
    effect_month = TextField()
    row_values = TextField()
    state = TextField()
    declaration = ForeignKeyField(DeclarationRow, column_name="declaration", null=True, index=False)
    declaration_row = IntegerField(null=True)
    findings = TextField()
    batch = ForeignKeyField(BatchRow, column_name="batch", index=False)
    source_row = IntegerField()
    created_at = TextField()
    updated_at = TextField()

    class Meta:
        table_name = "item"


OPEN_ITEM = SQL("state IN ('pending', 'declared')")
ItemRow.add_index(
    ItemRow.index(ItemRow.unit, ItemRow.form, ItemRow.key, unique=True, where=OPEN_ITEM, name="item_open")
)
IN_DECLARATION = SQL("declaration IS NOT NULL")
ItemRow.add_index(
    ItemRow.index(ItemRow.declaration, ItemRow.declaration_row, where=IN_DECLARATION, name="item_declaration")
)
ItemRow.add_index(ItemRow.index(ItemRow.unit, ItemRow.state, ItemRow.form, name="item_state"))
ItemRow.add_index(ItemRow.index(ItemRow.unit, ItemRow.person_id, name="item_person"))
LIVE_ITEM = SQL("state IN ('pending', 'declared', 'refused')")
ItemRow.add_index(ItemRow.index(ItemRow.unit, ItemRow.person_id, where=LIVE_ITEM, name="item_live"))
HAS_FINDINGS = SQL("findings <> '[]'")
ItemRow.add_index(ItemRow.index(ItemRow.unit, ItemRow.person_id, where=HAS_FINDINGS, name="item_finding"))


class EventRow(Table):
    """One step of a declaration on one track. Only the centre moves the second and third, by a signed document."""

    id = AutoField()
    declaration = ForeignKeyField(DeclarationRow, column_name="declaration", index=False)
    track = TextField()
    state = TextField()
    at = TextField()
    source = TextField()
    document_ref = TextField(null=True)
    note = TextField()

    class Meta:
        table_name = "event"
        constraints = (
            Check("track IN ('transport', 'acceptance', 'money')"),
            Check("source IN ('local', 'centre')"),
            Check("track = 'transport' OR (source = 'centre' AND document_ref IS NOT NULL)"),
        )


EventRow.add_index(
    EventRow.index(EventRow.declaration, EventRow.track, EventRow.document_ref, EventRow.state, name="event_step")
)


class OutboxRow(Table):
    """One submission in the durable queue: the signed bytes, and what became of each attempt to send them."""

    submission_id = ForeignKeyField(
        DeclarationRow, column_name="submission_id", primary_key=True, object_id_name="submission", index=False
    )
    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    container = BlobField()
    sha256 = TextField()
    deadline = TextField(null=True)
    total_fen = IntegerField()
    state = TextField()
    attempts = IntegerField()
    next_at = TextField(null=True)
    last_code = TextField()
    last_at = TextField(null=True)
    claimed_by = TextField()
    receipt = BlobField(null=True)
    receipt_cms = BlobField(null=True)
    queued_at = TextField()

    class Meta:
        table_name = "outbox"


OutboxRow.add_index(OutboxRow.index(OutboxRow.state, OutboxRow.next_at, name="outbox_due"))


class AttemptRow(Table):
    """One attempt to send a submission and its outcome: the record to show when the centre was out."""

    id = AutoField()
    submission_id = TextField(index=True)
    at = TextField()
    code = TextField()

    class Meta:
        table_name = "attempt"


class DocumentRow(Table):
    """One signed document of the centre, byte for byte."""

    id = AutoField()
    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    ref = TextField()
    kind = TextField()
    submission_id = TextField(null=True)
    document = BlobField()
    cms = BlobField()
    sha256 = TextField()
    received_at = TextField()

    class Meta:
        table_name = "document"


DocumentRow.add_index(DocumentRow.index(DocumentRow.unit, DocumentRow.ref, unique=True, name="document_ref"))
DocumentRow.add_index(DocumentRow.index(DocumentRow.unit, DocumentRow.kind, name="document_kind"))
DocumentRow.add_index(DocumentRow.index(DocumentRow.submission_id, name="document_submission"))


class PersonNoteRow(Table):
    """Somebody of a unit as the lists on the screen have them: confirmed, or arriving by an open row of `origin`.

    Derived from the tables person and item (`person_notes`), but for `department`, which the unit's own sheets bring.
    `sort_key` is made from the name; `wage_fen` and `since` are as confirmed or declared.
    """

    id = AutoField()
    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    id_number = TextField()
    name = TextField()
    sort_key = TextField()
    department = TextField()
    state = TextField()
    wage_fen = IntegerField(null=True)
    since = TextField(null=True)
    origin = TextField()

    class Meta:
        table_name = "person_note"


PersonNoteRow.add_index(
    PersonNoteRow.index(PersonNoteRow.unit, PersonNoteRow.id_number, unique=True, name="person_note_number")
)
for _name, _column in (
    ("order", PersonNoteRow.id_number),
    ("name", PersonNoteRow.sort_key),
    ("wage", PersonNoteRow.wage_fen),
    ("department", PersonNoteRow.department),
    ("state", PersonNoteRow.state),
    ("since", PersonNoteRow.since),
):
    # With the origin an index holds all that listing everybody asks for.
    PersonNoteRow.add_index(
        PersonNoteRow.index(PersonNoteRow.unit, _column, PersonNoteRow.origin, name=f"person_note_{_name}")
    )


class PersonWordsRow(Table):
    """What somebody is found by, made from name, number and department. Absent while it is to be made anew."""

    note = ForeignKeyField(PersonNoteRow, column_name="note", primary_key=True, index=False, on_delete="CASCADE")
    words = TextField()

    class Meta:
        table_name = "person_words"


class PersonNoteDueRow(Table):
    """Notes to be derived anew: persons or rows of `form` written at `at`, those that are gone, or all of a unit."""

    id = AutoField()
    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    what = TextField()
    form = TextField()
    at = TextField()

    class Meta:
        table_name = "person_note_due"


class FeedRow(Table):
    """How far a unit's change feed was read."""

    unit = ForeignKeyField(UnitRow, column_name="unit", primary_key=True, index=False)
    cursor = TextField()
    updated_at = TextField()

    class Meta:
        table_name = "feed"


class SettingRow(Table):
    """One setting; `value` is JSON."""

    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "setting"


class JournalRow(Table):
    """One act: append-only, each entry chained to the one before by its hash."""

    seq = IntegerField(primary_key=True)
    at = TextField()
    act = TextField()
    subject = TextField()
    detail = TextField()
    actor = TextField()
    prev_hash = TextField()
    hash = TextField()

    class Meta:
        table_name = "journal"


JournalRow.add_index(JournalRow.index(JournalRow.act, name="journal_act"))
