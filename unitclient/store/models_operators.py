"""Who works in this home, as a peewee model (see `models`)."""

from __future__ import annotations

from peewee import BooleanField, TextField

from unitclient.store.models import Table


class OperatorRow(Table):
    """One operator. `slot` is the key file's slot of one who is blocked (JSON), kept here meanwhile.

    `deputy_role` is the role of whoever this operator stands in for (`deputy_for`), up to and with `deputy_until`.
    """

    name = TextField(primary_key=True)
    role = TextField()
    blocked = BooleanField()
    must_change = BooleanField()
    slot = TextField()
    deputy_role = TextField()
    deputy_for = TextField()
    deputy_until = TextField()
    created_at = TextField()

    class Meta:
        table_name = "operator"
