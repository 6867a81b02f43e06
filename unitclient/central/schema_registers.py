"""Tables that came with schema 2: registers, charges, and what the bureau's desk decides."""

from __future__ import annotations

REGISTERS = """
CREATE TABLE entry (                     -- what the registers hold (domain/registers.py)
    unit_number TEXT NOT NULL REFERENCES unit,
    register TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    record TEXT NOT NULL,                -- JSON of its values
    at TEXT NOT NULL,
    PRIMARY KEY (unit_number, register, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_of_register ON entry (register, state);

CREATE TABLE entry_change (              -- what a submission did to entries, so that a void can undo it
    unit_number TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    register TEXT NOT NULL,
    key TEXT NOT NULL,
    before TEXT,                         -- JSON of [state, values]; NULL where there was no entry
    after TEXT NOT NULL,
    PRIMARY KEY (unit_number, submission_id, register, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE charge (                    -- what accepted rows of a form with a [charge] cost
    unit_number TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    row INTEGER NOT NULL,
    insurance TEXT NOT NULL,
    period TEXT NOT NULL,
    unit_fen INTEGER NOT NULL,
    person_fen INTEGER NOT NULL,
    PRIMARY KEY (unit_number, submission_id, row, insurance, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (                   -- what the bureau's desk decided on a submission that waited for it
    unit_number TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    returned INTEGER NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (unit_number, submission_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE asked (                     -- when a unit asked a question last
    unit_number TEXT NOT NULL,
    query TEXT NOT NULL,
    inputs TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (unit_number, query, inputs)
) STRICT, WITHOUT ROWID;

CREATE TABLE ordinary (                  -- units whose submissions the desk looks at where the form says so
    unit_number TEXT PRIMARY KEY REFERENCES unit
) STRICT, WITHOUT ROWID;
"""
