-- Why: programs keep a copy by asking for what changed after a moment, oldest change first. Without an index that is a sort of the
-- whole table for every page.
CREATE INDEX orders_updated ON orders (site, updated_ms, id);
CREATE INDEX products_updated ON products (site, updated_ms, id);
