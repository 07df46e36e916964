-- Why: what a customer sends back comes under a number that stands on the paper in the box, is graded unit by unit when it arrives,
-- and ends with money, with another order, or with neither. order_id is the order it was made from; returns that an import
-- brought in know it by their lines only. The two refund columns are what was paid back, and the tax in it.
ALTER TABLE returns ADD COLUMN order_id TEXT REFERENCES orders (id);
ALTER TABLE returns ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE returns ADD COLUMN note TEXT;
ALTER TABLE returns ADD COLUMN resolution TEXT NOT NULL DEFAULT '' CHECK (resolution IN ('', 'refunded', 'exchanged', 'nothing',
    'withdrawn'));
ALTER TABLE returns ADD COLUMN refund_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE returns ADD COLUMN refund_tax_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE returns ADD COLUMN exchange_order TEXT REFERENCES orders (id);
ALTER TABLE returns ADD COLUMN closed_ms BIGINT;
ALTER TABLE returns ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE return_lines ADD COLUMN received BIGINT NOT NULL DEFAULT 0 CHECK (received >= 0);
ALTER TABLE return_lines ADD COLUMN tax_rate_bp BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN return_next BIGINT NOT NULL DEFAULT 1;
CREATE INDEX returns_listed ON returns (site, at_ms, id);
CREATE INDEX returns_state ON returns (site, state, at_ms, id);
CREATE INDEX returns_order ON returns (order_id);
CREATE INDEX returns_exchange ON returns (exchange_order) WHERE exchange_order IS NOT NULL;

-- Units as they came out of the box. Where they were put is told by the ledger.
CREATE TABLE return_units (
    id TEXT PRIMARY KEY,
    return_id TEXT NOT NULL REFERENCES returns (id),
    line_no BIGINT NOT NULL,
    grade TEXT NOT NULL CHECK (grade IN ('resell', 'repair', 'scrap')),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    location TEXT NOT NULL REFERENCES locations (id),
    lot TEXT NOT NULL DEFAULT '',
    serial TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX return_units_line ON return_units (return_id, line_no);
