-- Why: the office takes orders out as files. A long file is written in the background while people work on; the row says how far
-- it came, whose it is, and whether personal data is in it. Files and rows go after a day.

CREATE TABLE order_exports (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    owner TEXT NOT NULL REFERENCES users (id),
    format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx', 'pdf')),
    query TEXT NOT NULL,
    personal BIGINT NOT NULL CHECK (personal IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
    rows_all BIGINT,
    rows_done BIGINT NOT NULL DEFAULT 0,
    size_bytes BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    finished_ms BIGINT
);
CREATE INDEX order_exports_owner ON order_exports (site, owner, created_ms, id);
CREATE INDEX order_exports_age ON order_exports (site, created_ms);

-- Two orders of one customer with one total within a day may be one that was sent twice: a clerk is told.
CREATE INDEX orders_twin ON orders (customer, total_minor, placed_ms);
