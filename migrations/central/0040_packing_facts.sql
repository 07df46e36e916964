-- Why: a bench plans how things lie in a box, so it must be told what may be turned over and what may stand on what.
-- this_side_up: it may be turned around, not over. bears_g: what may stand on one unit, all together, in grams; 0 is nothing,
-- NULL is "nobody has said". What has neither is packed as it always was.

ALTER TABLE products ADD COLUMN this_side_up BIGINT NOT NULL DEFAULT 0 CHECK (this_side_up IN (0, 1));
ALTER TABLE products ADD COLUMN bears_g BIGINT CHECK (bears_g >= 0);

-- Why: where nobody measured a product, parcels that were packed say how large it can be at most. The guess stands apart from
-- the size, so that it never passes for a measured one; guess_parcels is from how many parcels it is. A guess that a person
-- dropped is not made again. size_due names the products whose parcels are still to be looked at; a few are with every beat.
ALTER TABLE products ADD COLUMN guess_length_mm BIGINT CHECK (guess_length_mm > 0);
ALTER TABLE products ADD COLUMN guess_width_mm BIGINT CHECK (guess_width_mm > 0);
ALTER TABLE products ADD COLUMN guess_height_mm BIGINT CHECK (guess_height_mm > 0);
ALTER TABLE products ADD COLUMN guess_parcels BIGINT NOT NULL DEFAULT 0 CHECK (guess_parcels >= 0);
ALTER TABLE products ADD COLUMN guess_dropped BIGINT NOT NULL DEFAULT 0 CHECK (guess_dropped IN (0, 1));

CREATE TABLE size_due (
    product TEXT PRIMARY KEY REFERENCES products (id),
    site TEXT NOT NULL REFERENCES sites (id),
    due_ms BIGINT NOT NULL
);
CREATE INDEX size_due_next ON size_due (site, due_ms, product);

-- What was packed before there were guesses is looked at once.
INSERT INTO size_due (product, site, due_ms)
SELECT p.id, p.site, 0 FROM products p
WHERE p.length_mm IS NULL AND p.kind = 'goods' AND EXISTS (SELECT 1 FROM parcel_items i WHERE i.product = p.id);
