"""Version 1: the first release's tables."""

from __future__ import annotations

from typing import Any

_STATEMENTS = (
    """
    CREATE TABLE unit (
      unit_number TEXT NOT NULL PRIMARY KEY,
      uscc TEXT NOT NULL,
      name TEXT NOT NULL,
      region TEXT NOT NULL,
      centre_url TEXT NOT NULL,
      service TEXT NOT NULL,
      ca_pem TEXT NOT NULL,
      practice INTEGER NOT NULL,
      key_ref TEXT NOT NULL,
      certificate_der BLOB NOT NULL,
      insurances TEXT NOT NULL,
      device_id TEXT NOT NULL,
      device_key BLOB NOT NULL,
      operator TEXT NOT NULL,
      created_at TEXT NOT NULL,
      selected INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX unit_selected ON unit (selected) WHERE selected = 1",
    """
    CREATE TABLE person (
      unit TEXT NOT NULL,
      id_number TEXT NOT NULL,
      id_kind TEXT NOT NULL,
      name TEXT NOT NULL,
      wage_fen INTEGER NOT NULL,
      state TEXT NOT NULL,
      coverage TEXT NOT NULL,
      since TEXT,
      wage_since TEXT,
      updated_at TEXT NOT NULL,
      PRIMARY KEY (unit, id_number),
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE INDEX person_name ON person (unit, name)",
    """
    CREATE TABLE declaration (
      id TEXT NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      form TEXT NOT NULL,
      form_version TEXT NOT NULL,
      period TEXT NOT NULL,
      kind TEXT NOT NULL,
      supersedes TEXT,
      requires TEXT NOT NULL,
      payload BLOB NOT NULL,
      totals TEXT NOT NULL,
      row_count INTEGER NOT NULL,
      transport TEXT NOT NULL,
      acceptance TEXT,
      money TEXT,
      acceptance_number TEXT,
      prepared_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE INDEX declaration_period ON declaration (unit, period, form)",
    """
    CREATE TABLE item (
      id INTEGER NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      form TEXT NOT NULL,
      form_version TEXT NOT NULL,
      key TEXT NOT NULL,
      person_id TEXT NOT NULL,
      effect_month TEXT NOT NULL,
      row_values TEXT NOT NULL,
      state TEXT NOT NULL,
      declaration TEXT,
      declaration_row INTEGER,
      findings TEXT NOT NULL,
      source_sha256 TEXT NOT NULL,
      source_row INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number),
      FOREIGN KEY (declaration) REFERENCES declaration (id)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX item_open ON item (unit, form, key) WHERE state IN ('pending', 'declared')",
    "CREATE INDEX item_declaration ON item (declaration, declaration_row) WHERE declaration IS NOT NULL",
    "CREATE INDEX item_state ON item (unit, state, form)",
    """
    CREATE TABLE event (
      id INTEGER NOT NULL PRIMARY KEY,
      declaration TEXT NOT NULL,
      track TEXT NOT NULL,
      state TEXT NOT NULL,
      at TEXT NOT NULL,
      source TEXT NOT NULL,
      document_ref TEXT,
      note TEXT NOT NULL,
      FOREIGN KEY (declaration) REFERENCES declaration (id),
      CHECK (track IN ('transport', 'acceptance', 'money')),
      CHECK (source IN ('local', 'centre')),
      CHECK (track = 'transport' OR (source = 'centre' AND document_ref IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX event_step ON event (declaration, track, document_ref, state)",
    """
    CREATE TABLE outbox (
      submission_id TEXT NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      container BLOB NOT NULL,
      sha256 TEXT NOT NULL,
      deadline TEXT,
      total_fen INTEGER NOT NULL,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      next_at TEXT,
      last_code TEXT NOT NULL,
      last_at TEXT,
      claimed_by TEXT NOT NULL,
      receipt BLOB,
      receipt_cms BLOB,
      queued_at TEXT NOT NULL,
      FOREIGN KEY (submission_id) REFERENCES declaration (id),
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE INDEX outbox_due ON outbox (state, next_at)",
    """
    CREATE TABLE attempt (
      id INTEGER NOT NULL PRIMARY KEY,
      submission_id TEXT NOT NULL,
      at TEXT NOT NULL,
      code TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX attempt_submission_id ON attempt (submission_id)",
    """
    CREATE TABLE document (
      id INTEGER NOT NULL PRIMARY KEY,
      unit TEXT NOT NULL,
      ref TEXT NOT NULL,
      kind TEXT NOT NULL,
      submission_id TEXT,
      document BLOB NOT NULL,
      cms BLOB NOT NULL,
      sha256 TEXT NOT NULL,
      received_at TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX document_ref ON document (unit, ref)",
    "CREATE INDEX document_kind ON document (unit, kind)",
    "CREATE INDEX document_submission ON document (submission_id)",
    """
    CREATE TABLE feed (
      unit TEXT NOT NULL PRIMARY KEY,
      cursor TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      FOREIGN KEY (unit) REFERENCES unit (unit_number)
    ) STRICT
    """,
    """
    CREATE TABLE setting (
      key TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE journal (
      seq INTEGER NOT NULL PRIMARY KEY,
      at TEXT NOT NULL,
      act TEXT NOT NULL,
      subject TEXT NOT NULL,
      detail TEXT NOT NULL,
      actor TEXT NOT NULL,
      prev_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT
    """,
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal"
    " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal"
    " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event"
    " BEGIN SELECT RAISE(ABORT, 'a declaration''s history is append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event"
    " BEGIN SELECT RAISE(ABORT, 'a declaration''s history is append-only'); END",
    "CREATE TRIGGER document_no_update BEFORE UPDATE ON document"
    " BEGIN SELECT RAISE(ABORT, 'a signed document never changes'); END",
    "CREATE TRIGGER document_no_delete BEFORE DELETE ON document"
    " BEGIN SELECT RAISE(ABORT, 'a signed document never changes'); END",
    "CREATE TRIGGER declaration_no_update BEFORE UPDATE OF id, unit, form, form_version, period, payload ON declaration"
    " BEGIN SELECT RAISE(ABORT, 'a prepared declaration never changes'); END",
    "CREATE TRIGGER declaration_no_delete BEFORE DELETE ON declaration"
    " BEGIN SELECT RAISE(ABORT, 'a prepared declaration never changes'); END",
    "CREATE TRIGGER outbox_no_update BEFORE UPDATE OF submission_id, unit, container, sha256 ON outbox"
    " BEGIN SELECT RAISE(ABORT, 'a signed submission never changes'); END",
    "CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox"
    " BEGIN SELECT RAISE(ABORT, 'a signed submission never changes'); END",
)


def apply(connection: Any) -> None:
    """Make all tables, indexes and triggers in the caller's transaction."""
    for statement in _STATEMENTS:
        connection.execute(statement)
