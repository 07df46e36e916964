-- Why: the office reads its orders as one table: filtered, sorted by several columns, page after page, among a million. Each
-- index here serves one way of reading: walking the open orders or all orders in the order of a column, or finding the few
-- orders that have a rare property. ship_by_ms may be unknown; the far end of time stands for that, so that it sorts last.

CREATE INDEX orders_open_due ON orders (site, is_open, (COALESCE(ship_by_ms, 253402214400000)), id);
CREATE INDEX orders_open_total ON orders (site, is_open, total_minor, id);
CREATE INDEX orders_open_number ON orders (site, is_open, number, id);
CREATE INDEX orders_due ON orders (site, (COALESCE(ship_by_ms, 253402214400000)), id);
CREATE INDEX orders_total ON orders (site, total_minor, id);
CREATE INDEX orders_status ON orders (site, status, placed_ms, id);
CREATE INDEX orders_payment ON orders (site, payment_status, placed_ms, id);
CREATE INDEX orders_fulfillment ON orders (site, fulfillment_status, placed_ms, id);
CREATE INDEX orders_search ON orders (site, search, id);
CREATE INDEX orders_desk ON orders (site, desk, placed_ms, id);

-- Few orders have these; the indexes are as small as that.
CREATE INDEX orders_fraud ON orders (site, id) WHERE flag_fraud = 1;
CREATE INDEX orders_address ON orders (site, id) WHERE flag_address = 1;
CREATE INDEX orders_unpaid ON orders (site, id) WHERE flag_unpaid = 1;
CREATE INDEX orders_rush ON orders (site, id) WHERE rush = 1;
CREATE INDEX orders_expedited ON orders (site, id) WHERE expedited_by IS NOT NULL;
CREATE INDEX orders_gift ON orders (site, id) WHERE gift = 1;
CREATE INDEX orders_noted ON orders (site, id) WHERE note IS NOT NULL;
CREATE INDEX fulfillments_hold ON fulfillments (site, hold_reason, order_id) WHERE hold_reason IS NOT NULL;

-- A text is looked for in the middle of customers' names too: all of them are read, so what is read must be small.
CREATE INDEX customers_search ON customers (site, search, id);
CREATE INDEX customers_kind ON customers (site, kind, id);
CREATE INDEX customers_vip ON customers (site, id) WHERE vip = 1;
CREATE INDEX payments_method ON payments (method, order_id);
CREATE INDEX parcels_tracking ON parcels (tracking) WHERE tracking IS NOT NULL;

-- What a product is sold as; empty where nobody has said.
ALTER TABLE products ADD COLUMN category TEXT NOT NULL DEFAULT '';
CREATE INDEX products_category ON products (site, category, id);

-- Notes of the office about an order, never told to the packer.
ALTER TABLE orders ADD COLUMN office_note TEXT;

-- A view is what the address of the table says: filter, order, columns and their widths. name is empty for the columns a
-- person set last; a shared view is everybody's to use and its owner's to change.
CREATE TABLE order_views (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    owner TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    shared BIGINT NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),
    query TEXT NOT NULL,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, owner, name)
);

-- When a person last had the newest orders before their eyes: what was placed since is new to them.
CREATE TABLE order_looks (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    seen_ms BIGINT NOT NULL
);

-- When the office wants to look at an order itself, and how long work takes. amount and words mean what the kind says.
CREATE TABLE order_rules (
    site TEXT NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL CHECK (kind IN ('high_value', 'new_customer', 'many_units', 'review_country', 'restricted_country',
        'processing')),
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    amount BIGINT NOT NULL DEFAULT 0 CHECK (amount >= 0),
    words TEXT NOT NULL DEFAULT '',
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (site, kind)
);
