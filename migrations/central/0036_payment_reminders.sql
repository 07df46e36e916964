-- Why: customers who owe are reminded by mail without a person's click. The rules of a site are one row: days after the order (where it is
-- to be paid at once) or after the day it is due (terms), days between two, how many at most, and the template of the last. Reminders
-- that would have been due before since_ms are left out: a house that switches them on does not flood those who owe since last year.
CREATE TABLE payment_reminder_rules (
    site TEXT PRIMARY KEY REFERENCES sites (id),
    order_days BIGINT NOT NULL CHECK (order_days BETWEEN 0 AND 365),
    due_days BIGINT NOT NULL CHECK (due_days BETWEEN 0 AND 365),
    every_days BIGINT NOT NULL CHECK (every_days BETWEEN 1 AND 365),
    times BIGINT NOT NULL CHECK (times BETWEEN 1 AND 9),
    last_kind TEXT NOT NULL,
    since_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
-- How often an order's customer was reminded and when the last time; or that nobody wants that for this order.
CREATE TABLE payment_reminders (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    times BIGINT NOT NULL DEFAULT 0 CHECK (times >= 0),
    last_ms BIGINT NOT NULL DEFAULT 0,
    off BIGINT NOT NULL DEFAULT 0 CHECK (off IN (0, 1)),
    updated_ms BIGINT NOT NULL
);
-- Who owes is found without reading who paid.
CREATE INDEX orders_owed ON orders (site, placed_ms, id)
    WHERE is_open = 1 AND payment_status IN ('none', 'partially_paid', 'failed', 'voided');
