"""Tables that came with schema 3: what leaves or changes its month after it arrived, refunds, changed identities.

Lines, charges and postings are kept as they were told; `arrived` and `credited` are what they come to with every later
booking, under the number that the person has now.
"""

from __future__ import annotations

LEDGER = """
ALTER TABLE charge ADD COLUMN id_number TEXT NOT NULL DEFAULT '';
ALTER TABLE charge ADD COLUMN account_fen INTEGER NOT NULL DEFAULT 0;

CREATE TABLE booking (                   -- opposite lines: money that left a month of a person, or came to it
    unit_number TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    row INTEGER NOT NULL,
    id_number TEXT NOT NULL,
    insurance TEXT NOT NULL,
    period TEXT NOT NULL,
    base_fen INTEGER NOT NULL,
    unit_fen INTEGER NOT NULL,
    person_fen INTEGER NOT NULL,
    account_fen INTEGER NOT NULL,        -- what of it the person's own account has
    stands INTEGER NOT NULL DEFAULT 1,   -- 0: the bank could not pay the refund out, the money is here again
    PRIMARY KEY (unit_number, submission_id, row, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_of_person ON booking (unit_number, id_number);

CREATE TABLE refund_order (
    order_number TEXT PRIMARY KEY,       -- the bank's key: it pays one order once
    unit_number TEXT NOT NULL REFERENCES unit,
    submission_id TEXT NOT NULL,
    receiver TEXT NOT NULL,
    account_name TEXT NOT NULL,
    bank_name TEXT NOT NULL,
    account TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    state TEXT NOT NULL,                 -- issued, paid, failed
    code TEXT NOT NULL,
    serial TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    paid_at TEXT NOT NULL
) STRICT;
CREATE INDEX refund_order_of ON refund_order (unit_number, submission_id);

CREATE TABLE refund_item (
    order_number TEXT NOT NULL REFERENCES refund_order,
    row INTEGER NOT NULL,
    id_number TEXT NOT NULL,
    insurance TEXT NOT NULL,
    month TEXT NOT NULL,
    side TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    register TEXT NOT NULL,              -- the entry that follows it
    key TEXT NOT NULL,
    PRIMARY KEY (order_number, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE number_change (             -- numbers that persons of the unit had before, and the one they have now
    unit_number TEXT NOT NULL,
    former TEXT NOT NULL,
    present TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (unit_number, former)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_change (               -- particulars of the unit that a submission changed
    unit_number TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    item TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (unit_number, submission_id, item)
) STRICT, WITHOUT ROWID;

CREATE VIEW arrived AS
SELECT x.unit_number, x.submission_id, coalesce(n.present, x.id_number) AS id_number, x.insurance, x.period,
    x.base_fen, x.unit_fen, x.person_fen
FROM (
    SELECT l.unit_number, l.submission_id, l.id_number, l.insurance, l.period, l.base_fen, l.unit_fen, l.person_fen
    FROM line l JOIN submission s USING (unit_number, submission_id) JOIN bill b USING (unit_number, submission_id)
    WHERE s.effective = 1 AND b.state = 'debited'
    UNION ALL
    SELECT c.unit_number, c.submission_id, c.id_number, c.insurance, c.period, 0, c.unit_fen, c.person_fen
    FROM charge c JOIN submission s USING (unit_number, submission_id) JOIN bill b USING (unit_number, submission_id)
    WHERE s.effective = 1 AND b.state = 'debited' AND c.id_number <> ''
    UNION ALL
    SELECT k.unit_number, k.submission_id, k.id_number, k.insurance, k.period, k.base_fen, k.unit_fen, k.person_fen
    FROM booking k JOIN submission s USING (unit_number, submission_id) WHERE s.effective = 1 AND k.stands = 1
) x LEFT JOIN number_change n ON n.unit_number = x.unit_number AND n.former = x.id_number;

CREATE VIEW credited AS
SELECT x.unit_number, coalesce(n.present, x.id_number) AS id_number, x.insurance, x.period, x.amount_fen
FROM (
    SELECT unit_number, id_number, insurance, period, amount_fen FROM posting
    UNION ALL
    SELECT k.unit_number, k.id_number, k.insurance, k.period, k.account_fen
    FROM booking k JOIN submission s USING (unit_number, submission_id) WHERE s.effective = 1 AND k.stands = 1
) x LEFT JOIN number_change n ON n.unit_number = x.unit_number AND n.former = x.id_number;
"""
