-- Why: the office types orders here instead of in spreadsheets. Products get a price and a rate of tax, orders keep who they
-- were typed for and why, drafts wait half-typed until they become an order exactly once, and proofs of payment are files
-- named by their content, of which the database holds only what is known. Prices and taxes are in the site's currency.

ALTER TABLE products ADD COLUMN price_minor BIGINT CHECK (price_minor >= 0);
ALTER TABLE products ADD COLUMN tax_rate_bp BIGINT NOT NULL DEFAULT 0 CHECK (tax_rate_bp >= 0);
ALTER TABLE customers ADD COLUMN email TEXT;
ALTER TABLE sites ADD COLUMN order_next BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sites ADD COLUMN customer_next BIGINT NOT NULL DEFAULT 1;

-- desk is empty for an order that nobody typed. tax_minor sums the lines' taxes and is part of total_minor.
ALTER TABLE orders ADD COLUMN desk TEXT NOT NULL DEFAULT '' CHECK (desk IN ('', 'b2b', 'b2c'));
ALTER TABLE orders ADD COLUMN terms TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN remark TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN remark_text TEXT;
ALTER TABLE orders ADD COLUMN tax_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN tax_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payments ADD COLUMN reference TEXT NOT NULL DEFAULT '';

-- What is promised of a product is summed over the lines that nobody has picked yet; those that are done are not in here, so
-- the sum stays as small as the open work.
CREATE INDEX order_lines_unpicked ON order_lines (product) WHERE service = 0 AND picked < quantity;

-- document is JSON, emptied when the draft became the order order_id: what it held of a person stands there then.
CREATE TABLE order_drafts (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    owner TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('b2b', 'b2c')),
    step TEXT NOT NULL,
    document TEXT NOT NULL,
    order_id TEXT REFERENCES orders (id),
    version BIGINT NOT NULL DEFAULT 1,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX order_drafts_site ON order_drafts (site, updated_ms, id);

-- A proof belongs to a draft until that is submitted, then to the order.
CREATE TABLE payment_proofs (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    hash TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
    size_bytes BIGINT NOT NULL CHECK (size_bytes > 0),
    draft TEXT REFERENCES order_drafts (id),
    order_id TEXT REFERENCES orders (id),
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX payment_proofs_order ON payment_proofs (order_id);
CREATE INDEX payment_proofs_draft ON payment_proofs (draft);
