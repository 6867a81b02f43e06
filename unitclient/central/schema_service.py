"""Tables that came with schema 3: dates the bureau sets, and messages that leave for subscribers."""

from __future__ import annotations

SERVICE = """
CREATE TABLE published_dates (           -- a month's dates as the bureau set them, in the calendar's own form
    region TEXT NOT NULL,
    period TEXT NOT NULL,
    entry TEXT NOT NULL,                 -- JSON of the calendar document's entry
    PRIMARY KEY (region, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_out (               -- the simulated gateway's outbox: nothing leaves this computer
    id INTEGER PRIMARY KEY,
    unit_number TEXT NOT NULL REFERENCES unit,
    topic TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    body TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX message_out_of ON message_out (unit_number);
"""
