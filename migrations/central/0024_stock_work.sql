-- Why: the office receives, corrects, moves and counts stock here, and learns in time what runs out. A product may say at how many
-- free units it must be bought again, and up to how many; low_since_ms is when it fell to that, and empty above it.
ALTER TABLE products ADD COLUMN reorder_at BIGINT CHECK (reorder_at >= 0);
ALTER TABLE products ADD COLUMN reorder_up_to BIGINT CHECK (reorder_up_to > 0);
ALTER TABLE products ADD COLUMN low_since_ms BIGINT;
CREATE INDEX products_reorder ON products (site, id) WHERE reorder_at IS NOT NULL;
CREATE INDEX products_low ON products (site, sku, id) WHERE low_since_ms IS NOT NULL;

-- A count that differs by more units than this waits for a second person.
ALTER TABLE sites ADD COLUMN count_bound_units BIGINT NOT NULL DEFAULT 10 CHECK (count_bound_units >= 0);

-- A lot that nobody may pick. Balances bear the mark too; this row gives it to those that come in later.
CREATE TABLE lot_holds (
    site TEXT NOT NULL REFERENCES sites (id),
    product TEXT NOT NULL REFERENCES products (id),
    lot TEXT NOT NULL CHECK (lot <> ''),
    reason TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (product, lot)
);

-- What somebody counted, and what the book said at that moment. The difference is what is booked, so that what moved between
-- the count and its approval stays as it is.
CREATE TABLE stock_counts (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    level TEXT NOT NULL REFERENCES stock_levels (id),
    booked BIGINT NOT NULL,
    counted BIGINT NOT NULL CHECK (counted >= 0),
    state TEXT NOT NULL CHECK (state IN ('done', 'waiting', 'approved', 'dropped')),
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    decided_kind TEXT,
    decided_by TEXT,
    decided_ms BIGINT
);
CREATE INDEX stock_counts_waiting ON stock_counts (site, at_ms, id) WHERE state = 'waiting';
CREATE INDEX stock_counts_level ON stock_counts (level, at_ms);
CREATE INDEX stock_movements_when ON stock_movements (site, at_ms, id);
CREATE INDEX stock_levels_location ON stock_levels (location);
CREATE INDEX stock_levels_held ON stock_levels (product, lot) WHERE held = 1;
