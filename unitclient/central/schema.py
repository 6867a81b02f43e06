"""The centre's tables. One database file, `centre.db`, SQLite in WAL mode with full durability.

Rows of submissions, documents and feeds are never changed in what they say; a decision is a new document.
"""

from __future__ import annotations

SCHEMA_VERSION = 4

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE unit (
    unit_number TEXT PRIMARY KEY,
    uscc TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    insurances TEXT NOT NULL,            -- JSON list of insurance words
    account_tail TEXT NOT NULL,          -- last four digits of the account debits go to
    opened_at TEXT NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0  -- last number of the unit's feed: a counter, so that it has no gaps
) STRICT;

CREATE TABLE certificate (
    sha256 TEXT PRIMARY KEY,
    unit_number TEXT NOT NULL REFERENCES unit,
    der BLOB NOT NULL,
    serial TEXT NOT NULL UNIQUE,
    not_after TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE TABLE submission (
    unit_number TEXT NOT NULL REFERENCES unit,
    submission_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    container BLOB NOT NULL,
    form TEXT NOT NULL,
    form_version TEXT NOT NULL,
    period TEXT NOT NULL,
    kind TEXT NOT NULL,
    supersedes TEXT,
    requires TEXT NOT NULL,              -- JSON list of submission ids
    declared_fen INTEGER NOT NULL,       -- sum of the header's totals
    received_at TEXT NOT NULL,
    deadline TEXT,
    timely INTEGER NOT NULL,
    signer_sha256 TEXT NOT NULL,
    acceptance_number TEXT NOT NULL UNIQUE,
    receipt_ref TEXT NOT NULL,
    acceptance TEXT NOT NULL,            -- word of protocol.Acceptance
    money TEXT,                          -- word of protocol.Money
    effective INTEGER NOT NULL DEFAULT 0,
    step TEXT NOT NULL,                  -- what the worker does next; '' when nothing is left to do
    due_at TEXT NOT NULL,
    PRIMARY KEY (unit_number, submission_id)
) STRICT;
CREATE INDEX submission_to_do ON submission (due_at) WHERE step <> '';
CREATE INDEX submission_id ON submission (submission_id);
CREATE UNIQUE INDEX one_effective_month ON submission (unit_number, period) WHERE form = 'monthly' AND effective = 1;

CREATE TABLE document (
    ref TEXT PRIMARY KEY,
    unit_number TEXT NOT NULL,           -- '' for what is said to everybody
    kind TEXT NOT NULL,
    submission_id TEXT,
    document BLOB NOT NULL,
    cms BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX document_of ON document (unit_number, kind, submission_id);

CREATE TABLE feed (
    unit_number TEXT NOT NULL REFERENCES unit,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    submission_id TEXT,
    ref TEXT NOT NULL REFERENCES document,
    at TEXT NOT NULL,
    PRIMARY KEY (unit_number, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    unit_number TEXT NOT NULL REFERENCES unit,
    id_number TEXT NOT NULL,
    state TEXT NOT NULL,
    record TEXT NOT NULL,                -- JSON of the person as the centre holds it (central/roster.py)
    PRIMARY KEY (unit_number, id_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster_change (             -- what a submission did to the roster, so that a void can undo it
    unit_number TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    id_number TEXT NOT NULL,
    before TEXT,
    after TEXT NOT NULL,
    PRIMARY KEY (unit_number, submission_id, id_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE once (                      -- accepted items of forms that may be declared once (a year): form key
    unit_number TEXT NOT NULL,
    form TEXT NOT NULL,
    key TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    PRIMARY KEY (unit_number, form, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE line (                      -- accepted amounts, one person x insurance x period
    unit_number TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    id_number TEXT NOT NULL,
    insurance TEXT NOT NULL,
    period TEXT NOT NULL,
    base_fen INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    person_fen INTEGER NOT NULL,
    PRIMARY KEY (unit_number, submission_id, id_number, insurance, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE bill (
    bill_id TEXT PRIMARY KEY,
    unit_number TEXT NOT NULL REFERENCES unit,
    submission_id TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    period TEXT NOT NULL,
    total_fen INTEGER NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,                 -- open, debiting, debited, cancelled
    UNIQUE (unit_number, submission_id)
) STRICT;

CREATE TABLE debit (
    debit_id TEXT PRIMARY KEY,
    bill_id TEXT NOT NULL REFERENCES bill,
    attempt INTEGER NOT NULL,
    state TEXT NOT NULL,                 -- debiting, debited, debit-failed
    code TEXT NOT NULL,
    bank_ref TEXT NOT NULL,
    started_at TEXT NOT NULL,
    UNIQUE (bill_id, attempt)
) STRICT;
CREATE UNIQUE INDEX one_open_debit ON debit (bill_id) WHERE state <> 'debit-failed';

CREATE TABLE posting (                   -- what was credited to a person's account
    unit_number TEXT NOT NULL,
    bill_id TEXT NOT NULL REFERENCES bill,
    id_number TEXT NOT NULL,
    insurance TEXT NOT NULL,
    period TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (unit_number, bill_id, id_number, insurance, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    device_id TEXT PRIMARY KEY,
    unit_number TEXT NOT NULL REFERENCES unit,
    public_key BLOB NOT NULL,
    name TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL REFERENCES certificate,
    enrolled_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE TABLE challenge (
    challenge BLOB PRIMARY KEY,
    unit_number TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;

-- The simulated bank's own book. The centre reads it only through central/bank.py.
CREATE TABLE bank_account (
    unit_number TEXT PRIMARY KEY REFERENCES unit,
    behaviour TEXT NOT NULL,
    balance_fen INTEGER NOT NULL,
    resolves_to TEXT NOT NULL,
    resolve_after_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE bank_transaction (
    key TEXT PRIMARY KEY,                -- bill number and attempt: the bank books one key once
    unit_number TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    code TEXT NOT NULL,
    serial TEXT NOT NULL,
    booked_at TEXT NOT NULL,
    known_from TEXT NOT NULL             -- before this instant the bank answers K11
) STRICT;
"""
