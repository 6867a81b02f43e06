"""Tables of what the centre keeps and answers, as peewee models (see `models`)."""

from __future__ import annotations

from peewee import AutoField, BlobField, CompositeKey, ForeignKeyField, TextField

from unitclient.store.models import Table, UnitRow


class EntryRow(Table):
    """One entry of a register, as the centre told it last. `entry_values` is a JSON object of the forms' fields."""

    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    register = TextField()
    key = TextField()
    state = TextField()
    entry_values = TextField()
    at = TextField()

    class Meta:
        table_name = "entry"
        primary_key = CompositeKey("unit", "register", "key")


class AttachmentRow(Table):
    """A file that goes with declarations, named by the SHA-256 of its bytes and its kind."""

    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    name = TextField()
    content = BlobField()
    at = TextField()

    class Meta:
        table_name = "attachment"
        primary_key = CompositeKey("unit", "name")


class AnswerRow(Table):
    """One answer of the centre to a query: its rows as JSON, when and by whom it was asked, and the signed document."""

    id = AutoField()
    unit = ForeignKeyField(UnitRow, column_name="unit", index=False)
    query = TextField()
    inputs = TextField()
    answer_rows = TextField()
    source = TextField()
    document = TextField()
    asked_by = TextField()
    at = TextField()

    class Meta:
        table_name = "answer"


AnswerRow.add_index(
    AnswerRow.index(AnswerRow.unit, AnswerRow.query, AnswerRow.inputs, AnswerRow.at, name="answer_newest")
)
